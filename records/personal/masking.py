"""Texts without what is personal in them."""

import re
from collections.abc import Container

from records.personal.numbers import Kind, find

# Wider than what a text is refused for: no check digit is asked for, and lines and addresses of an office go too.
_LIKE_IDENTITY = re.compile(
    r"(?<![0-9A-Za-z])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])"
)
_FIXED = re.compile(r"(?<![0-9A-Za-z-])0\d{2,3}[ -]?\d{3,4}[ -]?\d{4}(?![0-9A-Za-z])")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")

_TAG = re.compile(r"<(?:(svg|script|style)\b.*?</\1\s*>|[^>]*>)", re.DOTALL | re.IGNORECASE)
_FOR_PEOPLE = re.compile(r'(\s(?:title|alt|aria-label|placeholder|data-th)=")([^"]*)(")')


def shown(text: str, kinds: Container[Kind] = frozenset(Kind)) -> str:
    """For pages and exports: without the numbers of persons; what an office is reached by stays."""
    parts: list[str] = []
    end = 0
    for found in find(text):
        if found.kind not in kinds:
            continue
        parts += [text[end : found.start], found.masked]
        end = found.end
    return "".join([*parts, text[end:]]) if parts else text


def shown_in_page(markup: str, kinds: Container[Kind] = frozenset(Kind)) -> str:
    """The same for markup: the words between tags and those that a tag has for people. Addresses, keys and drawings are no
    one's numbers, however they look."""
    parts: list[str] = []
    end = 0
    for tag in _TAG.finditer(markup):
        words = _FOR_PEOPLE.sub(lambda said: f"{said[1]}{shown(said[2], kinds)}{said[3]}", tag[0])
        parts += [shown(markup[end : tag.start()], kinds), words]
        end = tag.end()
    return "".join([*parts, shown(markup[end:], kinds)])


def masked(text: str) -> str:
    """For logs and error reports, where nobody needs to be reached: also without what only looks like it."""
    text = shown(text)
    for personal in (_LIKE_IDENTITY, _FIXED, _MAIL):
        text = personal.sub("***", text)
    return text
