"""Which days are worked: the plain week, corrected by the rows of the years that are loaded."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from cities.calendar.dates import is_weekday
from cities.models import CalendarDay, CalendarYear
from records.reads import shared


class CalendarMissing(Exception):
    """A span counts or rolls on a year whose calendar is not loaded."""

    def __init__(self, year: int) -> None:
        super().__init__(year)
        self.year = year

    def __str__(self) -> str:
        return (
            f"{self.year} 年的上班日历没有载入，算不出日期。"
            f'放假安排已公布的，运行 manage.py load_calendar 文件.csv --year {self.year} --status official --source "文号"；'
            "未公布的，用 --status provisional 载入暂定日历"
        )


class Calendar:
    """The loaded years, read when first asked for: a year and its neighbours in one go, never a day at a time.

    Holds what it has read, so it lives as long as one request or one sweep and no longer.
    """

    def __init__(self, years: Iterable[int] = ()) -> None:
        self._status: dict[int, str | None] = {}
        self._days: dict[date, CalendarDay] = {}
        self._load(set(years))

    def status(self, year: int) -> str | None:
        """`official`, `provisional`, or None where the year is missing."""
        if year not in self._status:
            self._load({year - 1, year, year + 1})
        return self._status[year]

    def is_workday(self, day: date) -> bool:
        """Raises CalendarMissing where the year of that day is not loaded."""
        if self.status(day.year) is None:
            raise CalendarMissing(day.year)
        row = self._days.get(day)
        return row.is_workday if row else is_weekday(day)

    def mark(self, day: date) -> str:
        """休 for a rest day, 节 for a named holiday, 班 for a weekend that is worked; empty where nothing is known."""
        if self.status(day.year) is None:
            return ""
        if self.is_workday(day):
            return "" if is_weekday(day) else "班"
        return "节" if self.name(day) else "休"

    def name(self, day: date) -> str:
        row = self._days.get(day)
        return row.name if row else ""

    def _load(self, years: set[int]) -> None:
        wanted = years - self._status.keys()
        if not wanted:
            return
        self._status |= dict.fromkeys(wanted)
        self._status |= CalendarYear.objects.filter(year__in=wanted).values_list("year", "status")
        for row in CalendarDay.objects.filter(date__range=_bounds(wanted)):
            self._days[row.date] = row


@dataclass
class Reading:
    """One computation's look at the calendar; remembers whether any day it had to know was provisional."""

    calendar: Calendar
    is_provisional: bool = field(default=False, init=False)

    def is_workday(self, day: date) -> bool:
        answer = self.calendar.is_workday(day)
        if self.calendar.status(day.year) == CalendarYear.Status.PROVISIONAL:
            self.is_provisional = True
        return answer

    def workday_from(self, day: date, step: timedelta) -> date:
        """That day if it is worked, else the nearest that is, in the direction of the step."""
        while not self.is_workday(day):
            day += step
        return day


@shared
def present_calendar() -> Calendar:
    """For one computation; while reads are kept, one for all of them."""
    return Calendar()


def is_workday(day: date, calendar: Calendar | None = None) -> bool:
    return (calendar or present_calendar()).is_workday(day)


def _bounds(years: set[int]) -> tuple[date, date]:
    first, last = max(min(years), date.min.year), min(max(years), date.max.year)
    return date(first, 1, 1), date(last, 12, 31)
