"""How what was typed is shown after the next log-in, and whether a click sends it again.

A view says what its form is (`described_by`): then values stand under their labels, choices in words, and where it names a button the
form can be sent again. Of any other page, so of all that the office decides, texts are shown to be copied to the page itself: nobody
decides with the facts out of sight."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.forms import BaseForm, BooleanField, ModelChoiceField
from django.http import Http404
from django.urls import Resolver404, resolve
from django.utils.choices import flatten_choices

from accounts.login.kept import Kept
from accounts.models import User

Fields = list[tuple[str, str]]
# Nobody types these: what stands behind a choice, keys of rows, moments that a form was made for.
_OF_MACHINES = re.compile(r"(?!\d{4}-\d\d-\d\d$)[a-z0-9_-]*|\d{4}-\d\d-\d\dT[\d:.+Z-]+")
_DESCRIBED = "describes_its_form"


@dataclass(frozen=True)
class Page:
    """What a view says of its form; without a button it is sent from its own page only."""

    title: str
    form: BaseForm
    button: str = ""
    # Sent in place of the button that was pressed, where that one may have decided something.
    instead: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Shown:
    title: str
    rows: Fields  # label, words
    button: str = ""
    fields: Fields = field(default_factory=list)
    is_complete: bool = True


def described_by(describe: Callable[..., Page]) -> Callable[[Any], Any]:
    """`describe(user, typed, **of the address)` raises Http404 where the page takes nothing any more, or is not for that person."""

    def mark(view: Any) -> Any:
        setattr(view, _DESCRIBED, describe)
        return view

    return mark


def shown(user: User, kept: Kept) -> Shown:
    page = _page(user, kept)
    if page is None or not page.form.fields:
        rows = [("", value) for _, value in kept.fields if not _OF_MACHINES.fullmatch(value)]
        return Shown(page.title if page else "", rows, is_complete=False)
    rows = [
        row for name, value in kept.fields if value.strip() for row in _row(page.form.fields.get(name), value)
    ]
    fields = [(name, value) for name, value in kept.fields if name not in page.instead]
    return Shown(page.title, rows, page.button, [*fields, *page.instead.items()])


def _page(user: User, kept: Kept) -> Page | None:
    try:
        match = resolve(urlsplit(kept.path).path)
        describe = getattr(match.func, _DESCRIBED, None)
        page: Page | None = describe(user, dict(kept.fields), **match.kwargs) if describe else None
    except (Resolver404, Http404):
        return None
    return page


def _row(asked: Any, value: str) -> Fields:
    """Nothing for what nobody typed; whatever was typed is shown, also where the form asks it no more."""
    if asked is None:
        return [] if _OF_MACHINES.fullmatch(value) else [("其他", value)]
    return [] if asked.widget.is_hidden else [(str(asked.label or "其他"), _words(asked, value))]


def _words(asked: Any, value: str) -> str:
    if isinstance(asked, BooleanField):
        return "已勾选"
    if isinstance(asked, ModelChoiceField):
        return "选了一项，要重新选"
    if not hasattr(asked, "choices"):
        return value
    choices: list[tuple[Any, Any]] = list(flatten_choices(asked.choices))
    words = {str(key): str(label) for key, label in choices}
    return words.get(value, "选的那一项现在没有了，要重新选")
