"""What becomes of days that are held, resumed or extended, for every way of counting them."""

from datetime import date

import pytest

from cases.deadlines.track import Track, begun, extended, remains, resumed
from cities.calendar import Calendar, Counting
from tests.conftest import at

pytestmark = pytest.mark.usefixtures("calendar")

MONTH = Counting("month", "next", "none")
BACKWARD = Counting("calendar", "next", "backward")
FORWARD = Counting("calendar", "next", "forward")
FROM_TODAY = Counting("working", "same", "none")
NEXT_WORKING = Counting("calendar", "next_working", "none")


def track(number: int, rule: Counting, since: str) -> Track:
    return begun(number, rule, at(since), Calendar())


@pytest.mark.parametrize(
    ("number", "rule", "since", "held_on", "left", "resumed_at", "closes_on"),
    [
        (1, MONTH, "2026-09-17 09:00", date(2026, 10, 1), 17, "2026-10-09 09:00", date(2026, 10, 26)),
        # 9月22日 to 26日, given up from the 25th, which is a day off
        (5, BACKWARD, "2026-09-21 09:00", date(2026, 9, 24), 3, "2026-09-27 09:00", date(2026, 9, 30)),
        # 9月24日 to 26日, moved to Monday the 28th
        (3, FORWARD, "2026-09-23 09:00", date(2026, 9, 28), 1, "2026-09-28 10:00", date(2026, 9, 29)),
        (2, FROM_TODAY, "2026-09-21 09:00", date(2026, 9, 21), 2, "2026-09-21 10:00", date(2026, 9, 23)),
        (2, NEXT_WORKING, "2026-09-29 09:00", date(2026, 9, 30), 2, "2026-09-30 10:00", date(2026, 10, 9)),
    ],
)
def test_what_was_left_goes_on_after_the_day_of_the_resumption(
    number, rule, since, held_on, left, resumed_at, closes_on
):
    before = track(number, rule, since)
    found = resumed(before, rule, held_on, at(resumed_at), Calendar())
    assert (remains(before, held_on), found.closes_on) == (left, closes_on)
    assert found.closes_at >= before.closes_at
    assert [day["date"] for day in found.days if day["last"]] == [closes_on.isoformat()]


@pytest.mark.parametrize(
    ("number", "rule", "since", "more", "closes_on"),
    [
        (1, MONTH, "2026-09-17 09:00", 1, date(2026, 11, 17)),
        (5, BACKWARD, "2026-09-21 09:00", 2, date(2026, 9, 28)),
        (3, FORWARD, "2026-09-23 09:00", 1, date(2026, 9, 28)),
        (3, FORWARD, "2026-09-23 09:00", 3, date(2026, 9, 29)),
        (2, FROM_TODAY, "2026-09-21 09:00", 4, date(2026, 9, 29)),
    ],
)
def test_extension_adds_to_the_days_that_counted_and_moves_the_end_anew(number, rule, since, more, closes_on):
    found = extended(track(number, rule, since), rule, more, Calendar())
    assert found.closes_on == closes_on
    places = [place for _, place in found.counted]
    assert places == list(range(1, len(places) + 1))
