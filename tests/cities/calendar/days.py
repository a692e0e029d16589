"""What these tests share."""

from datetime import date, datetime

from cities.calendar import (
    SHANGHAI,
    Counting,
)


def day(text: str) -> date:
    return date.fromisoformat(text)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def rule(unit="calendar", first_day="next", roll="none", closing_hour=None) -> Counting:
    return Counting(unit, first_day, roll, closing_hour)
