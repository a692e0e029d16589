"""Where the days of a calendar come from: the maintained library, or a file that staff have."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from io import StringIO
from itertools import groupby

from chinese_calendar import Holiday, holidays, workdays

from cities.calendar.dates import is_weekday

COLUMNS = ("date", "is_workday", "name")
WORKED = {"1": True, "true": True, "是": True, "0": False, "false": False, "否": False}
DAY = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})")
LONGEST_NAME = 60


class CalendarFileRefused(Exception):
    """Everything that is wrong with a calendar file, one line each; nothing of it was loaded."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class PlannedDay:
    date: date
    is_workday: bool
    name: str


def library_days() -> dict[int, list[PlannedDay]]:
    """Every year that the library covers, with the days its notices name."""
    off = [PlannedDay(day, False, _holiday_name(key)) for day, key in holidays.items() if day not in workdays]
    worked = [PlannedDay(day, True, f"{_holiday_name(key)}调休") for day, key in workdays.items()]
    by_day = sorted(off + worked, key=lambda planned: planned.date)
    return {year: list(days) for year, days in groupby(by_day, key=lambda planned: planned.date.year)}


def read_file(text: str, year: int) -> list[PlannedDay]:
    """The days of a CSV file (date,is_workday,name); raises CalendarFileRefused with every wrong line."""
    rows = csv.reader(StringIO(text), strict=True)
    days: dict[date, PlannedDay] = {}
    problems: list[str] = []
    try:
        _refuse_header(next(rows, []))
        for cells in rows:
            _take_row(cells, rows.line_num, year, days, problems)
    except csv.Error:
        problems.append(f"第 {rows.line_num} 行：引号没有配对，或有不能识别的字符；后面的行没有读")
    if not days and not problems:
        problems.append("第 2 行：没有一天。列出放假的日子和调休上班的周末")
    if problems:
        raise CalendarFileRefused(problems)
    return list(days.values())


def _refuse_header(cells: list[str]) -> None:
    header = ",".join(cell.strip() for cell in cells)
    if header != ",".join(COLUMNS):
        raise CalendarFileRefused([f"第 1 行：列名要是 {','.join(COLUMNS)}，现在是“{header}”"])


def _take_row(
    cells: list[str], line: int, year: int, days: dict[date, PlannedDay], problems: list[str]
) -> None:
    if not any(cell.strip() for cell in cells):
        return
    try:
        planned = _read_row(cells, year, days)
    except ValueError as problem:
        problems.append(f"第 {line} 行：{problem}")
    else:
        days[planned.date] = planned


def _read_row(cells: list[str], year: int, seen: Mapping[date, PlannedDay]) -> PlannedDay:
    if len(cells) != len(COLUMNS):
        raise ValueError(f"要有 {len(COLUMNS)} 列（{','.join(COLUMNS)}），现在是 {len(cells)} 列")
    written_day, written_worked, name = (cell.strip() for cell in cells)
    day = _read_day(written_day)
    if day.year != year:
        raise ValueError(f"{day} 不在 {year} 年")
    if day in seen:
        raise ValueError(f"{day} 前面已经有一行")
    if written_worked.lower() not in WORKED:
        raise ValueError(f"is_workday 是“{written_worked}”，只能是 1（上班）或 0（放假）")
    if len(name) > LONGEST_NAME:
        raise ValueError(f"name 有 {len(name)} 个字，最多 {LONGEST_NAME} 个")
    planned = PlannedDay(day, WORKED[written_worked.lower()], name)
    _refuse_plain(planned)
    return planned


def _read_day(written: str) -> date:
    """Spreadsheets write 2026/10/1 where a person wrote 2026-10-01."""
    refusal = ValueError(f"date 是“{written}”，要写成 2026-10-01 这样的日期")
    found = DAY.fullmatch(written)
    if found is None:
        raise refusal
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise refusal from None


def _refuse_plain(planned: PlannedDay) -> None:
    """A row that says nothing is usually a slip in its date."""
    if planned.is_workday and is_weekday(planned.date):
        raise ValueError(f"{planned.date} 是工作日，本来就上班：改正日期，或删去这一行")
    if not planned.is_workday and not is_weekday(planned.date) and not planned.name:
        raise ValueError(f"{planned.date} 是周末，本来就休息：写上节日名称，改正日期，或删去这一行")


def _holiday_name(key: str) -> str:
    chinese: str = Holiday(key).chinese
    return chinese if chinese.endswith(("节", "元旦", "日")) else f"{chinese}节"
