"""The comparison as rows and cells: what the page shows and the download holds."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cities.comparison.cells import LEGEND, Cell, Tag, cell
from cities.comparison.facts import Facts, read
from cities.comparison.topics import GROUPS
from cities.comparison.topics.topic import Topic
from cities.models import Rulebook
from cities.rulebooks import page


@dataclass(frozen=True)
class Column:
    """`name` is short, for the beginning of a cell on a phone."""

    rulebook: Rulebook
    name: str
    standing: page.Standing
    is_in_force: bool

    @property
    def text(self) -> str:
        programme = self.rulebook.programme
        return f"{programme.city}{programme.name}（第 {self.rulebook.version} 版，{self.standing.word}）"


@dataclass(frozen=True)
class Row:
    label: str
    cells: tuple[tuple[Column, Cell], ...]


@dataclass(frozen=True)
class RowGroup:
    label: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Table:
    columns: tuple[Column, ...]
    groups: tuple[RowGroup, ...]

    @property
    def width(self) -> int:
        return len(self.columns) + 1

    @property
    def legend(self) -> tuple[Tag, ...]:
        return LEGEND

    def lines(self) -> Iterator[list[str]]:
        """As a download: the heads, then a line per row."""
        yield ["类", "事项", *(column.text for column in self.columns)]
        for group in self.groups:
            for row in group.rows:
                yield [group.label, row.label, *(found.text for _, found in row.cells)]


def compare(rulebooks: list[Rulebook], at: datetime) -> Table:
    """These versions side by side, with what had been decided by that moment."""
    columns = _columns(rulebooks, at)
    beside = list(zip(columns, read(rulebooks, at), strict=True))
    groups = tuple(
        RowGroup(group.label, tuple(Row(one.label, _cells(one, beside)) for one in group.topics))
        for group in GROUPS
    )
    return Table(columns, groups)


def _columns(rulebooks: list[Rulebook], at: datetime) -> tuple[Column, ...]:
    cities = Counter(one.programme.city_id for one in rulebooks)
    return tuple(
        Column(one, _short(one, cities), page.standing(one, at), one.is_in_force(at)) for one in rulebooks
    )


def _short(rulebook: Rulebook, cities: Counter[int]) -> str:
    programme = rulebook.programme
    alone = cities[programme.city_id] == 1
    return programme.city.name if alone else programme.registrant_term


def _cells(topic: Topic, beside: list[tuple[Column, Facts]]) -> tuple[tuple[Column, Cell], ...]:
    return tuple((column, cell(topic.answer(facts))) for column, facts in beside)
