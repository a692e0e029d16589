"""The working calendar, and the one place that computes spans."""

from cities.calendar.dates import SHANGHAI, add_months, start_of
from cities.calendar.days import Day
from cities.calendar.spans import (
    BackSpan,
    Counting,
    CountingRuleSpec,
    Span,
    SpanError,
    report_by,
    span,
    until,
)
from cities.calendar.workdays import Calendar, CalendarMissing, is_workday, present_calendar

__all__ = [
    "SHANGHAI",
    "BackSpan",
    "Calendar",
    "CalendarMissing",
    "Counting",
    "CountingRuleSpec",
    "Day",
    "Span",
    "SpanError",
    "add_months",
    "is_workday",
    "present_calendar",
    "report_by",
    "span",
    "start_of",
    "until",
]
