"""What holds for every rule, start and number."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cities.calendar import (
    SHANGHAI,
    report_by,
    span,
)
from tests.cities.calendar.days import rule

pytestmark = pytest.mark.django_db


units = st.sampled_from(["calendar", "working"])

first_days = st.sampled_from(["same", "next", "next_working"])

starts = st.datetimes(datetime(2020, 1, 1), datetime(2025, 12, 31), timezones=st.just(SHANGHAI))  # noqa: DTZ001

numbers = st.integers(1, 60)

same_rows = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@same_rows
@given(numbers, units, first_days, st.sampled_from(["none", "forward"]), starts)
def test_span_counts_as_many_days_as_were_asked_for(calendar, number, unit, first_day, roll, start):
    answer = span(number, rule(unit, first_day, roll), start, calendar)
    assert len(answer.counted) == number
    assert [d.ordinal for d in answer.days if d.ordinal] == list(range(1, number + 1))
    assert (answer.days[0].date, answer.days[-1].date) == (start.date(), answer.closes_on)
    assert answer.opens_on == answer.counted[0]
    assert answer.closes_at > start
    assert unit == "calendar" or all(calendar.is_workday(d) for d in answer.counted)
    assert roll == "none" or calendar.is_workday(answer.closes_on)


@same_rows
@given(numbers, units, first_days, starts)
def test_report_by_is_the_latest_day_in_time(calendar, number, unit, first_day, start):
    counting, event_on = rule(unit, first_day), start.date()
    latest = report_by(number, counting, event_on, calendar).report_by

    def ends_on(reported_on: date) -> date:
        return span(number, counting, datetime.combine(reported_on, time(9), SHANGHAI), calendar).closes_on

    assert ends_on(latest) < event_on <= ends_on(latest + timedelta(days=1))


@same_rows
@given(numbers, units, first_days, starts)
def test_report_by_rolled_backward_is_never_later_and_always_worked(calendar, number, unit, first_day, start):
    plain = report_by(number, rule(unit, first_day), start.date(), calendar)
    rolled = report_by(number, rule(unit, first_day, "backward"), start.date(), calendar)
    assert rolled.report_by <= plain.report_by
    assert calendar.is_workday(rolled.report_by)
    assert rolled.counted == plain.counted
    assert len(rolled.counted) == number
