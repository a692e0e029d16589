"""The last day to report before an event."""

from datetime import time

import pytest

from cities.calendar import (
    SpanError,
    report_by,
)
from tests.cities.calendar.days import day, moment, rule

pytestmark = pytest.mark.django_db


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
