"""Opens a workbook that nobody vouches for, and hands out its rows as plain cells."""

import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from django.core.files.uploadedfile import UploadedFile
from openpyxl.utils.exceptions import InvalidFileException

from providers.importing.layout import SHEETS, Sheet
from records.files import DEFAULT_PAGES, FileRefused
from records.files.kinds import recognised

MEGABYTE = 1 << 20
LARGEST = 50 * MEGABYTE
MOST_ROWS = 200_000
MOST_COLUMNS = 50


class WorkbookRefused(Exception):
    """Not a workbook that can be read at all; the message says why and what to do."""


@dataclass(frozen=True)
class Cell:
    value: Any
    is_formula: bool = False
    is_error: bool = False


@dataclass(frozen=True)
class SheetRow:
    number: int
    cells: tuple[Cell, ...]


def read_sheets(path: Path) -> dict[str, list[SheetRow]]:
    """Rows that are not blank, of the sheets we know, the head among them. Raises WorkbookRefused."""
    _refuse_unreadable(path)
    try:
        with warnings.catch_warnings():
            # What the library says of styles and validations that it leaves out is of no use to anybody here.
            warnings.simplefilter("ignore")
            return _read(path)
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        ParseError,
        KeyError,
        ValueError,
        TypeError,
        OSError,
    ) as error:
        raise WorkbookRefused(f"{path.name} 打不开，文件可能损坏：在表格软件里重新另存为 xlsx") from error


def _refuse_unreadable(path: Path) -> None:
    """The same looks as at an upload."""
    try:
        with path.open("rb") as file:
            upload = UploadedFile(file, path.name, size=path.stat().st_size)
            recognised(upload, ["xlsx"], LARGEST // MEGABYTE, DEFAULT_PAGES)
    except OSError as error:
        raise WorkbookRefused(f"打不开文件 {path}（{error.strerror}）：检查路径和权限") from error
    except FileRefused as refused:
        raise WorkbookRefused(str(refused)) from refused


def _read(path: Path) -> dict[str, list[SheetRow]]:
    with path.open("rb") as file:
        book = openpyxl.load_workbook(file, read_only=True, keep_links=False)
        try:
            known = {sheet.title for sheet in SHEETS}
            return {page.title: list(_rows(page)) for page in book.worksheets if page.title in known}
        finally:
            book.close()


def _rows(page: Any) -> Iterator[SheetRow]:
    filled = 0
    # A workbook may lie about its size; then it is read to its true end.
    page.reset_dimensions()
    for number, row in enumerate(page.iter_rows(max_col=MOST_COLUMNS), start=1):
        cells = tuple(_cell(cell) for cell in row)
        if all(cell.value is None for cell in cells):
            continue
        filled += 1
        if filled > MOST_ROWS:
            raise WorkbookRefused(f"“{page.title}”表超过 {MOST_ROWS} 行：核对是不是多带了内容")
        yield SheetRow(number, cells)


def _cell(cell: Any) -> Cell:
    value = cell.value
    if isinstance(value, str) and not value.strip():
        value = None
    return Cell(value, is_formula=cell.data_type == "f", is_error=cell.data_type == "e")


def columns_of(sheet: Sheet, head: SheetRow) -> tuple[dict[str, int], list[str]]:
    """Where each known column stands; and what is wrong with the head, in sentences."""
    titles = [_title(cell.value) for cell in head.cells]
    found = {column.title: titles.index(column.title) for column in sheet.columns if column.title in titles}
    needed = [column.title for column in sheet.columns if not column.may_be_absent]
    problems = []
    if missing := [title for title in needed if title not in found]:
        problems.append(f"第 1 行缺少列：{'、'.join(missing)}。表头照模板写，模板用 --template 生成")
    if double := sorted({title for title in found if titles.count(title) > 1}):
        problems.append(f"第 1 行有重复的列：{'、'.join(double)}。每列只留一个")
    return found, problems


def _title(value: Any) -> str:
    return "".join(str(value or "").split()).strip("*＊")
