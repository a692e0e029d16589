"""What stands in a cell: lines, each a value with its articles, or that the text is silent."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from cities.comparison.decided import decided
from cities.comparison.facts import Facts
from cities.models import CitedRow, Ground, Limit, Procedure
from cities.rulebooks.describe import article_url, citation

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
    `is_read`: the text leaves the value open, and another reading of it would give another one."""

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
    return Line(value, aside, about, tag, cites(row), _is_read(row))


def _is_read(row: CitedRow) -> bool:
    """Whether an alternative to one of its readings, or to one of how its days are counted, would set something else."""
    counted_by = getattr(row, "counting_rule", None)
    readings = [one for rule in (row, counted_by) for one in getattr(rule, "interpretations", ())]
    return any(isinstance(other, dict) for one in readings for other in one["alternatives"])


def head_cites(facts: Facts) -> tuple[tuple[str, str], ...]:
    """Where the text says how long it binds."""
    article = facts.rulebook.validity_article
    return ((article, article_url(facts.rulebook, article)),)


def left_to_office(row: CitedRow, matter: str, about: str = "") -> Line:
    """Unstated; then what the office has decided, or that it is for the office to decide."""
    said = decided(row, matter)
    aside = f"；{said}" if said else f"，由{row.rulebook.programme.office_term}确定"
    return cited(row, SILENT, aside, about)


def by_procedure(
    facts: Facts, kinds: Iterable[str], lines_of: Callable[[Procedure], Iterable[Line]]
) -> list[Line]:
    """What each procedure of these kinds says, told apart by its title where there are several; none if all are silent."""
    found = [(one.title, tuple(lines_of(one))) for one in facts.procedures(*kinds)]
    if not any(lines for _, lines in found):
        return []
    if len(found) == 1:
        return list(found[0][1])
    return [replace(line, about=title) for title, lines in found for line in lines or (Line(SILENT),)]
