"""The rows of a procedure by their keys, which last from version to version, and the days they give."""

from datetime import date, datetime
from functools import cached_property
from typing import Protocol

from cases import deadlines
from cases.errors import Refused
from cases.models import Case, Deadline
from cases.versions.differences import Side, said_of
from cities import decisions
from cities.calendar import Calendar
from cities.models import Limit, Outcome, Procedure, RequiredMaterial, Rulebook, Stage
from cities.queries import limits_of
from cities.rulebooks.describe import UNREGULATED
from records import words

Row = Stage | Outcome
COUNTED = ("rulebook__programme", "counting_rule", "article")


class Counted(Protocol):
    """A span as it was counted, or a deadline that keeps one."""

    @property
    def opens_on(self) -> date: ...
    @property
    def closes_at(self) -> datetime: ...
    @property
    def number(self) -> int | None: ...
    @property
    def unit(self) -> str: ...
    @property
    def certainty(self) -> str: ...


class Line:
    """A procedure in one version, read once however many cases go through it."""

    def __init__(self, procedure: Procedure, at: datetime) -> None:
        self.procedure, self.at = procedure, at

    @cached_property
    def stages(self) -> dict[str, Stage]:
        rows = self.procedure.stages.select_related(*COUNTED, "procedure")
        return {row.key: row for row in rows}

    @cached_property
    def outcomes(self) -> dict[tuple[str, str], Outcome]:
        """By the keys of their stage and their own."""
        rows = Outcome.objects.filter(stage__procedure=self.procedure)
        rows = rows.select_related(*COUNTED, "stage__procedure", "next_stage")
        return {(row.stage.key, row.key): row for row in rows}

    @cached_property
    def materials(self) -> dict[str, RequiredMaterial]:
        return {row.key: row for row in self.procedure.materials.select_related("article")}

    @cached_property
    def limits(self) -> dict[int | None, Limit]:
        """By their primary keys, which is how a check names the one behind it."""
        return {row.pk: row for row in limits_of(self.procedure, self.at).values()}

    def led_to(self, case: Case, at: datetime) -> Outcome | None:
        """The outcome that brought a case to its present stage at that moment; none if something else did."""
        told = set(case.events.filter(at=at).values_list("verb", flat=True))
        here = case.stage.key if case.stage else ""
        ways = (row for row in self.outcomes.values() if row.next_stage and row.next_stage.key == here)
        return next((row for row in ways if f"{row.stage.kind}.{row.key}" in told), None)

    def clock_of(self, stage: Stage, led_here: Outcome | None) -> Row:
        """The row that gives the days at a stage, where the same outcome leads to it."""
        own = led_here and self.outcomes.get((led_here.stage.key, led_here.key))
        return deadlines.row_that_counts(stage, own or None)


class Days:
    """Counts what the rows of a programme's versions give: the calendar read once, the office's decisions once a moment."""

    def __init__(self) -> None:
        self._calendar = Calendar()
        self._bound: dict[datetime, decisions.Binding] = {}

    def of(self, row: Row, start: datetime, instead_of: Deadline | None = None) -> Side:
        """What a row gives from a moment, in words; why not, where it cannot be counted. In place of a deadline, with all
        that was done to that."""
        settled = self._settled(row, start)
        if not deadlines.has_span(settled):
            return said_of(row, UNREGULATED)
        try:
            counted: Counted = deadlines.span_of(settled, start, self._calendar)
            if instead_of and not deadlines.is_told(instead_of):
                counted = deadlines.in_place(instead_of, settled, start, self._calendar)
        except Refused as uncountable:
            return said_of(row, uncountable.message)
        return said_of(row, span_words(counted), decisions.words(settled))

    def _settled(self, row: Row, at: datetime) -> Row:
        if at not in self._bound:
            self._bound[at] = decisions.binding(row.rulebook, at)
        return self._bound[at].settle(row)


def deadline_side(deadline: Deadline) -> Side:
    return Side(span_words(deadline), deadline.article, deadline.basis)


def span_words(counted: Counted) -> str:
    """First day, end, and how many days that is."""
    days = f"，{words.count(counted.number, counted.unit)}" if counted.number else ""
    tentative = "" if counted.certainty == "official" else "，暂定"
    return f"{words.full_day(counted.opens_on)} 至 {words.full_closes(counted.closes_at)}{days}{tentative}"


def procedure_of(rulebook: Rulebook, like: Procedure) -> Procedure | None:
    """The same procedure in another version; none where that has it not, or makes it one of another kind."""
    rows = Procedure.objects.filter(rulebook=rulebook, key=like.key, kind=like.kind)
    return rows.select_related("article", "rulebook__programme__city").first()
