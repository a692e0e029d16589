"""Months, workdays, and what is read of the calendar."""

from datetime import date, timedelta

import pytest

from cities.calendar import (
    Calendar,
    CalendarMissing,
    add_months,
    is_workday,
    report_by,
    span,
)
from cities.models import CalendarDay
from tests.cities.calendar.days import day, moment, rule

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2026-08-31", 6, "2027-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2026-07-15", 6, "2027-01-15"),
        ("2026-12-01", 1, "2027-01-01"),
        ("2026-11-30", 1, "2026-12-30"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-01-31", -1, "2025-12-31"),
        ("2026-05-20", 0, "2026-05-20"),
    ],
)
def test_add_months_keeps_the_day_or_takes_the_last(start, months, expected):
    assert add_months(day(start), months) == day(expected)


@pytest.mark.parametrize(
    ("date_", "worked"),
    [
        ("2026-09-20", True),
        ("2026-09-25", False),
        ("2026-10-10", True),
        ("2026-10-17", False),
        ("2026-10-19", True),
    ],
)
def test_is_workday_follows_the_notice(date_, worked):
    assert is_workday(day(date_)) is worked


@pytest.mark.parametrize(("year", "workdays"), [(2024, 251), (2025, 248), (2026, 248)])
def test_calendar_has_the_workdays_of_the_notice(year, workdays):
    calendar, first = Calendar([year]), date(year, 1, 1)
    days = [first + timedelta(days=n) for n in range(366 if year % 4 == 0 else 365)]
    assert sum(calendar.is_workday(d) for d in days) == workdays


def test_is_workday_of_a_missing_year_is_not_guessed():
    with pytest.raises(CalendarMissing, match="2027 年"):
        is_workday(day("2027-01-04"))


def test_is_workday_follows_a_correction():
    row = CalendarDay.objects.get(date="2026-09-25")
    row.is_workday, row.name, row.source = True, "", "更正"
    row.save()
    answer = span(1, rule("working"), moment("2026-09-24T10:00"))
    assert [(d.date.day, d.ordinal, d.mark) for d in answer.days] == [(24, None, ""), (25, 1, "")]


def test_calendar_reads_years_together_and_once(django_assert_num_queries):
    calendar = Calendar()
    with django_assert_num_queries(2):
        span(60, rule("working"), moment("2025-12-01T10:00"), calendar)
        span(60, rule("working"), moment("2025-11-01T10:00"), calendar)
        report_by(60, rule("working"), day("2026-01-15"), calendar)


def test_calendar_loaded_before_reads_nothing_more(django_assert_num_queries):
    calendar = Calendar([2025, 2026])
    with django_assert_num_queries(0):
        span(60, rule("working"), moment("2025-12-01T10:00"), calendar)
