"""What becomes of a span's days when it is held, resumed, extended or counted again. Nothing here is saved or asked of
the database, but for the calendar that is brought along.

A day on which a span was held for a part of it is not counted: neither the day of the hold nor that of the resumption
(docs/decisions/0027).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from cases.deadlines.counting import days_json, span_or_refuse
from cases.models import Deadline, DeadlineChange
from cities.calendar import Calendar, Counting, CountingRuleSpec, present_calendar, start_of
from cities.calendar.dates import between, end_of_day, local_day
from cities.calendar.days import PULLED

HELD, RESUMED = "暂停", "恢复当日"
Days = list[dict[str, Any]]
Kind = DeadlineChange.Kind


@dataclass(frozen=True)
class Track:
    """How a span stands: its ends and its days one by one, as `Deadline.counted` keeps them."""

    opens_on: date
    closes_on: date
    closes_at: datetime
    days: Days
    certainty: str

    @property
    def counted(self) -> list[tuple[str, int]]:
        """The days that count, with their places."""
        return [(day["date"], day["ordinal"]) for day in self.days if day["ordinal"]]


def stored(deadline: Deadline, calendar: Calendar | None = None) -> Track:
    """As it was written; of a last day that a person named, every day until then."""
    days = deadline.counted or named(deadline, deadline.closes_on, calendar or present_calendar()).days
    return Track(deadline.opens_on, deadline.closes_on, deadline.closes_at, days, deadline.certainty)


def named(deadline: Deadline, closes_on: date, calendar: Calendar) -> Track:
    """Until a day that a person names."""
    number = (closes_on - deadline.opens_on).days + 1
    counted = span_or_refuse(
        number, Counting("calendar", "same", "none"), start_of(deadline.opens_on), calendar
    )
    return Track(deadline.opens_on, closes_on, end_of_day(closes_on), days_json(counted), deadline.certainty)


def begun(number: int, rule: CountingRuleSpec, since: datetime, calendar: Calendar) -> Track:
    counted = span_or_refuse(number, rule, since, calendar)
    return Track(
        counted.opens_on, counted.closes_on, counted.closes_at, days_json(counted), counted.certainty
    )


def remains(track: Track, on: date) -> int:
    """How many of its days are left with this one; the day onto which an end was moved is left as one."""
    return max(1, sum(date.fromisoformat(day) >= on for day, _ in _unpulled(track).counted))


def resumed(track: Track, rule: CountingRuleSpec, held_on: date, at: datetime, calendar: Calendar) -> Track:
    """What was left goes on after the day of the resumption."""
    left, on = remains(track, held_on), local_day(at)
    kept = [day for day in _unpulled(track).days if date.fromisoformat(day["date"]) < held_on]
    pause = [_uncounted(day, HELD, calendar) for day in between(held_on, on - timedelta(days=1))]
    onward = begun(left, _onward(rule), at, calendar)
    first, *rest = onward.days
    return _joined(track, [*kept, *pause, {**first, "note": RESUMED}], rest, onward)


def extended(track: Track, rule: CountingRuleSpec, number: int, calendar: Calendar) -> Track:
    """So many more days after the last that counted; an end that had been moved is moved anew."""
    plain = _unpulled(track)
    last = plain.counted[-1][0]
    next_day = Counting(rule.unit, "next", rule.roll, rule.closing_hour)
    onward = begun(number, next_day, start_of(date.fromisoformat(last)), calendar)
    kept = [{**day, "last": False} for day in plain.days if day["date"] <= last]
    return _joined(track, kept, onward.days[1:], onward)


def counted_again(deadline: Deadline, changes: Iterable[DeadlineChange], calendar: Calendar) -> Track:
    """The span from its own beginning as this calendar counts it, with all that was done to it since: a hold that was over
    before it began, as its beginning was put right, takes nothing from it."""
    changes = list(changes)
    if deadline.number is None:
        track = named(deadline, changes[0].old_closes_on if changes else deadline.closes_on, calendar)
    else:
        number = deadline.number - sum(change.number or 0 for change in changes)
        track = begun(number, deadline, _since(deadline, changes), calendar)
    begun_on, held_on = local_day(_since(deadline, changes)), None
    for change in changes:
        if change.kind == Kind.HOLD:
            held_on = max(local_day(change.at), begun_on) if change.at < track.closes_at else None
        elif change.kind == Kind.RESUME and held_on and local_day(change.at) >= begun_on:
            track = resumed(track, deadline, held_on, change.at, calendar)
        elif change.kind == Kind.EXTEND and change.number:
            track = extended(track, deadline, change.number, calendar)
        elif change.kind == Kind.CORRECT and deadline.number is None:
            track = named(deadline, change.new_closes_on, calendar)
    return track


def _since(deadline: Deadline, changes: list[DeadlineChange]) -> datetime:
    """When it began, as last corrected."""
    return next((change.since for change in reversed(changes) if change.since), deadline.started_at)


def _onward(rule: CountingRuleSpec) -> Counting:
    """How the rest is counted: never on the day it begins; parts of months as days."""
    unit = "calendar" if rule.unit in ("month", "thirty") else rule.unit
    first_day = "next" if rule.first_day == "same" else rule.first_day
    return Counting(unit, first_day, rule.roll, rule.closing_hour)


def _unpulled(track: Track) -> Track:
    """Rolled backward, the days that were given up count as long as the span is not over."""
    days, place = [], 0
    for day in track.days:
        is_counted = day["ordinal"] or (
            day["note"] == PULLED and date.fromisoformat(day["date"]) > track.closes_on
        )
        place += bool(is_counted)
        days.append({**day, "ordinal": place, "last": False} if is_counted else day)
    return replace(track, days=days)


def _joined(track: Track, kept: Days, rest: Days, onward: Track) -> Track:
    """The days so far and the days that follow, whose places go on from theirs."""
    so_far = sum(bool(day["ordinal"]) for day in kept)
    following = [{**day, "ordinal": day["ordinal"] and day["ordinal"] + so_far} for day in rest]
    is_provisional = "provisional" in (track.certainty, onward.certainty)
    return Track(
        track.opens_on if any(day["ordinal"] for day in kept) else onward.opens_on,
        onward.closes_on,
        onward.closes_at,
        [*({**day, "last": False} for day in kept), *following],
        "provisional" if is_provisional else "official",
    )


def _uncounted(day: date, note: str, calendar: Calendar) -> dict[str, Any]:
    mark, name = calendar.mark(day), calendar.name(day)
    return {"date": day.isoformat(), "ordinal": None, "mark": mark, "name": name, "note": note, "last": False}
