"""What stands in a cell: lines, each a value with its articles, or that the text is silent."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from cities.comparison.decided import decided
from cities.comparison.facts import Facts
from cities.models import CitedRow, Ground, Limit, Procedure
from cities.models.rules import sets_of
from cities.rulebooks.describe import article_url, citation
from cities.rulebooks.values import READ_VALUES

SILENT, READ = "未规定", "解释"


@dataclass(frozen=True)
class Tag:
    """A mark of how strictly something binds, with what the legend says of it; `css` is its class."""

    word: str
    meaning: str
    css: str = ""


Strictness = Limit.Strictness
STRICTNESS = {
    Strictness.HARD: Tag(Strictness.HARD.label, "必须遵守", "is-now"),
    Strictness.IN_PRINCIPLE: Tag(Strictness.IN_PRINCIPLE.label, "可说明理由突破"),
    Strictness.PLANNED: Tag(Strictness.PLANNED.label, "计划数，只显示不拦", "is-wait"),
    Strictness.FLAGGED: Tag(Strictness.FLAGGED.label, "不合的标出来，不拦办理", "is-wait"),
}
DISCRETION = Tag("可", "由主管部门裁量", "is-off")
FORCE = {Ground.Force.MUST: None, Ground.Force.MAY: DISCRETION}
LEGEND = (*STRICTNESS.values(), DISCRETION)


@dataclass(frozen=True)
class Line:
    """`about` says of which procedure, duty or measure, where a cell speaks of several; `aside` goes on from the value.
    `is_read`: the text leaves the value open, and it rests on our reading."""

    value: str = ""
    aside: str = ""
    about: str = ""
    tag: Tag | None = None
    cites: tuple[tuple[str, str], ...] = ()
    is_read: bool = False

    @property
    def is_unset(self) -> bool:
        return self.value == SILENT

    @property
    def said(self) -> str:
        """In a sentence of another line."""
        return f"{self.about}{self.value}{self.aside}"

    @property
    def text(self) -> str:
        about = f"{self.about}：" if self.about else ""
        tag = f"（{self.tag.word}）" if self.tag else ""
        cites = f"〔{'、'.join(number for number, _ in self.cites)}〕" if self.cites else ""
        read = f"〔{READ}〕" if self.is_read else ""
        return f"{about}{self.value}{self.aside}{tag}{read}{cites}"


@dataclass(frozen=True)
class Cell:
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        return "；".join(line.text for line in self.lines)


def cell(lines: Iterable[Line]) -> Cell:
    return Cell(tuple(lines) or (Line(SILENT),))


def cites(*rows: CitedRow) -> tuple[tuple[str, str], ...]:
    """The articles of rows, each once, in the order of the rows."""
    return tuple(dict.fromkeys(citation(row) for row in rows))


def cited(row: CitedRow, value: str, aside: str = "", about: str = "", tag: Tag | None = None) -> Line:
    return Line(value, aside, about, tag, cites(row), is_read(row))


def is_read(*rows: CitedRow) -> bool:
    """Whether a value of these rows, or how their days are counted, rests on a reading of ours."""
    counted_by = [getattr(row, "counting_rule", None) for row in rows]
    readings = [one for rule in (*rows, *counted_by) for one in getattr(rule, "interpretations", ())]
    return any(one.get(READ_VALUES) or _is_settable(one) for one in readings)


def _is_settable(reading: dict[str, Any]) -> bool:
    return any(sets_of(other) for other in reading["alternatives"])


def head_line(facts: Facts, article: str, value: str, aside: str, *columns: str) -> Line:
    """What the head says of these columns, where the text says it."""
    cited_as = ((article, article_url(facts.rulebook, article)),)
    about = (set(one.get(READ_VALUES, ())) for one in facts.rulebook.interpretations)
    return Line(value, aside, cites=cited_as, is_read=any(one & set(columns) for one in about))


def left_to_office(row: CitedRow, matter: str, about: str = "") -> Line:
    """Unstated; then what the office has decided, or that it is for the office to decide."""
    said = decided(row, matter)
    aside = f"；{said}" if said else f"，由{row.rulebook.programme.office_term}确定"
    return cited(row, SILENT, aside, about)


def by_procedure(
    facts: Facts, kinds: Iterable[str], lines_of: Callable[[Procedure], Iterable[Line]]
) -> list[Line]:
    """What each procedure of these kinds says, told apart by their titles where they differ; none if all are silent."""
    titles: dict[tuple[Line, ...], list[str]] = {}
    for one in facts.procedures(*kinds):
        titles.setdefault(tuple(lines_of(one)), []).append(one.title)
    if len(titles) <= 1:
        return [line for lines in titles for line in lines]
    return [
        replace(line, about="、".join(some))
        for lines, some in titles.items()
        for line in lines or (Line(SILENT),)
    ]
