"""A registration's list as plain data: what it becomes under operations, and how two of them differ. No database."""

from collections.abc import Callable, Iterable, Mapping
from typing import Literal, NotRequired, TypedDict

from providers.operations import Action, ListOperation

Mark = Literal["add", "end", "edit"]
SIGNS: dict[Mark, str] = {"add": "＋", "end": "－", "edit": "～"}


class IndustryName(TypedDict):
    key: str
    name: str


class Partner(TypedDict):
    industry: str
    industry_name: str
    code: str
    name: str


class Item(TypedDict):
    code: str
    name: str
    price: str
    summary: str


class Unit(TypedDict):
    """What the unit itself is called, and where it is registered."""

    code: str
    name: str
    place: str


class Snapshot(TypedDict):
    """`industries` are those the registration stands in, also where it has no partner yet, in the office's order; `unit` is
    there only where it is asked for (`providers.queries.state`), `left` where the unit has left: what stood when it did."""

    unit: NotRequired[Unit]
    left: NotRequired["Snapshot"]
    industries: list[IndustryName]
    partners: list[Partner]
    items: list[Item]


class Difference(TypedDict):
    """One line of a comparison; `before` and `after` are the unit, partner or item, None where there is none."""

    subject: Literal["unit", "partner", "item"]
    mark: Mark
    code: str
    before: Unit | Partner | Item | None
    after: Unit | Partner | Item | None
    industry: NotRequired[str]
    industry_name: NotRequired[str]


class StaleOperation(Exception):
    """An operation that does not fit the list it meets; the list may have moved on since it was asked for."""

    def __init__(self, message: str, operation: ListOperation | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.operation = operation


def empty() -> Snapshot:
    return {"industries": [], "partners": [], "items": []}


def after(before: Snapshot, operations: Iterable[ListOperation]) -> Snapshot:
    """The list once all operations are carried out, in their order. Raises StaleOperation at the first that does not fit."""
    draft = _Draft(before)
    for operation in operations:
        draft.carry_out(operation)
    return draft.snapshot()


def renamed(before: Snapshot, names: Mapping[str, str]) -> Snapshot:
    """The list with the partners of these codes called so."""
    partners: list[Partner] = [
        {**row, "name": names.get(row["code"], row["name"])} for row in before["partners"]
    ]
    return {**before, "partners": partners}


def differences(before: Snapshot, after: Snapshot) -> list[Difference]:
    """The unit itself, partners by industry, then items by code; what stayed the same is left out."""
    return [
        *_unit_difference(before.get("unit"), after.get("unit")),
        *_partner_differences(before, after),
        *_item_differences(before, after),
    ]


def departure(unit: Unit, before: Snapshot) -> list[Difference]:
    """What it means for the list that a unit leaves it, with all that stands under it."""
    gone: Difference = {"subject": "unit", "mark": "end", "code": unit["code"], "before": unit, "after": None}
    left: Snapshot = {"industries": before["industries"], "partners": [], "items": []}
    return [gone, *differences(before, left)]


def tally(rows: Iterable[Difference], partner_term: str) -> str:
    """合作伙伴 ＋2 －1，目录 ～1, with the programme's own word for a partner."""
    rows = list(rows)
    parts: list[str] = []
    if gone := sum(row["subject"] == "unit" and row["mark"] == "end" for row in rows):
        parts.append(f"移出 {gone} 家")
    if back := sum(row["subject"] == "unit" and row["mark"] == "add" for row in rows):
        parts.append(f"恢复 {back} 家")
    for subject, label in (("unit", "单位信息"), ("partner", partner_term or "合作伙伴"), ("item", "目录")):
        marks = [row["mark"] for row in rows if row["subject"] == subject]
        marks = [mark for mark in marks if subject != "unit" or mark == "edit"]
        signs = [f"{sign}{marks.count(mark)}" for mark, sign in SIGNS.items() if mark in marks]
        parts += [f"{label} {' '.join(signs)}"] if signs else []
    return "，".join(parts) or "名单无变动"


class _Draft:
    """The list while operations are carried out on it."""

    def __init__(self, before: Snapshot) -> None:
        self._begin(before)

    def _begin(self, before: Snapshot) -> None:
        self.industries = list(before["industries"])
        self.names = {industry["key"]: industry["name"] for industry in self.industries}
        self.partners = {(row["industry"], row["code"]): row for row in before["partners"]}
        self.items = {row["code"]: row for row in before["items"]}
        self.unit = before.get("unit")
        self.left = before.get("left")

    def carry_out(self, operation: ListOperation) -> None:
        steps: dict[str, Callable[[ListOperation], None]] = {
            Action.ADD_PARTNER: self.add_partner,
            Action.END_PARTNER: self.end_partner,
            Action.REPLACE_PARTNER: self.replace_partner,
            Action.ADD_ITEM: self.add_item,
            Action.EDIT_ITEM: self.edit_item,
            Action.END_ITEM: self.end_item,
            Action.MEND_UNIT: self.mend_unit,
            Action.MEND_PARTNER: self.mend_partner,
            Action.RESTORE_UNIT: self.restore_unit,
        }
        steps[operation.action](operation)

    def add_partner(self, operation: ListOperation) -> None:
        key, industry = (operation.industry, operation.partner_code), self.industry_name(operation)
        if key in self.partners:
            name = self.partners[key]["name"]
            raise StaleOperation(f"{name}已经是{industry}的合作伙伴，不能再新增", operation)
        self.partners[key] = {
            "industry": operation.industry,
            "industry_name": industry,
            "code": operation.partner_code,
            "name": operation.partner_name,
        }

    def end_partner(self, operation: ListOperation) -> None:
        industry = self.industry_name(operation)
        if self.partners.pop((operation.industry, operation.leaving_code), None) is None:
            name = operation.leaving_name or operation.leaving_code
            raise StaleOperation(f"{name}现在不是{industry}的合作伙伴，不能退出", operation)

    def replace_partner(self, operation: ListOperation) -> None:
        self.end_partner(operation)
        self.add_partner(operation)

    def add_item(self, operation: ListOperation) -> None:
        if operation.item_code in self.items:
            raise StaleOperation(f"目录里已有编码 {operation.item_code}，不能再新增", operation)
        self.items[operation.item_code] = _item(operation)

    def edit_item(self, operation: ListOperation) -> None:
        self._known_item(operation)
        self.items[operation.item_code] = _item(operation)

    def end_item(self, operation: ListOperation) -> None:
        self._known_item(operation)
        del self.items[operation.item_code]

    def mend_unit(self, operation: ListOperation) -> None:
        right: Unit = {
            "code": operation.unit_code,
            "name": operation.unit_name,
            "place": operation.unit_place,
        }
        if self.unit == right:
            raise StaleOperation("单位的名称、代码和登记地与名单上的一样，没有要改正的", operation)
        self.unit = right

    def mend_partner(self, operation: ListOperation) -> None:
        """In every industry where it stands: a name is the organisation's."""
        code, name = operation.partner_code, operation.partner_name
        places = [key for key in self.partners if key[1] == code]
        if not places:
            raise StaleOperation(f"{code} 现在不是合作伙伴，不能改正名称", operation)
        if all(self.partners[key]["name"] == name for key in places):
            raise StaleOperation(f"{code} 的名称在名单上已是“{name}”，没有要改正的", operation)
        for key in places:
            self.partners[key] = {**self.partners[key], "name": name}

    def restore_unit(self, operation: ListOperation) -> None:
        """All that stood when it left, and the unit itself."""
        if self.left is None:
            raise StaleOperation("单位在名单内，没有要恢复的", operation)
        self._begin(self.left)

    def _known_item(self, operation: ListOperation) -> None:
        if operation.item_code not in self.items:
            raise StaleOperation(f"目录里没有编码 {operation.item_code}，不能调整或停用", operation)

    def industry_name(self, operation: ListOperation) -> str:
        if operation.industry not in self.names:
            raise StaleOperation(
                f"本单位不在行业 {operation.industry or '（未写）'} 内，不能变更这个行业的合作伙伴", operation
            )
        return self.names[operation.industry]

    def snapshot(self) -> Snapshot:
        found = arranged(self.industries, self.partners.values(), self.items.values())
        return found if self.unit is None else {**found, "unit": self.unit}


def arranged(industries: list[IndustryName], partners: Iterable[Partner], items: Iterable[Item]) -> Snapshot:
    """One order for everybody: industries as given, partners by industry and code, items by code."""
    place = {industry["key"]: number for number, industry in enumerate(industries)}
    return {
        "industries": industries,
        "partners": sorted(partners, key=lambda row: (place[row["industry"]], row["code"])),
        "items": sorted(items, key=lambda row: row["code"]),
    }


def _item(operation: ListOperation) -> Item:
    return {
        "code": operation.item_code,
        "name": operation.item_name,
        "price": operation.item_price,
        "summary": operation.item_summary,
    }


def _unit_difference(was: Unit | None, now: Unit | None) -> list[Difference]:
    """A unit that was not asked for before is one that comes back."""
    if now is None or was == now:
        return []
    code = was["code"] if was else now["code"]
    return [{"subject": "unit", "mark": _mark(was, now), "code": code, "before": was, "after": now}]


def _partner_differences(before: Snapshot, after: Snapshot) -> list[Difference]:
    was = {(row["industry"], row["code"]): row for row in before["partners"]}
    now = {(row["industry"], row["code"]): row for row in after["partners"]}
    order = [industry["key"] for industry in before["industries"] + after["industries"]]
    names = {industry["key"]: industry["name"] for industry in before["industries"] + after["industries"]}
    keys = sorted(was.keys() | now.keys(), key=lambda key: (order.index(key[0]), key[1]))
    return [
        {
            "subject": "partner",
            "mark": _mark(was.get(key), now.get(key)),
            "industry": key[0],
            "industry_name": names[key[0]],
            "code": key[1],
            "before": was.get(key),
            "after": now.get(key),
        }
        for key in keys
        if was.get(key) != now.get(key)
    ]


def _item_differences(before: Snapshot, after: Snapshot) -> list[Difference]:
    was = {row["code"]: row for row in before["items"]}
    now = {row["code"]: row for row in after["items"]}
    return [
        {
            "subject": "item",
            "mark": _mark(was.get(code), now.get(code)),
            "code": code,
            "before": was.get(code),
            "after": now.get(code),
        }
        for code in sorted(was.keys() | now.keys())
        if was.get(code) != now.get(code)
    ]


def _mark(was: object, now: object) -> Mark:
    if was is None:
        return "add"
    return "end" if now is None else "edit"
