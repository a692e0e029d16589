"""The one computation of spans: pages, documents, letters and timers all show what these functions answer."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

from cities.calendar.dates import ONE_DAY, add_months, between, end_of_day, local_day
from cities.calendar.days import Day, backward_days, forward_days
from cities.calendar.workdays import Calendar, Reading, present_calendar
from records.words import full_day

UNITS = ("calendar", "working", "month", "thirty")
FIRST_DAYS = ("same", "next", "next_working")
ROLLS = ("none", "forward", "backward")
# Ten years: no regulation counts further in days, and a slip of the keyboard should not fill the memory.
MOST_DAYS = 3660


class SpanError(ValueError):
    """The span that was asked for makes no sense; the message says why, in a user's words."""


class CountingRuleSpec(Protocol):
    """How days are counted; a `CountingRule` row is one."""

    @property
    def unit(self) -> str: ...
    @property
    def first_day(self) -> str: ...
    @property
    def roll(self) -> str: ...
    @property
    def closing_hour(self) -> time | None: ...


@dataclass(frozen=True)
class Counting:
    """A counting rule that stands in no rulebook."""

    unit: str
    first_day: str
    roll: str
    closing_hour: time | None = None


@dataclass(frozen=True)
class Span:
    """`closes_at` is exclusive. Rolled backward, `days` runs on past `closes_on` to show what was given up."""

    number: int
    unit: str
    opens_on: date
    closes_on: date
    closes_at: datetime
    days: tuple[Day, ...]
    certainty: str

    @property
    def counted(self) -> tuple[date, ...]:
        return tuple(day.date for day in self.days if day.ordinal is not None)


@dataclass(frozen=True)
class BackSpan(Span):
    """Counted back from an event: the counted days still end before it.

    `report_by` is the last day in time and `report_before` the exclusive moment at which that day ends;
    `days` runs from `report_by` to the event's own day.
    """

    report_by: date
    report_before: datetime


def span(number: int, rule: CountingRuleSpec, start: datetime, calendar: Calendar | None = None) -> Span:
    """Counts forward from the local day of `start`.

    Raises CalendarMissing only where it counts or rolls on a year that is not loaded, SpanError where the rule or
    the number is senseless or the period would be over before it begins.
    """
    _refuse_senseless(number, rule)
    reading = Reading(calendar or present_calendar())
    started_on = local_day(start)
    counted = _count(number, rule.unit, _first_candidate(rule, started_on, reading), ONE_DAY, reading)
    closes_on = _rolled(counted[-1], rule.roll, reading)
    closes_at = end_of_day(closes_on, rule.closing_hour)
    if closes_on < counted[0] or closes_at <= start:
        raise SpanError(
            f"按这条计算规则，期限 {full_day(closes_on)}截止，还没开始就已结束：改用次日起算，或不提前、不设截止时刻"
        )
    return Span(
        number=number,
        unit=rule.unit,
        opens_on=counted[0],
        closes_on=closes_on,
        closes_at=closes_at,
        days=forward_days(started_on, counted, closes_on, reading.calendar),
        certainty="provisional" if reading.is_provisional else "official",
    )


def until(last_day: date, start: datetime, calendar: Calendar | None = None) -> Span:
    """To a last day that the text names itself: the days left, the day of `start` included. Raises SpanError once it is over."""
    started_on, closes_at = local_day(start), end_of_day(last_day)
    if start >= closes_at:
        raise SpanError(f"{full_day(last_day)} 24:00 已经截止")
    left = between(started_on, last_day)
    return Span(
        number=len(left),
        unit="calendar",
        opens_on=started_on,
        closes_on=last_day,
        closes_at=closes_at,
        days=forward_days(started_on, left, last_day, calendar or present_calendar()),
        certainty="official",
    )


def report_by(
    number: int, rule: CountingRuleSpec, event_on: date, calendar: Calendar | None = None
) -> BackSpan:
    """The latest day from which the days, counted forward, end before the event's own day.

    `same`: the reporting day itself counts; otherwise it does not. Rolled backward, a reporting day off moves to
    the working day before it; rolled forward would be too late and is refused with SpanError.
    """
    _refuse_senseless(number, rule)
    if rule.roll == "forward":
        raise SpanError("从办理日往回数，最后一天不能顺延（顺延就晚了）：roll 改为 none 或 backward")
    reading = Reading(calendar or present_calendar())
    counted = _count(number, rule.unit, event_on - ONE_DAY, -ONE_DAY, reading)[::-1]
    counted = _started_on_workday(counted, rule, reading)
    latest = counted[0] if rule.first_day == "same" else counted[0] - ONE_DAY
    last_in_time = _rolled(latest, rule.roll, reading)
    return BackSpan(
        number=number,
        unit=rule.unit,
        opens_on=counted[0],
        closes_on=counted[-1],
        closes_at=end_of_day(counted[-1]),
        days=backward_days(last_in_time, latest, counted, event_on, reading.calendar),
        certainty="provisional" if reading.is_provisional else "official",
        report_by=last_in_time,
        report_before=end_of_day(last_in_time, rule.closing_hour),
    )


def _refuse_senseless(number: int, rule: CountingRuleSpec) -> None:
    if not 1 <= number <= MOST_DAYS:
        raise SpanError(f"天数 {number} 不对：写 1 到 {MOST_DAYS} 之间的整数")
    for label, value, allowed in (
        ("unit", rule.unit, UNITS),
        ("first_day", rule.first_day, FIRST_DAYS),
        ("roll", rule.roll, ROLLS),
    ):
        if value not in allowed:
            raise SpanError(f"计算规则的 {label} 是“{value}”，只能是 {'、'.join(allowed)}")


def _first_candidate(rule: CountingRuleSpec, started_on: date, reading: Reading) -> date:
    if rule.first_day == "same":
        return started_on
    following = started_on + ONE_DAY
    return reading.workday_from(following, ONE_DAY) if rule.first_day == "next_working" else following


def _count(number: int, unit: str, candidate: date, step: timedelta, reading: Reading) -> list[date]:
    if unit == "month":
        return _count_months(number, candidate, step)
    if unit == "thirty":
        number, unit = number * 30, "calendar"
    counted: list[date] = []
    while len(counted) < number:
        if unit == "calendar" or reading.is_workday(candidate):
            counted.append(candidate)
        candidate += step
    return counted


def _count_months(number: int, candidate: date, step: timedelta) -> list[date]:
    """Every day of so many calendar months: forward to the corresponding day, or the last of a shorter month."""
    if step > timedelta(0):
        return between(candidate, add_months(candidate - ONE_DAY, number))
    return between(add_months(candidate, -number) + ONE_DAY, candidate)[::-1]


def _started_on_workday(counted: list[date], rule: CountingRuleSpec, reading: Reading) -> list[date]:
    """Days counted back that may begin only on a working day, moved as one block to the nearest earlier one."""
    if rule.first_day != "next_working":
        return counted
    shift = counted[0] - reading.workday_from(counted[0], -ONE_DAY)
    return [day - shift for day in counted]


def _rolled(day: date, roll: str, reading: Reading) -> date:
    if roll == "none":
        return day
    return reading.workday_from(day, ONE_DAY if roll == "forward" else -ONE_DAY)
