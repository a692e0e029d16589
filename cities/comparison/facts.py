"""The rows of the versions that are compared: one query per table, whatever the number of versions."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from cities.decisions import bindings
from cities.models import (
    Category,
    CitedRow,
    Condition,
    Dimension,
    EvaluationScheme,
    GradeBand,
    Ground,
    Limit,
    Procedure,
    Provision,
    Quota,
    ReportingDuty,
    Rulebook,
    RuleRow,
    Stage,
    TextRule,
)
from cities.rulebooks import content

Row = TypeVar("Row", bound=CitedRow)

READ: tuple[type[CitedRow], ...] = (
    TextRule,
    Category,
    Limit,
    Procedure,
    Stage,
    Condition,
    Quota,
    EvaluationScheme,
    Dimension,
    GradeBand,
    Ground,
    ReportingDuty,
    Provision,
)
# Long lists that no cell shows, and that every row would bring along with its rulebook.
LEFT_OUT = ("rulebook__interpretations", "rulebook__rules")


@dataclass
class Facts:
    """The rows of one version, with their values as decided."""

    rulebook: Rulebook
    rows: dict[type[CitedRow], list[Any]] = field(default_factory=dict)

    def of(self, model: type[Row]) -> list[Row]:
        return self.rows.get(model, [])

    def procedures(self, *kinds: str) -> list[Procedure]:
        return [one for one in self.of(Procedure) if one.kind in kinds]

    def belong(self, model: type[Row], *kinds: str) -> list[Row]:
        """The rows that name a procedure of these kinds."""
        keys = {one.key for one in self.procedures(*kinds)}
        return [row for row in self.of(model) if getattr(row, "procedure_key", "") in keys]

    def stages(self, procedure: Procedure, *kinds: str) -> list[Stage]:
        return [one for one in self.of(Stage) if one.procedure_id == procedure.pk and one.kind in kinds]

    def limits(self, measure: str, *kinds: str) -> list[Limit]:
        """Those of this measure; with kinds, those that govern such a procedure or all of them."""
        own = {one.pk for one in self.belong(Limit, *kinds)}
        rows = [one for one in self.of(Limit) if one.measure == measure]
        return [one for one in rows if not kinds or not one.procedure_key or one.pk in own]

    def category_names(self, keys: Iterable[str]) -> list[str]:
        wanted = set(keys)
        return [one.name for one in self.of(Category) if one.key in wanted]

    def carried(self, row: RuleRow, kind: str) -> list[TextRule]:
        """The text's rules of this kind that a row carries out; each stands in its own article, not always in the row's."""
        return [one for one in self.of(TextRule) if one.kind == kind and one.key in row.rules]

    def carries_out(self, row: Stage, kind: str) -> bool:
        """Whether the text has a rule of this kind that the row carries out; a rulebook without such a list is believed."""
        return not self.of(TextRule) or bool(self.carried(row, kind))

    def provisions(self, kind: str) -> list[Provision]:
        """What no code reads, of the text's rules of this kind."""
        return [one for one in self.of(Provision) if self.carried(one, kind)]


def read(rulebooks: list[Rulebook], at: datetime) -> list[Facts]:
    found = {one.pk: Facts(one) for one in rulebooks}
    bound = bindings([one.programme_id for one in rulebooks], at)
    for model in READ:
        for row in content.with_all_named(model).filter(rulebook__in=found).defer(*LEFT_OUT):
            book = found[row.rulebook_id]
            book.rows.setdefault(model, []).append(bound[book.rulebook.programme_id].settle(row))
    return list(found.values())
