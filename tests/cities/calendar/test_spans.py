"""A span counts its days one by one."""

from datetime import UTC, datetime, time, timedelta

import pytest

from cities.calendar import (
    SHANGHAI,
    SpanError,
    span,
    until,
)
from cities.models import CountingRule
from tests.cities.calendar.days import day, moment, rule

pytestmark = pytest.mark.django_db


MONDAY_MORNING = datetime(2026, 9, 28, 10, tzinfo=SHANGHAI)


def test_span_of_calendar_days_counts_every_day():
    answer = span(5, rule(), MONDAY_MORNING)
    assert (answer.opens_on, answer.closes_on) == (day("2026-09-29"), day("2026-10-03"))
    assert answer.closes_at == datetime.fromisoformat("2026-10-04T00:00+08:00")
    assert [(d.date.day, d.ordinal, d.mark, d.name, d.note) for d in answer.days] == [
        (28, None, "", "", "起算当日"),
        (29, 1, "", "", ""),
        (30, 2, "", "", ""),
        (1, 3, "节", "国庆节", "国庆节，照计"),
        (2, 4, "节", "国庆节", "国庆节，照计"),
        (3, 5, "节", "国庆节", "国庆节，照计"),
    ]


def test_span_rolled_forward_ends_on_the_next_working_day():
    answer = span(5, rule(roll="forward"), MONDAY_MORNING)
    assert answer.closes_on == day("2026-10-08")
    assert [(d.date.day, d.ordinal, d.note) for d in answer.days[-6:]] == [
        (3, 5, "国庆节，照计"),
        (4, None, "顺延"),
        (5, None, "顺延"),
        (6, None, "顺延"),
        (7, None, "顺延"),
        (8, None, "顺延至此"),
    ]


def test_span_that_ends_on_a_make_up_sunday_is_not_rolled():
    assert span(5, rule(roll="forward"), moment("2026-09-15T10:00")).closes_on == day("2026-09-20")


def test_span_rolled_backward_shows_what_was_given_up():
    answer = span(5, rule(roll="backward"), moment("2026-09-23T10:00"))
    assert answer.closes_on == day("2026-09-28")
    answer = span(3, rule(roll="backward"), MONDAY_MORNING)
    assert answer.closes_on == day("2026-09-30")
    assert answer.closes_at == moment("2026-10-01T00:00")
    assert [(d.date.day, d.ordinal, d.note) for d in answer.days] == [
        (28, None, "起算当日"),
        (29, 1, ""),
        (30, 2, "提前至此"),
        (1, None, "提前"),
    ]


def test_month_of_thirty_days_is_counted_day_by_day():
    start = datetime.fromisoformat("2026-01-31T09:00+08:00")
    assert span(1, rule("month"), start).closes_on == day("2026-02-28")
    assert span(1, rule("thirty"), start).closes_on == day("2026-03-02")
    assert len(span(2, rule("thirty"), start).counted) == 60


def test_span_of_working_days_counts_a_make_up_saturday_and_no_holiday():
    answer = span(5, rule("working"), MONDAY_MORNING)
    assert answer.counted == tuple(
        map(day, ("2026-09-29", "2026-09-30", "2026-10-08", "2026-10-09", "2026-10-10"))
    )
    assert (answer.closes_on, answer.certainty) == (day("2026-10-10"), "official")
    assert [
        (d.ordinal, d.mark, d.note) for d in answer.days if d.date in (day("2026-10-01"), day("2026-10-10"))
    ] == [
        (None, "节", "国庆节"),
        (5, "班", "调休上班"),
    ]


def test_span_of_working_days_passes_a_plain_weekend():
    answer = span(2, rule("working"), moment("2026-10-15T10:00"))
    assert [(d.date.day, d.ordinal, d.mark, d.note) for d in answer.days] == [
        (15, None, "", "起算当日"),
        (16, 1, "", ""),
        (17, None, "休", "休息日"),
        (18, None, "休", "休息日"),
        (19, 2, "", ""),
    ]


@pytest.mark.parametrize(
    ("first_day", "unit", "opens_on", "closes_on"),
    [
        ("same", "calendar", "2026-09-30", "2026-10-02"),
        ("next", "calendar", "2026-10-01", "2026-10-03"),
        ("next_working", "calendar", "2026-10-08", "2026-10-10"),
        ("same", "working", "2026-09-30", "2026-10-09"),
        ("next", "working", "2026-10-08", "2026-10-10"),
        ("next_working", "working", "2026-10-08", "2026-10-10"),
    ],
)
def test_span_opens_on_the_first_day_of_its_rule(first_day, unit, opens_on, closes_on):
    answer = span(3, rule(unit, first_day), moment("2026-09-30T10:00"))
    assert (answer.opens_on, answer.closes_on) == (day(opens_on), day(closes_on))


def test_span_from_a_rest_day_counts_working_days_from_the_next():
    assert span(1, rule("working", "same"), moment("2026-10-01T10:00")).counted == (day("2026-10-08"),)


@pytest.mark.parametrize("clock_time", ["00:00:00", "12:00:00", "23:59:59"])
def test_span_starts_from_the_local_day_whatever_the_hour(clock_time):
    assert span(5, rule(), moment(f"2026-09-28T{clock_time}")).closes_on == day("2026-10-03")


def test_span_starts_from_the_day_in_shanghai():
    start = datetime(2026, 9, 27, 16, 0, tzinfo=UTC)
    assert span(5, rule(), start).days[0].date == day("2026-09-28")
    assert span(5, rule(), start - timedelta(seconds=1)).days[0].date == day("2026-09-27")


def test_span_across_a_year_keeps_the_offset_of_shanghai():
    offsets = {span(n, rule(), moment("2026-02-10T09:00")).closes_at.utcoffset() for n in range(1, 366)}
    assert offsets == {timedelta(hours=8)}


def test_span_ends_at_the_closing_hour_of_its_last_day():
    answer = span(5, rule(closing_hour=time(17, 30)), MONDAY_MORNING)
    assert answer.closes_at == moment("2026-10-03T17:30")


def test_span_to_a_day_that_the_text_names_counts_the_day_itself_until_midnight():
    answer = until(day("2026-09-30"), MONDAY_MORNING)
    assert answer.counted == (day("2026-09-28"), day("2026-09-29"), day("2026-09-30"))
    assert (answer.number, answer.closes_at) == (3, moment("2026-10-01T00:00"))
    assert until(day("2026-09-30"), moment("2026-09-30T23:59")).number == 1
    with pytest.raises(SpanError, match="2026年9月30日 24:00 已经截止"):
        until(day("2026-09-30"), moment("2026-10-01T00:00"))


def test_span_that_would_be_over_before_it_begins_is_refused():
    with pytest.raises(SpanError, match="2026年9月28日截止，还没开始就已结束"):
        span(1, rule("working", "same", closing_hour=time(9)), MONDAY_MORNING)
    with pytest.raises(SpanError, match="2026年9月30日截止，还没开始就已结束"):
        span(1, rule(roll="backward"), moment("2026-09-30T10:00"))


def test_span_from_a_naive_moment_is_refused():
    with pytest.raises(ValueError, match="aware"):
        span(5, rule(), datetime(2026, 9, 28, 10))  # noqa: DTZ001


@pytest.mark.parametrize("number", [0, -1, 3661])
def test_span_of_a_senseless_number_is_refused(number):
    with pytest.raises(SpanError, match=f"天数 {number} 不对：写 1 到 3660 之间的整数"):
        span(number, rule(), MONDAY_MORNING)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("unit", rule("weeks")), ("first_day", rule(first_day="")), ("roll", rule(roll="up"))],
)
def test_span_under_an_unknown_rule_is_refused(field, wrong):
    with pytest.raises(SpanError, match=f"计算规则的 {field} 是"):
        span(5, wrong, MONDAY_MORNING)


def test_span_takes_a_row_of_a_rulebook():
    row = CountingRule(unit="working", first_day="next", roll="none", closing_hour=time(17))
    assert span(5, row, MONDAY_MORNING).closes_at == moment("2026-10-10T17:00")
