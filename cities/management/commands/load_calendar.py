from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from cities.calendar.loading import YearReport, load_year, seed
from cities.calendar.sources import CalendarFileRefused, PlannedDay, read_file
from cities.management.chinese import ChineseCommand, wrong_argument
from cities.models import CalendarYear
from records import clock

FILE_OPTIONS = ("year", "status", "source")
LONGEST_SOURCE = 200


class Command(ChineseCommand):
    help = "载入上班日历：不带文件时载入官方已公布的各年；带文件时载入一年"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", help="CSV 文件，UTF-8，列为 date,is_workday,name")
        parser.add_argument("--year", help="文件是哪一年的")
        parser.add_argument("--status", help="provisional（暂定）或 official（正式）")
        parser.add_argument("--source", help="来源，如通知的文号")

    def handle(self, *, file: str | None, **options: Any) -> None:
        if file:
            self._load_file(file, **{name: options[name] for name in FILE_OPTIONS})
            return
        for name in FILE_OPTIONS:
            if options[name] is not None:
                raise wrong_argument(f"--{name} 只和文件一起用：写上 CSV 文件，或去掉 --{name}")
        self._tell(seed(clock.now()))

    def _load_file(self, file: str, year: str | None, status: str | None, source: str | None) -> None:
        wanted, status, source = _year(year), _status(status), _source(source)
        days = _days(file, wanted)
        self._tell([load_year(wanted, days, status=status, source=source, at=clock.now())])

    def _tell(self, reports: list[YearReport]) -> None:
        for report in reports:
            for line in _lines(report):
                self.stdout.write(line)
        if all(report.is_unchanged for report in reports):
            self.stdout.write(f"没有变化，共 {len(reports)} 年")


def _year(written: str | None) -> int:
    if written is None:
        raise wrong_argument("缺少 --year：写明文件是哪一年的，如 --year 2027")
    if not (len(written) == 4 and written.isascii() and written.isdigit() and written[0] in "12"):
        raise wrong_argument(f"--year 是“{written}”，要写成 2027 这样的四位数年份")
    return int(written)


def _status(written: str | None) -> str:
    if written not in CalendarYear.Status.values:
        now = "没有写" if written is None else f"是“{written}”"
        raise wrong_argument(f"--status {now}，只能是 provisional（暂定）或 official（正式）")
    return written


def _source(written: str | None) -> str:
    source = (written or "").strip()
    if not source:
        raise wrong_argument("缺少 --source：写明这份日历从哪里来，如通知的文号")
    if len(source) > LONGEST_SOURCE:
        raise wrong_argument(f"--source 有 {len(source)} 个字，最多 {LONGEST_SOURCE} 个")
    return source


def _days(file: str, year: int) -> list[PlannedDay]:
    try:
        text = Path(file).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise wrong_argument(f"打不开文件 {file}（{error.strerror}）：检查路径和权限") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{file} 不是 UTF-8 编码：在表格软件里另存为“CSV UTF-8”再载入") from error
    try:
        return read_file(text, year)
    except CalendarFileRefused as refused:
        lines = "\n".join(f"  {problem}" for problem in refused.problems)
        raise CommandError(
            f"{file} 有 {len(refused.problems)} 处要改，什么都没有载入：\n{lines}"
        ) from refused


def _lines(report: YearReport) -> list[str]:
    if report.kept_source:
        return [f"{report.year} 年：未改动，由工作人员载入（{report.kept_source}）"]
    lines = []
    if report.is_new:
        lines.append(f"{report.year} 年：新载入，{len(report.added)} 天")
    elif not report.is_unchanged:
        lines.append(f"{report.year} 年：{_changes(report)}")
    if report.kept:
        lines.append(f"{report.year} 年：保留工作人员改过的 {_listed(report.kept)}")
    return lines


def _changes(report: YearReport) -> str:
    parts = [f"原为{report.status_from}，状态或来源已改"] if report.status_from else []
    named = {"新增": report.added, "改动": report.changed, "删去": report.removed}
    return "；".join(parts + [f"{verb} {_listed(days)}" for verb, days in named.items() if days])


def _listed(days: list[date]) -> str:
    return "、".join(day.isoformat() for day in days)
