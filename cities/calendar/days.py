"""The days of a span one by one, each with its mark and why it is counted or not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cities.calendar.dates import ONE_DAY, between
from cities.calendar.workdays import Calendar

START, EVENT, ROLLED, ROLLED_TO, PULLED, PULLED_TO = (
    "起算当日",
    "办理当日",
    "顺延",
    "顺延至此",
    "提前",
    "提前至此",
)


@dataclass(frozen=True)
class Day:
    """`ordinal` is None where the day is not counted; `note` says why it is, or is not."""

    date: date
    ordinal: int | None
    mark: str
    name: str
    note: str


def forward_days(
    started_on: date, counted: Sequence[date], closes_on: date, calendar: Calendar
) -> tuple[Day, ...]:
    """From the day it started to its end; rolled backward, on to the day that would have been its end."""
    raw_end = counted[-1]
    ordinals = {day: n for n, day in enumerate(counted, start=1) if day <= closes_on}
    notes = dict.fromkeys(between(raw_end + ONE_DAY, closes_on), ROLLED)
    notes |= dict.fromkeys(between(closes_on + ONE_DAY, raw_end), PULLED)
    if closes_on != raw_end:
        notes[closes_on] = ROLLED_TO if closes_on > raw_end else PULLED_TO
    if started_on not in ordinals:
        notes[started_on] = START
    return _days(between(started_on, max(raw_end, closes_on)), ordinals, notes, calendar)


def backward_days(
    last_in_time: date, latest: date, counted: Sequence[date], event_on: date, calendar: Calendar
) -> tuple[Day, ...]:
    """From the last reporting day in time to the event's own day; `latest` is that day before it was rolled."""
    ordinals = {day: n for n, day in enumerate(counted, start=1)}
    notes = {day: PULLED for day in between(last_in_time + ONE_DAY, latest) if day not in ordinals}
    if last_in_time not in ordinals:
        notes[last_in_time] = START if last_in_time == latest else PULLED_TO
    notes[event_on] = EVENT
    return _days(between(last_in_time, event_on), ordinals, notes, calendar)


def _days(
    dates: Sequence[date], ordinals: Mapping[date, int], notes: Mapping[date, str], calendar: Calendar
) -> tuple[Day, ...]:
    return tuple(_day(day, ordinals.get(day), notes.get(day), calendar) for day in dates)


def _day(day: date, ordinal: int | None, note: str | None, calendar: Calendar) -> Day:
    mark, name = calendar.mark(day), calendar.name(day)
    return Day(day, ordinal, mark, name, note or _plain_note(mark, name, ordinal is not None))


def _plain_note(mark: str, name: str, is_counted: bool) -> str:
    if mark == "班":
        return "调休上班"
    if not mark:
        return ""
    rest = name or "休息日"
    return f"{rest}，照计" if is_counted else rest
