"""Years that are missing or provisional."""

from datetime import datetime

import pytest

from cities.calendar import (
    SHANGHAI,
    CalendarMissing,
    report_by,
    span,
)
from cities.models import CalendarYear
from tests.cities.calendar.days import day, moment, rule

pytestmark = pytest.mark.django_db


LOADED_AT = datetime(2026, 1, 5, 9, tzinfo=SHANGHAI)


def provisional_2027() -> None:
    CalendarYear.objects.create(year=2027, status="provisional", source="工作机构暂定", loaded_at=LOADED_AT)


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
