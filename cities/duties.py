"""By when something must be reported."""

from datetime import date, datetime

from cities import decisions
from cities.calendar import Calendar, Span, report_by, span, start_of
from cities.models import ReportingDuty


class NoSpan(ValueError):
    """The text names no number of days for this duty, and no decision does; in a user's words."""


def span_of(duty: ReportingDuty, event_on: date, *, at: datetime, calendar: Calendar | None = None) -> Span:
    """The days of a duty around the day of the formalities: back from it (`BackSpan`, with the last day to report), or on
    from it. Raises NoSpan, CalendarMissing, SpanError."""
    duty = decisions.settled(duty, at)
    if duty.span_number is None or duty.counting_rule is None:
        raise NoSpan(f"{duty.article}没有写“{duty}”要提前或在多少天内报告。")
    if duty.timing == ReportingDuty.Timing.BEFORE:
        return report_by(duty.span_number, duty.counting_rule, event_on, calendar)
    return span(duty.span_number, duty.counting_rule, start_of(event_on), calendar)
