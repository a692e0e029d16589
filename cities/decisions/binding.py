"""The decisions that bind at a moment, and rows with the values that were decided. Nothing here is saved."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils import timezone

from cities.models import CitedRow, CountingRule, OfficeDecision, Rulebook
from cities.models.rules import sets_of
from cities.rulebooks.content import place_of
from records.words import full_day

Row = TypeVar("Row", bound=CitedRow)
# Where a rulebook has its programme's confirmed decisions while its rows are shared.
READ = "read_decisions"
COUNTING, BY_OFFICE = "counting_rule", "_set_by_office"


@dataclass
class Binding:
    """The decisions of one programme that bind at one moment, read once; the latest of each matter."""

    found: dict[tuple[str, str], dict[str, OfficeDecision]] = field(default_factory=dict)

    def take(self, decision: OfficeDecision) -> None:
        """Over the one of the same matter that came before it."""
        self.found.setdefault((decision.section, decision.place), {})[decision.matter] = decision

    def of(self, section: str, place: str) -> list[OfficeDecision]:
        found = self.found.get((section, place), {}).values()
        return sorted(found, key=lambda one: (one.effective_from, one.settled_at, one.pk))

    def on(self, section: str, place: str, matter: str) -> OfficeDecision | None:
        return self.found.get((section, place), {}).get(matter)

    def settle(self, row: Row) -> Row:
        """A copy of the row with every value as decided; `decided` says by which decisions. Never save it."""
        decided = [one for one in self.of(row.section, place_of(row)) if leaves_open(row, one)]
        row = copy(row)
        for decision in decided:
            for column, value in decision.value.items():
                setattr(row, column, _of_column(row, column, value))
        rule = getattr(row, COUNTING, None)
        if rule is not None and rule.pk:
            settled_rule = self.settle(rule)
            setattr(row, COUNTING, settled_rule)
            decided += decided_of(settled_rule)
        row.decided = decided  # type: ignore[attr-defined]
        return row


def binding(rulebook: Rulebook, at: datetime) -> Binding:
    """One query; none where a lock has the decisions read once for all that is done under it (`cities.frozen`)."""
    read: Iterable[OfficeDecision] | None = getattr(rulebook, READ, None)
    if read is None:
        return bindings([rulebook.programme_id], at)[rulebook.programme_id]
    bound = Binding()
    for one in read:
        if one.counts(at):
            bound.take(one)
    return bound


def bindings(programmes: Iterable[int], at: datetime) -> dict[int, Binding]:
    """Of several programmes, by their keys; one query for all of them, none for none."""
    found = {key: Binding() for key in programmes}
    day = timezone.localtime(at).date()
    rows = confirmed(*found).filter(settled_at__lte=at, effective_from__lte=day)
    for one in rows:
        found[one.programme_id].take(one)
    return found


def confirmed(*programmes: int) -> QuerySet[OfficeDecision]:
    """In the order in which they come to bind."""
    rows = OfficeDecision.objects.filter(programme__in=programmes, is_confirmed=True)
    return rows.order_by("effective_from", "settled_at", "pk")


def leaves_open(row: Any, decision: OfficeDecision) -> bool:
    """Whether this version of the row still leaves the matter to the office. What a later text states, no earlier decision
    overrides; nor does what only a draft offers bind the version in force."""
    if decision.matter in flags(row):
        return True
    questions = (one for one in row.interpretations if one["question"] == decision.matter)
    return any(offers(one["alternatives"], decision) for one in questions)


def offers(alternatives: list[Any], decision: OfficeDecision) -> bool:
    """Whether what was decided changes no value, or is one of these alternatives."""
    return not decision.value or decision.value in map(sets_of, alternatives)


def flags(row: CitedRow) -> list[str]:
    """What the row leaves to the office, by the name of the value."""
    names = [field.name for field in row._meta.fields if field.name.endswith(BY_OFFICE)]
    return [name.removesuffix(BY_OFFICE) for name in names if getattr(row, name)]


def settled(row: Row, at: datetime) -> Row:
    return binding(row.rulebook, at).settle(row)


def waiting(row: CitedRow, matter: str) -> OfficeDecision | None:
    """What one person has entered of it and another has still to confirm."""
    of_row = OfficeDecision.objects.filter(
        programme=row.rulebook.programme_id, section=row.section, place=place_of(row), matter=matter
    )
    return of_row.filter(is_confirmed=None).first()


def words(row: CitedRow) -> str:
    """How pages cite what was decided of a row that was settled; empty where nothing was."""
    return "；".join(sentence(row.rulebook.programme.office_term, one) for one in decided_of(row))


def decided_of(row: Any) -> list[OfficeDecision]:
    return list(getattr(row, "decided", []))


def sentence(office: str, decision: OfficeDecision) -> str:
    return f"{office} {full_day(decision.decided_on)} 确定为{decision.wording}（{decision.basis}）"


def _of_column(row: CitedRow, column: str, value: Any) -> Any:
    """A day or an hour is written in JSON as text."""
    if column == COUNTING:
        return _counting(value)
    field: Any = row._meta.get_field(column)
    return field.to_python(value)


def _counting(value: dict[str, Any]) -> CountingRule:
    """A counting rule that stands in no rulebook."""
    hour = value.get("closing_hour")
    return CountingRule(**{**value, "closing_hour": time.fromisoformat(hour) if hour else None})
