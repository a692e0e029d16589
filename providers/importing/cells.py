"""One cell read as text, code or day; what is wrong with it is a sentence in `CellRefused`."""

import re
import unicodedata
from datetime import date, datetime

from providers import credit_code
from providers.importing.layout import Column
from providers.importing.workbook import Cell
from records import personal, words
from records.unseen import seen

DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


class CellRefused(Exception):
    """The message says what stands there, why that is wrong and what to write."""


def text(cell: Cell, column: Column) -> str:
    """White space inside is folded, what cannot be seen is dropped; a number is taken as it would be written."""
    _refuse_computed(cell)
    value = cell.value
    if isinstance(value, bool | date):
        raise CellRefused(f"写的是“{shown(cell)}”，这里要文字：把单元格格式设成文本再填")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    written = "" if value is None else " ".join(seen(str(value)).split())
    if column.required and not written:
        raise CellRefused("没有填。每行都要填，合并的单元格先拆开")
    if column.longest and len(written) > column.longest:
        raise CellRefused(f"有 {len(written)} 个字，最多 {column.longest} 个：写短一些")
    if found := personal.find(written):
        raise CellRefused(f"像{found[0].kind} {found[0].masked}。名单会公开，不能有个人信息：删去")
    return written


def item_code(cell: Cell, column: Column) -> str:
    """Full-width letters and digits become the ordinary ones."""
    return unicodedata.normalize("NFKC", text(cell, column))


def organisation_code(cell: Cell, column: Column) -> str:
    if isinstance(cell.value, int | float):
        raise CellRefused("是数字格式，18 位代码的末几位已经丢失：把整列设成文本格式，重新填写")
    code = credit_code.normalise(text(cell, column))
    if wrong := credit_code.problem(code):
        raise CellRefused(f"写的是“{shown(cell)}”，{wrong}")
    return code


def day(cell: Cell, column: Column) -> date:
    """A date cell, or a day written out with its year first."""
    if isinstance(cell.value, date):
        return _day_of(cell.value)
    if isinstance(cell.value, int | float):
        raise CellRefused(f"是数字 {shown(cell)}，不是日期：把单元格格式设成日期")
    written = unicodedata.normalize("NFKC", text(cell, column)).replace(" ", "")
    if found := DAY.fullmatch(written):
        try:
            return date(*(int(part) for part in found.groups()))
        except ValueError as error:
            raise CellRefused(f"写的是“{shown(cell)}”，没有这一天") from error
    raise CellRefused(f"写的是“{shown(cell)}”，不是日期：写成 2023-12-15")


def shown(cell: Cell) -> str:
    """What stands there, short enough to be quoted."""
    value = words.full_day(_day_of(cell.value)) if isinstance(cell.value, date) else str(cell.value)
    return value if len(value) <= 40 else f"{value[:40]}…"


def _refuse_computed(cell: Cell) -> None:
    if cell.is_formula:
        raise CellRefused(f"是公式 {shown(cell)}：复制后用“粘贴为数值”换成结果")
    if cell.is_error:
        raise CellRefused(f"是表格的错误值 {shown(cell)}：改成实际内容")


def _day_of(value: date) -> date:
    """A workbook's moments have no time zone: the day is the one written there."""
    return value.date() if isinstance(value, datetime) else value
