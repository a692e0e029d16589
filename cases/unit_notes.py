"""What apps above have to tell a unit of a case of its, and whether it is asked for something: on its pages, before it presses a
button."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db.models import Exists, OuterRef, Q

from cases.models import Case, Deadline


class StageNote(Protocol):
    """What an app above has to tell the unit while its case stands at a kind of stage of that app's. `asks`: the unit is to do
    something there."""

    asks: bool

    def words(self, case: Case, deadline: Deadline | None, at: datetime) -> str:
        """A clause, or nothing. Asked for every case of a page, so it must not ask the database."""

    def link(self, case: Case) -> tuple[str, str] | None:
        """An address and what it is called; asked on the page of the case only."""


@dataclass(frozen=True)
class Obstacle:
    """Why the unit cannot do yet what it is asked, in whole sentences with what to do first, and where."""

    why: str
    url: str = ""
    label: str = ""


_notes: dict[str, StageNote] = {}
_obstacles: list[Callable[[Case, datetime], Obstacle | None]] = []


def register_note(stage_kind: str, note: StageNote) -> None:
    _notes[stage_kind] = note


def register_obstacle(reader: Callable[[Case, datetime], Obstacle | None]) -> None:
    """Asked of each case by which a unit is asked for something."""
    _obstacles.append(reader)


def note_words(case: Case, deadline: Deadline | None, at: datetime) -> str:
    note = _note_of(case)
    return note.words(case, deadline, at) if note else ""


def note_link(case: Case) -> tuple[str, str] | None:
    note = _note_of(case)
    return note.link(case) if note else None


def _note_of(case: Case) -> StageNote | None:
    is_open = case.status == Case.Status.OPEN and case.stage is not None
    return _notes.get(case.stage.kind) if is_open and case.stage else None


def asks_unit(case: Case) -> bool:
    """Whether the unit is waited for with an answer, not with a correction of what it filed; nor by what is on its way."""
    note = _note_of(case)
    return note is not None and note.asks and carrier(case) is None


def obstacle(case: Case, at: datetime) -> Obstacle | None:
    if not asks_unit(case):
        return None
    return next((found for reader in _obstacles if (found := reader(case, at))), None)


def carrier(case: Case) -> Case | None:
    """The application on its way by which the unit carries out what this case orders."""
    return next((one for one in case.carried_out_by.all() if one.status == Case.Status.OPEN), None)


def is_carried_out(case: str = "") -> Q:
    """The same, to filter rows with; `case` is the way to it (`case__`)."""
    going = Case.objects.filter(order=OuterRef(f"{case}pk"), status=Case.Status.OPEN)
    return Q(Exists(going))
