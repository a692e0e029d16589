from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cities.calendar import (
    SHANGHAI,
    Calendar,
    CalendarMissing,
    Counting,
    SpanError,
    add_months,
    is_workday,
    report_by,
    span,
    until,
)
from cities.models import CalendarDay, CalendarYear, CountingRule
from tests.conftest import put_calendar

LOADED_AT = datetime(2026, 1, 5, 9, tzinfo=SHANGHAI)
MONDAY_MORNING = datetime(2026, 9, 28, 10, tzinfo=SHANGHAI)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def loaded(db):
    put_calendar()


def day(text: str) -> date:
    return date.fromisoformat(text)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def rule(unit="calendar", first_day="next", roll="none", closing_hour=None) -> Counting:
    return Counting(unit, first_day, roll, closing_hour)


def provisional_2027() -> None:
    CalendarYear.objects.create(year=2027, status="provisional", source="工作机构暂定", loaded_at=LOADED_AT)


# Forward --------------------------------------------------------------------------------------------------------------


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


# Years that are missing or provisional --------------------------------------------------------------------------------


def test_plain_calendar_days_need_no_calendar():
    answer = span(5, rule(), moment("2026-12-30T10:00"))
    assert (answer.closes_on, answer.certainty) == (day("2027-01-04"), "official")
    assert [(d.date.day, d.mark) for d in answer.days] == [
        (30, ""), (31, ""), (1, ""), (2, ""), (3, ""), (4, ""),
    ]  # fmt: skip
    assert span(5, rule(), moment("2031-10-01T10:00")).closes_on == day("2031-10-06")


@pytest.mark.parametrize(
    "counting", [rule("working"), rule(roll="forward"), rule(roll="backward"), rule(first_day="next_working")]
)
def test_span_that_counts_or_rolls_on_a_missing_year_has_no_date(counting):
    with pytest.raises(CalendarMissing) as missing:
        span(5, counting, moment("2027-03-01T10:00"))
    assert missing.value.year == 2027
    assert "2027 年的上班日历没有载入" in str(missing.value)
    assert "manage.py load_calendar 文件.csv --year 2027" in str(missing.value)


@pytest.mark.parametrize(
    ("number", "counting", "closes_on"),
    [
        (2, rule("working"), "2026-12-31"),
        (3, rule("working"), None),
        (2, rule(roll="forward"), "2026-12-31"),
        (3, rule(roll="forward"), None),
        (5, rule(first_day="next_working"), "2027-01-03"),
    ],
)
def test_span_needs_the_next_year_only_when_it_looks_there(number, counting, closes_on):
    start = moment("2026-12-29T10:00")
    if closes_on is None:
        with pytest.raises(CalendarMissing, match="2027 年"):
            span(number, counting, start)
    else:
        assert span(number, counting, start).closes_on == day(closes_on)


def test_span_that_counts_on_a_provisional_year_is_provisional():
    provisional_2027()
    assert span(3, rule("working"), moment("2026-12-29T10:00")).certainty == "provisional"
    assert span(2, rule("working"), moment("2026-12-29T10:00")).certainty == "official"


def test_span_of_plain_calendar_days_stays_official_in_a_provisional_year():
    provisional_2027()
    answer = span(5, rule(), moment("2027-01-01T10:00"))
    assert (answer.certainty, [d.mark for d in answer.days]) == ("official", ["", "休", "休", "", "", ""])


def test_span_back_into_a_missing_year_has_no_date():
    with pytest.raises(CalendarMissing, match="2003 年"):
        report_by(10, rule("working"), day("2004-01-06"))


def test_span_back_on_a_provisional_year_is_provisional():
    provisional_2027()
    assert report_by(1, rule("working"), day("2027-01-05")).certainty == "provisional"
    assert report_by(1, rule("calendar"), day("2027-01-05")).certainty == "official"


# Backward -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("first_day", "expected"), [("same", "2026-09-21"), ("next", "2026-09-20")])
def test_report_by_ten_working_days_before_an_event(first_day, expected):
    answer = report_by(10, rule("working", first_day), day("2026-10-12"))
    assert answer.report_by == day(expected)
    assert (answer.opens_on, answer.closes_on) == (day("2026-09-21"), day("2026-10-10"))
    assert len(answer.counted) == 10


def test_report_by_never_counts_the_event_itself():
    answer = report_by(2, rule("working"), day("2026-10-16"))
    assert [(d.date.day, d.ordinal, d.note) for d in answer.days] == [
        (13, None, "起算当日"),
        (14, 1, ""),
        (15, 2, ""),
        (16, None, "办理当日"),
    ]


def test_report_by_rolled_backward_moves_to_the_working_day_before():
    plain = report_by(3, rule(), day("2026-10-21"))
    rolled = report_by(3, rule(roll="backward"), day("2026-10-21"))
    assert (plain.report_by, rolled.report_by) == (day("2026-10-17"), day("2026-10-16"))
    assert [(d.date.day, d.ordinal, d.note) for d in rolled.days] == [
        (16, None, "提前至此"),
        (17, None, "提前"),
        (18, 1, "休息日，照计"),
        (19, 2, ""),
        (20, 3, ""),
        (21, None, "办理当日"),
    ]


def test_report_by_ends_with_its_day_or_at_its_closing_hour():
    assert report_by(2, rule(), day("2026-10-16")).report_before == moment("2026-10-14T00:00")
    closing = rule(closing_hour=time(17))
    assert report_by(2, closing, day("2026-10-16")).report_before == moment("2026-10-13T17:00")


def test_report_by_rolled_forward_is_refused():
    with pytest.raises(SpanError, match="不能顺延"):
        report_by(5, rule(roll="forward"), day("2026-10-12"))


# What always holds ----------------------------------------------------------------------------------------------------

units = st.sampled_from(["calendar", "working"])
first_days = st.sampled_from(["same", "next", "next_working"])
starts = st.datetimes(datetime(2020, 1, 1), datetime(2025, 12, 31), timezones=st.just(SHANGHAI))  # noqa: DTZ001
numbers = st.integers(1, 60)


same_rows = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def calendar(loaded):
    """Read once; no example changes it."""
    return Calendar(range(2019, 2027))


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


# Days and months ------------------------------------------------------------------------------------------------------


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
