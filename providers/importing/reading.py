"""From the rows of a workbook to the list they describe, with a line on every row and every mistake told at once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from cities.models import Programme
from providers import bars, credit_code, queries, wording
from providers.importing import cells
from providers.importing.layout import ITEMS, PARTNERS, SHEETS, UNITS, Sheet
from providers.importing.plan import ImportPlan, Line
from providers.importing.workbook import Cell, SheetRow, WorkbookRefused, columns_of, read_sheets
from providers.listed import ListedItem, ListedPartner, ListedUnit
from providers.models import Organisation
from records import words

CODE, NAME, INDUSTRY, CATEGORY, DAY, PLACE = "信用代码", "名称", "行业", "类别", "入库日期", "登记地"
DISTRICT = "所属区市"
UNIT_CODE, PARTNER_CODE, PARTNER_NAME = "单位信用代码", "合作伙伴信用代码", "合作伙伴名称"
REASON = "校验位不符仍采用的理由"


def read(
    path: Path, programme: Programme, *, at: datetime, published_at: datetime | None = None
) -> ImportPlan:
    """Structure, and who is barred now: apart from that a list that exists is entered as it is, whatever the rules would say of
    it today."""
    plan = ImportPlan(programme, published_at or at)
    if plan.published_at > at:
        moment = words.full_moment(plan.published_at)
        plan.lines.append(Line(f"发布时间 {moment} 还没到：写名单实际发布的时间", is_problem=True))
    try:
        sheets = read_sheets(path)
    except WorkbookRefused as refused:
        plan.lines.append(Line(str(refused), is_problem=True))
        return plan
    reader = _Reader(plan, sheets)
    plan.units = reader.units(at)
    if not plan.units and not plan.problems:
        plan.lines.append(Line("一家单位也没有：从第 2 行起填写", UNITS.title, is_problem=True))
    return plan


@dataclass
class _Unit:
    """A unit while its rows are gathered. `row` is its first."""

    row: int
    facts: dict[str, Any]
    entries: dict[tuple[str, str], int] = field(default_factory=dict)
    partners: dict[tuple[str, str], tuple[int, ListedPartner]] = field(default_factory=dict)
    items: dict[str, tuple[int, ListedItem]] = field(default_factory=dict)


class _Reader:
    def __init__(self, plan: ImportPlan, sheets: dict[str, list[SheetRow]]) -> None:
        self.plan, self.sheets = plan, sheets
        self.industries = {row.name: row.key for row in plan.programme.industries.all()}
        self.industry_names = {key: name for name, key in self.industries.items()}
        self.categories = {name: key for key, name in queries.category_names(plan.programme).items()}
        self.districts = {row.name: row.name for row in plan.programme.city.districts.all()}
        self.found: dict[str, _Unit] = {}
        self.named: dict[str, tuple[str, str]] = {}
        self.reasons: dict[str, str] = {}
        self.seen: list[tuple[str, Sheet, int, str]] = []

    def units(self, at: datetime) -> list[ListedUnit]:
        for sheet, take in (
            (UNITS, self._take_unit),
            (PARTNERS, self._take_partner),
            (ITEMS, self._take_item),
        ):
            for row in self._rows(sheet):
                take(row)
        self._compare_with_known()
        self._refuse_barred(at)
        self.plan.lines.sort(key=_place)
        if self.plan.problems:
            return []
        return [self._listed(code, unit) for code, unit in self.found.items()]

    def _rows(self, sheet: Sheet) -> Iterator["_Row"]:
        if sheet.title not in self.sheets:
            self._complain(f"没有名为“{sheet.title}”的表：照模板补上，没有内容也保留表头", sheet)
            return
        rows = self.sheets[sheet.title]
        if not rows or rows[0].number != 1:
            self._complain("第 1 行没有表头：照模板写", sheet)
            return
        places, problems = columns_of(sheet, rows[0])
        for problem in problems:
            self._complain(problem, sheet)
        if not problems:
            yield from (_Row(self, sheet, row, places) for row in rows[1:])

    def _take_unit(self, row: "_Row") -> None:
        code = row.get(CODE, cells.organisation_code)
        name, place = row.get(NAME, cells.text), row.get(PLACE, cells.text)
        category = row.one_of(CATEGORY, self.categories, "这个项目的规则里没有这个类别")
        industry = row.one_of(INDUSTRY, self.industries, "这个项目没有这个行业，要用的先在后台添加")
        district = row.one_of(DISTRICT, self.districts, "这个城市没有这个区市，要用的先在后台添加")
        entered_on = row.get(DAY, cells.day)
        if isinstance(entered_on, date) and entered_on > timezone.localdate(self.plan.published_at):
            row.complain(
                DAY,
                f"{words.full_day(entered_on)}晚于名单发布的那天（{words.full_day(self.plan.published_at)}）",
            )
        if code is None:
            return
        self._name(row, CODE, code, NAME, name)
        facts = {NAME: name, PLACE: place, DAY: entered_on, DISTRICT: district}
        unit = self.found.setdefault(code, _Unit(row.number, facts))
        for title, value in ((PLACE, place), (DAY, entered_on), (DISTRICT, district)):
            self._same(row, unit, title, value)
        if not row.is_wrong and row.new(unit.entries, (category, industry), row.number, INDUSTRY):
            row.tell(f"{name}（{code}），{row.quoted(CATEGORY)} · {row.quoted(INDUSTRY)}")

    def _take_partner(self, row: "_Row") -> None:
        unit = self._unit_of(row)
        industry = row.one_of(INDUSTRY, self.industries, "这个项目没有这个行业，要用的先在后台添加")
        code, name = row.get(PARTNER_CODE, cells.organisation_code), row.get(PARTNER_NAME, cells.text)
        if code is not None:
            self._name(row, PARTNER_CODE, code, PARTNER_NAME, name)
        if unit is not None and industry and industry not in {key for _, key in unit.entries}:
            row.complain(
                INDUSTRY,
                f"{unit.facts[NAME]}在“单位”表里没有行业“{row.quoted(INDUSTRY)}”：补上那一行，或改行业",
            )
        if unit is None or industry is None or row.is_wrong:
            return
        partner = ListedPartner(industry, code, name)
        if row.new(unit.partners, (industry, code), (row.number, partner), PARTNER_CODE):
            row.tell(f"{unit.facts[NAME]} · {row.quoted(INDUSTRY)}：{name}（{code}）")

    def _take_item(self, row: "_Row") -> None:
        unit = self._unit_of(row)
        code, name = row.get("编码", cells.item_code), row.get("名称", cells.text)
        price, summary = row.get("价格", cells.text), row.get("说明", cells.text)
        if unit is None or row.is_wrong:
            return
        item = ListedItem(code, name, price, summary)
        if row.new(unit.items, code, (row.number, item), "编码"):
            row.tell(f"{unit.facts[NAME]}：{code} {name}")

    def _unit_of(self, row: "_Row") -> _Unit | None:
        code = row.get(UNIT_CODE, cells.organisation_code)
        if code is None:
            return None
        if code not in self.found:
            row.complain(UNIT_CODE, f"{code} 不在“单位”表里：先在“单位”表写这家单位")
        return self.found.get(code)

    def _name(self, row: "_Row", code_column: str, code: str, name_column: str, name: str | None) -> None:
        """One code has one name throughout, and its check digit holds or somebody says why not."""
        if reason := row.get(REASON, cells.text):
            self.reasons.setdefault(code, reason)
        self.seen.append((code, row.sheet, row.number, code_column))
        if name is None:
            return
        first, where = self.named.setdefault(code, (name, f"{row.sheet.title} 第 {row.number} 行"))
        if first != name:
            row.complain(name_column, f"{code} 这里写“{name}”，{where}写“{first}”：改成一样")

    def _same(self, row: "_Row", unit: _Unit, title: str, value: Any) -> None:
        if value and unit.facts[title] and value != unit.facts[title]:
            row.complain(title, f"与这家单位第 {unit.row} 行写的不同：各行写成一样")
        unit.facts[title] = unit.facts[title] or value

    def _compare_with_known(self) -> None:
        known = Organisation.objects.in_bulk([code for code, *_ in self.seen], field_name="credit_code")
        told = set()
        for code, sheet, number, column in self.seen:
            if code in told:
                continue
            told.add(code)
            if code in known and code in self.named and known[code].name != self.named[code][0]:
                theirs = known[code].name
                self._complain(
                    f"{code} 在系统里是“{theirs}”，这里写“{self.named[code][0]}”：核对后改成一样",
                    sheet,
                    number,
                    column,
                )
            if code not in known and code not in self.reasons and credit_code.check_digit_fails(code):
                advice = f"对照营业执照核对；确认无误的，在“{REASON}”写明理由"
                self._complain(f"{code} 校验位不符：{advice}", sheet, number, column)

    def _refuse_barred(self, at: datetime) -> None:
        """Nobody overrides this here: the removal is lifted where it was wrong, or the row is taken out."""
        known = Organisation.objects.in_bulk(list(self.found), field_name="credit_code")
        barred = bars.standing(known.values(), self.plan.programme, at)
        for code, row in known.items():
            for one in barred[row.pk]:
                if one.forbids:
                    text = (
                        f"{wording.bar(one)}（{one.limit.article}）：删去这家单位，{wording.after_bar(one)}"
                    )
                    self._complain(text, UNITS, self.found[code].row, CODE)

    def _listed(self, code: str, unit: _Unit) -> ListedUnit:
        return ListedUnit(
            code=code,
            name=unit.facts[NAME],
            entered_on=unit.facts[DAY],
            entries=tuple(unit.entries),
            place=unit.facts[PLACE],
            district=unit.facts[DISTRICT] or "",
            code_override=self._reason(code),
            partners=tuple(
                ListedPartner(row.industry, row.code, row.name, self._reason(row.code))
                for _, row in unit.partners.values()
            ),
            items=tuple(item for _, item in unit.items.values()),
        )

    def _reason(self, code: str) -> str:
        return self.reasons.get(code, "") if credit_code.check_digit_fails(code) else ""

    def _complain(self, text: str, sheet: Sheet, row: int = 0, column: str = "") -> None:
        self.plan.lines.append(Line(text, sheet.title, row, column, is_problem=True))


class _Row:
    """A row while it is read: cells by the title of their column, and what is found wrong with them."""

    def __init__(self, reader: _Reader, sheet: Sheet, row: SheetRow, places: dict[str, int]) -> None:
        self.reader, self.sheet, self.number = reader, sheet, row.number
        self.columns = {column.title: column for column in sheet.columns}
        self.cells = {title: row.cells[place] for title, place in places.items() if place < len(row.cells)}
        self.is_wrong = False

    def get(self, title: str, parse: Callable[[Cell, Any], Any]) -> Any:
        try:
            return parse(self.cells.get(title, Cell(None)), self.columns[title])
        except cells.CellRefused as refused:
            self.complain(title, str(refused))
            return None

    def one_of(self, title: str, known: dict[str, str], wrong: str) -> str | None:
        """The key of what is named there, if anything is; the names that would do are listed."""
        name = self.get(title, cells.text)
        if name and name not in known:
            self.complain(title, f"写的是“{name}”，{wrong}。已有：{'、'.join(known) or '无'}")
        return known.get(name or "")

    def new(self, table: dict[Any, Any], key: Any, value: Any, title: str) -> bool:
        if key not in table:
            table[key] = value
            return True
        first = table[key] if isinstance(table[key], int) else table[key][0]
        self.complain(title, f"与第 {first} 行重复：删去一行")
        return False

    def quoted(self, title: str) -> str:
        return str(self.get(title, cells.text))

    def tell(self, text: str) -> None:
        self.reader.plan.lines.append(Line(f"新增 {text}", self.sheet.title, self.number))

    def complain(self, title: str, text: str) -> None:
        self.is_wrong = True
        self.reader.plan.lines.append(Line(text, self.sheet.title, self.number, title, is_problem=True))


def _place(line: Line) -> tuple[int, int]:
    order = [sheet.title for sheet in SHEETS]
    return (order.index(line.sheet) if line.sheet in order else -1, line.row)
