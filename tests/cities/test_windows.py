"""The days of every year on which applications come in for one review."""

from datetime import date

import pytest

from cities import windows
from cities.models import Procedure

SPRING_AND_WINTER = Procedure(review_windows=["03-01/03-31", "12-01/01-15"])


@pytest.mark.parametrize(
    ("written", "is_one"),
    [
        ("03-01/03-31", True),
        ("12-01/01-15", True),
        ("03-01/03-32", False),
        ("02-01/02-29", False),
        ("3-1/3-31", False),
        ("03-01", False),
        (3, False),
    ],
)
def test_window_is_two_days_that_every_year_has(written, is_one):
    assert windows.is_window(written) is is_one


@pytest.mark.parametrize(
    ("today", "window"),
    [
        (date(2026, 2, 28), (date(2025, 12, 1), date(2026, 1, 15))),
        (date(2026, 3, 1), (date(2026, 3, 1), date(2026, 3, 31))),
        (date(2026, 11, 30), (date(2026, 3, 1), date(2026, 3, 31))),
        (date(2026, 12, 1), (date(2026, 12, 1), date(2027, 1, 15))),
    ],
)
def test_latest_is_the_one_that_began_last(today, window):
    assert windows.latest(SPRING_AND_WINTER, today) == window


def test_where_rows_write_none_there_is_none():
    assert windows.latest(Procedure(), date(2026, 9, 1)) is None
