"""Open deadlines that the present calendar would count otherwise: listed for a decision, never moved by themselves.

Nothing triggers this: each is counted again from its own beginning and held against what was written."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cases.deadlines import acts
from cases.deadlines.ledger import is_told
from cases.deadlines.many import Result, open_deadlines, together
from cases.deadlines.track import Track, counted_again, stored
from cases.errors import Refused
from cases.models import Case, Deadline, DeadlineChange
from cities.calendar import Calendar, present_calendar
from cities.models import Programme

Kind = DeadlineChange.Kind


@dataclass(frozen=True)
class Shift:
    """A deadline as it stands and as the calendar now has it; `chosen` names both in the posted form."""

    deadline: Deadline
    old: Track
    new: Track

    @property
    def chosen(self) -> str:
        return f"{self.deadline.stamp} {self.new.closes_at.isoformat()}"

    @property
    def is_told(self) -> bool:
        return is_told(self.deadline)

    @property
    def is_confirmed(self) -> bool:
        """Whether nothing differs but that a provisional calendar has become official."""
        return self.old.counted == self.new.counted and self.old.closes_at == self.new.closes_at

    @property
    def dropped(self) -> list[date]:
        return _days(self.old, self.new)

    @property
    def added(self) -> list[date]:
        return _days(self.new, self.old)


def shifts(programme: Programme) -> list[Shift]:
    """The calendar is read once; a fixed number of queries however many deadlines there are."""
    calendar = Calendar()
    rows = open_deadlines(programme).filter(number__isnull=False).prefetch_related("changes")
    found = (shift_of(deadline, calendar) for deadline in rows)
    return [shift for shift in found if shift and not _was_left(shift)]


def shift_of(deadline: Deadline, calendar: Calendar) -> Shift | None:
    """None where the calendar counts the same days, or does not reach any more."""
    changes = () if is_told(deadline) else deadline.changes.all()
    try:
        new = counted_again(deadline, changes, calendar)
    except Refused:
        return None
    old = stored(deadline, calendar)
    differs = (old.closes_at, old.counted, old.certainty) != (new.closes_at, new.counted, new.certainty)
    return Shift(deadline, old, new) if differs else None


def settle_many(
    programme: Programme, chosen: Iterable[str], *, take: bool, reason: str, by: Any, at: datetime
) -> list[Result]:
    """Take the present calendar over, or leave the days as they are."""
    known = {shift.chosen: shift for shift in shifts(programme)}
    wanted = [known.get(one) for one in chosen]
    by_case = {shift.deadline.case_id: shift for shift in wanted if shift}

    def change(case: Case, deadline: Deadline) -> DeadlineChange:
        fresh = shift_of(deadline, present_calendar())
        if fresh is None or fresh.chosen != by_case[case.pk].chosen:
            raise Refused(acts.MOVED_ON)
        what = acts.take_calendar if take else acts.leave
        return what(case, fresh.new, reason=reason, by=by, at=at)

    return together(programme, [shift.deadline if shift else None for shift in wanted], change, at=at)


def _was_left(shift: Shift) -> bool:
    """Whether somebody has decided to keep the days against this very count."""
    left = [change for change in shift.deadline.changes.all() if change.kind == Kind.LEAVE]
    if not left:
        return False
    counted = [(day["date"], day["ordinal"]) for day in left[-1].new_counted if day["ordinal"]]
    return (left[-1].new_closes_at, counted) == (shift.new.closes_at, shift.new.counted)


def _days(one: Track, other: Track) -> list[date]:
    """The days that count in one and not in the other."""
    there = {day for day, _ in other.counted}
    return [date.fromisoformat(day) for day, _ in one.counted if day not in there]
