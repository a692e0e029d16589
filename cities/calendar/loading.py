"""Writes of the calendar: every year of the library, and one year as a file has it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from simple_history.utils import bulk_create_with_history

from cities.calendar.sources import PlannedDay, library_days
from cities.models import CalendarDay, CalendarYear

SEED_SOURCE = "国务院办公厅放假安排通知（经 chinesecalendar）"


@dataclass
class YearReport:
    """What loading did to one year; `kept` are days that staff had set otherwise and that stay as they are."""

    year: int
    is_new: bool = False
    status_from: str = ""
    added: list[date] = field(default_factory=list)
    changed: list[date] = field(default_factory=list)
    removed: list[date] = field(default_factory=list)
    kept: list[date] = field(default_factory=list)
    kept_source: str = ""

    @property
    def is_unchanged(self) -> bool:
        return not (self.is_new or self.status_from or self.added or self.changed or self.removed)


@transaction.atomic
def seed(at: datetime) -> list[YearReport]:
    """Bring every year of the library up to it; years and days of any other source are staff's and stay."""
    known = {year.year: year for year in CalendarYear.objects.all()}
    return [_seed_year(year, days, known.get(year), at) for year, days in library_days().items()]


@transaction.atomic
def load_year(year: int, days: Iterable[PlannedDay], *, status: str, source: str, at: datetime) -> YearReport:
    """Make a year exactly what a file says, whatever it was before."""
    report = YearReport(year)
    row = CalendarYear.objects.filter(year=year).first()
    if row is None:
        report.is_new = True
        row = CalendarYear(year=year)
    if (row.status, row.source) != (status, source):
        report.status_from = "" if report.is_new else row.get_status_display()
        row.status, row.source, row.loaded_at = status, source, at
        row.save()
    _write_days(report, days, source, may_overwrite=True)
    return report


def _seed_year(year: int, days: list[PlannedDay], row: CalendarYear | None, at: datetime) -> YearReport:
    report = YearReport(year, is_new=row is None)
    if row is None:
        CalendarYear.objects.create(
            year=year, status=CalendarYear.Status.OFFICIAL, source=SEED_SOURCE, loaded_at=at
        )
    elif row.source != SEED_SOURCE:
        report.kept_source = f"{row.get_status_display()}，{row.source}"
        return report
    _write_days(report, days, SEED_SOURCE, may_overwrite=False)
    return report


def _write_days(report: YearReport, days: Iterable[PlannedDay], source: str, *, may_overwrite: bool) -> None:
    rows = {row.date: row for row in CalendarDay.objects.filter(date__year=report.year)}
    fresh = []
    for planned in days:
        row = rows.pop(planned.date, None)
        if row is None:
            fresh.append(CalendarDay(**vars(planned), source=source))
        elif not (may_overwrite or row.source == source):
            _note_kept(report, row, planned)
        else:
            _overwrite(report, row, planned, source)
    if fresh:
        bulk_create_with_history(fresh, CalendarDay)
    report.added = [row.date for row in fresh]
    _remove(report, rows, source, may_overwrite=may_overwrite)


def _note_kept(report: YearReport, row: CalendarDay, planned: PlannedDay) -> None:
    if row.is_workday != planned.is_workday:
        report.kept.append(row.date)


def _overwrite(report: YearReport, row: CalendarDay, planned: PlannedDay, source: str) -> None:
    wanted = (planned.is_workday, planned.name, source)
    if (row.is_workday, row.name, row.source) == wanted:
        return
    row.is_workday, row.name, row.source = wanted
    row.save()
    report.changed.append(row.date)


def _remove(
    report: YearReport, rows: Mapping[date, CalendarDay], source: str, *, may_overwrite: bool
) -> None:
    """The days that were there and are not named any more."""
    for row in rows.values():
        if may_overwrite or row.source == source:
            row.delete()
            report.removed.append(row.date)
        else:
            report.kept.append(row.date)
