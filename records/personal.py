"""What must not be written into anything that is shown: the numbers of identity cards and personal telephones."""

import re

# Digits run on on both sides where the number is part of something else, a credit code for one.
_IDENTITY = re.compile(
    r"(?<![0-9A-Za-z])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])"
)
_MOBILE = re.compile(r"(?<![0-9A-Za-z])1[3-9]\d{9}(?![0-9A-Za-z])")
# Written in groups, or of a fixed line with its area: masked where nobody wants them, and no reason to refuse a text.
_GROUPED = re.compile(r"(?<![0-9A-Za-z-])1[3-9]\d[ -]\d{4}[ -]\d{4}(?![0-9A-Za-z])")
_FIXED = re.compile(r"(?<![0-9A-Za-z-])0\d{2,3}[ -]?\d{3,4}[ -]?\d{4}(?![0-9A-Za-z])")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def masked(text: str) -> str:
    """A text without its personal numbers and mail addresses."""
    for personal in (_IDENTITY, _MOBILE, _GROUPED, _FIXED, _MAIL):
        text = personal.sub("***", text)
    return text


def found_in(text: str) -> str:
    """What personal number a text holds, in words; empty where it holds none."""
    if _IDENTITY.search(text):
        return "身份证号码"
    return "手机号码" if _MOBILE.search(text) else ""
