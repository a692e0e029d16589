"""Persons the portal holds something about: apps above say who there is, what is held, and until when it has to be.

A subject is never a table of its own: an account, somebody who objected, somebody who was invited.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms

from records.personal.numbers import find
from records.words import full_day

ERASED = "已删除"


class PersonalRefused(Exception):
    """What cannot be done with somebody's data, why, and what to do: a whole sentence."""


@dataclass(frozen=True)
class Held:
    """One place where something about a person stands."""

    where: str
    what: str
    value: str
    # The form's field that corrects it; empty where it is not corrected here.
    field: str = ""


@dataclass(frozen=True)
class Duty:
    """Why something must be kept: until a day, or for as long as what `why` says holds."""

    why: str
    until: date | None = None


class Subjects(ABC):
    """One kind of person. `key` stands in addresses; `asked` is what one is looked up by."""

    key: str
    title: str
    asked: str
    # What an erasure takes away and what stays, in words that are shown before it.
    erases: str

    @abstractmethod
    def is_open_to(self, user: Any) -> bool:
        """Whether somebody may look up anybody of this kind."""

    @abstractmethod
    def look_up(self, user: Any, text: str) -> Any:
        """The one found by what was typed among those whom `user` may see; None for a stranger as for nobody."""

    @abstractmethod
    def get(self, user: Any, key: str) -> Any:
        """The same by its key."""

    def own(self, user: Any) -> Any:
        """Who of this kind the one logged in is himself; None where nothing ties an account to it."""
        return None

    @abstractmethod
    def may_change(self, user: Any, subject: Any, at: datetime) -> bool: ...

    @abstractmethod
    def held(self, subject: Any, reader: Any) -> list[Held]:
        """Every place; the test of `holdings` sees to it that none is forgotten. What `reader` may not read is told of as such."""

    @abstractmethod
    def duties(self, subject: Any, at: datetime) -> list[Duty]:
        """What stands against erasing it now."""

    def fields(self, subject: Any) -> dict[str, forms.Field]:
        """What may be corrected, with what stands there now; mostly nothing."""
        return {}

    def correct(self, subject: Any, values: Mapping[str, str], *, by: Any, at: datetime) -> list[str]:
        """Keep what is right and say which columns changed; the event names them and not what stood in them."""
        raise TypeError("where there are fields, something corrects them")

    @abstractmethod
    def erase(self, subject: Any, *, reason: str, by: Any, at: datetime) -> None:
        """Call `refuse_duties` first. What was done stays done."""

    def seen(self, subject: Any, *, by: Any, at: datetime) -> None:  # noqa: B027 -- mostly it is not kept
        """Somebody looks at it: recorded where looking is."""


_kinds: dict[str, Subjects] = {}


def register(kind: Subjects) -> None:
    _kinds[kind.key] = kind


def kinds() -> Iterable[Subjects]:
    return _kinds.values()


def kind_of(key: str) -> Subjects | None:
    return _kinds.get(key)


def refuse_duties(duties: Iterable[Duty]) -> None:
    if said := [words_of(duty) for duty in duties]:
        raise PersonalRefused(f"现在不能删除：{'；'.join(said)}（《个人信息保护法》第四十七条）。")


def refuse_naming(reason: str, *values: str) -> None:
    """The trail keeps the reason for good: what is erased must not stand in it."""
    if find(reason) or any(value in reason for value in values if len(value) > 1):
        raise PersonalRefused("原因里有要删除的个人信息。原因一直留在记录里，不写姓名和联系方式。")


def words_of(duty: Duty) -> str:
    return f"{duty.why}，保存到 {full_day(duty.until)}" if duty.until else duty.why
