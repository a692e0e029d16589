"""A rulebook file as read: every row with its values and the lines they stand on. Nothing here touches the database."""

from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from django.db.models import Model

from cities.models import Article, City, District, Industry, Programme, Rulebook
from cities.rulebooks import schema, values
from cities.rulebooks.errors import Problems
from cities.rulebooks.schema import Key, Section
from cities.rulebooks.source import Node, read, read_bytes

P = TypeVar("P", bound="Part")
HEADS = ("city", "programme", "rulebook", "articles")
# What may be listed inside a head beside its own keys.
INSIDE = {"city": ("districts",), "programme": ("industries",)}


@dataclass
class Part:
    """Keys and values of one place in a file. `lines` also knows keys whose value was refused; `inner` is what stands inside."""

    line: int
    path: str
    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    inner: dict[str, Node] = field(default_factory=dict)

    def line_of(self, name: str) -> int:
        return self.lines.get(name, self.line)

    def get(self, column: str) -> Any:
        return self.values.get(column)


@dataclass
class Row(Part):
    """A rule row; `parent` is the row it is written inside of."""

    section: Section = field(kw_only=True)
    parent: "Row | None" = None
    children: "list[Row]" = field(default_factory=list)

    @property
    def key(self) -> str:
        return str(self.values.get("key", ""))

    @property
    def place(self) -> str:
        """Its keys from the outermost row inwards, the name by which it is known within its section."""
        return f"{self.parent.place}.{self.key}" if self.parent else self.key

    def inside(self, section: str) -> "list[Row]":
        return [child for child in self.children if child.section.name == section]


@dataclass
class Draft:
    problems: Problems
    city: Part
    programme: Part
    rulebook: Part
    districts: list[Part] = field(default_factory=list)
    industries: list[Part] = field(default_factory=list)
    articles: list[Part] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    @property
    def standing(self) -> str:
        """As the file says; one that is silent is a draft."""
        return str(self.rulebook.get("standing") or Rulebook.Standing.DRAFT)

    def of(self, section: str) -> list[Row]:
        """Once all of its rows are read: the checks ask this again for every other reading of a row."""
        return self._by_section.get(section, [])

    @cached_property
    def _by_section(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row.section.name, []).append(row)
        return found


def read_draft(path: Path) -> tuple[Draft | None, Problems]:
    problems = Problems(str(path))
    return _of_root(read(path, problems), problems), problems


def read_draft_bytes(data: bytes, name: str) -> tuple[Draft | None, Problems]:
    """The same of a text that is in no file; errors call it `name`."""
    problems = Problems(name)
    return _of_root(read_bytes(data, problems), problems), problems


def _of_root(root: Node | None, problems: Problems) -> Draft | None:
    entries = _mapping(root, "文件", problems) if root else None
    return _draft(entries, problems) if entries is not None else None


def _draft(entries: dict[str, Node], problems: Problems) -> Draft:
    entries = _known(entries, [*HEADS, *(section.name for section in schema.sections())], "", problems)
    for name in HEADS:
        if name not in entries:
            problems.add(1, name, f"缺少 {name} 一节")
    city, programme, rulebook = (_head(entries, name, problems) for name in HEADS[:3])
    draft = Draft(problems, city, programme, rulebook)
    draft.districts = _names(draft.city.inner.get("districts"), "city.districts", District, problems)
    industries = draft.programme.inner.get("industries")
    draft.industries = _parts(industries, "programme.industries", schema.head(Industry), "key", problems)
    draft.articles = _parts(entries.get("articles"), "articles", schema.head(Article), "number", problems)
    for section in schema.sections():
        _rows(section, entries.get(section.name), None, section.name, draft)
    return draft


def _head(entries: dict[str, Node], name: str, problems: Problems) -> Part:
    node = entries.get(name)
    if node is None:
        return Part(1, name)
    models: dict[str, type[Model]] = {"city": City, "programme": Programme, "rulebook": Rulebook}
    keys = schema.head(models[name])
    return _part(Part(node.line, name), node, keys, problems, beside=INSIDE.get(name, ()))


def _parts(
    node: Node | None, path: str, keys: dict[str, Key], identity: str, problems: Problems
) -> list[Part]:
    parts: list[Part] = []
    for item in _list(node, path, problems):
        part = _part(Part(item.line, _path(path, item, identity)), item, keys, problems)
        _refuse_twice(part, identity, parts, problems)
        parts.append(part)
    return parts


def _names(node: Node | None, path: str, model: type[Model], problems: Problems) -> list[Part]:
    """Rows of which a file says nothing but their names."""
    key = schema.head(model)["name"]
    parts: list[Part] = []
    for item in _list(node, path, problems):
        try:
            name = values.convert(key, item)
        except values.Wrong as wrong:
            problems.add(item.line, path, str(wrong))
            continue
        part = Part(item.line, f"{path}.{name}", {"name": name}, {"name": item.line})
        _refuse_twice(part, "name", parts, problems)
        parts.append(part)
    return parts


def _rows(section: Section, node: Node | None, parent: Row | None, path: str, draft: Draft) -> None:
    siblings: list[Row] = []
    for item in _list(node, path, draft.problems):
        row = Row(item.line, _path(path, item, "key"), section=section, parent=parent)
        inside = {child.name: child for child in section.children}
        _part(row, item, section.keys, draft.problems, beside=tuple(inside))
        row.values["order"] = len(siblings) + 1
        _refuse_twice(row, "key", siblings, draft.problems)
        siblings.append(row)
        draft.rows.append(row)
        if parent is not None:
            parent.children.append(row)
        for name, child in inside.items():
            _rows(child, row.inner.get(name), row, f"{row.path}.{name}", draft)


def _path(path: str, item: Node, identity: str) -> str:
    """Where a row is, by its own key as soon as it has one."""
    own = item.value.get(identity) if isinstance(item.value, dict) else None
    return f"{path}.{own.value}" if own and isinstance(own.value, str) else path


def _part(part: P, node: Node, keys: dict[str, Key], problems: Problems, beside: tuple[str, ...] = ()) -> P:
    entries = _mapping(node, part.path, problems)
    if entries is None:
        return part
    entries = _known(entries, [*keys, *beside], part.path, problems)
    part.lines = {name: entry.line for name, entry in entries.items()}
    part.inner = {name: entries[name] for name in beside if name in entries}
    for name, key in keys.items():
        entry = entries.get(name)
        if entry is None or entry.value is None:
            if key.required:
                problems.add(entry.line if entry else part.line, f"{part.path}.{name}", _missing(key))
            continue
        try:
            part.values[key.column] = values.convert(key, entry)
        except values.Wrong as wrong:
            for one in wrong.each():
                problems.add(one.line or entry.line, f"{part.path}.{name}", str(one))
    return part


def _missing(key: Key) -> str:
    if key.column == "article":
        return "缺少依据：每条规则都要写明条款（应为 articles 里的一条）"
    return f"缺少这个键（{key.field.verbose_name}，必须写）"


def _mapping(node: Node, path: str, problems: Problems) -> dict[str, Node] | None:
    if isinstance(node.value, dict):
        return node.value
    problems.add(node.line, path, f"写的是{values.written(node)}（应为一组键，“键: 值”各占一行）")
    return None


def _list(node: Node | None, path: str, problems: Problems) -> list[Node]:
    if node is None or node.value is None:
        return []
    if isinstance(node.value, list):
        return node.value
    problems.add(node.line, path, f"写的是{values.written(node)}（应为列表，每项前加 -）")
    return []


def _known(entries: dict[str, Node], known: list[str], path: str, problems: Problems) -> dict[str, Node]:
    """The entries under known keys. One that is only misspelt is reported and then read as what it was meant to be."""
    kept = {name: entry for name, entry in entries.items() if name in known}
    for name, entry in entries.items():
        if name in known:
            continue
        close = get_close_matches(name, known, n=1, cutoff=0.5)
        expected = f"应为 {close[0]}" if close else f"这里可用的键：{'、'.join(known)}"
        problems.add(entry.line, f"{path}.{name}" if path else name, f"不认识这个键（{expected}）")
        if close:
            kept.setdefault(close[0], entry)
    return kept


def _refuse_twice(part: Part, identity: str, earlier: list[Any], problems: Problems) -> None:
    own = part.get(identity)
    same = next((other for other in earlier if own and other.get(identity) == own), None)
    if same:
        problems.add(
            part.line_of(identity), part.path, f"{identity} 重复：“{own}”第 {same.line_of(identity)} 行已有"
        )
