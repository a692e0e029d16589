"""Plain arithmetic of days and moments in Shanghai; knows no calendar rows."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
ONE_DAY = timedelta(days=1)
SATURDAY = 5


def add_months(day: date, months: int) -> date:
    """The corresponding day so many months later, or the last of that month where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def local_day(moment: datetime) -> date:
    if moment.utcoffset() is None:
        raise ValueError("a span starts at an aware moment, not at a naive one")
    return moment.astimezone(SHANGHAI).date()


def start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, SHANGHAI)


def end_of_day(day: date, closing_hour: time | None = None) -> datetime:
    """The exclusive end: the next midnight in Shanghai, or the closing hour of that day."""
    if closing_hour is None:
        return datetime.combine(day + ONE_DAY, time.min, SHANGHAI)
    return datetime.combine(day, closing_hour, SHANGHAI)


def between(first: date, last: date) -> list[date]:
    """Both ends included; empty where the last comes before the first."""
    return [first + ONE_DAY * n for n in range((last - first).days + 1)]


def is_weekday(day: date) -> bool:
    """Monday to Friday, whatever the calendar says."""
    return day.weekday() < SATURDAY
