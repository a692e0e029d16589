"""How far each rule of a text is carried out: counted by rule id, from the rows that say which of them they carry."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from cities import built, keys
from cities.models import (
    Category,
    CountingRule,
    Ground,
    Limit,
    Outcome,
    Procedure,
    Provision,
    ReportingDuty,
    Rulebook,
    TextRule,
)
from cities.rulebooks import content, schema


class Status(StrEnum):
    """`ENFORCED` needs a row that is carried out and a rehearsal that proves it; `UNPROVEN` has only the first."""

    ENFORCED = "enforced"
    UNPROVEN = "unproven"
    GUIDED = "guided"
    AWAITING = "awaiting"
    DECLARATORY = "declaratory"
    UNPLACED = "unplaced"


LABELS = {
    Status.ENFORCED: "平台查验或执行",
    Status.UNPROVEN: "平台执行，还没有演练证明",
    Status.GUIDED: "办理时提示，由人判断",
    Status.AWAITING: "等程序开通后查验或提示",
    Status.DECLARATORY: "只作说明",
    Status.UNPLACED: "没有着落",
}


@dataclass
class Traced:
    """One rule of the text with the rows that carry it; `awaits` are the kinds of procedure in which it is not carried out
    yet, also where it is in others."""

    rule: TextRule
    status: Status
    awaits: tuple[str, ...] = ()
    rows: list[str] = field(default_factory=list)

    @property
    def is_open_question(self) -> bool:
        """Whether data could decide it, nothing does or will, and the file does not say why."""
        settled = (Status.ENFORCED, Status.AWAITING)
        return (
            self.rule.checkable == TextRule.Checkable.YES
            and self.status not in settled
            and not self.rule.why_not
        )


@dataclass
class Carrier:
    place: str
    awaits: tuple[str, ...]
    is_said_only: bool
    guides: bool


def trace(rulebook: Rulebook, proven: Collection[str]) -> list[Traced]:
    """Every rule in the order of the text; `proven` are the ids that rehearsals prove. A fixed number of queries."""
    carriers = _carriers(rulebook)
    rules = rulebook.textrules.select_related("article")
    return [_traced(rule, carriers.get(rule.key, []), rule.key in proven) for rule in rules]


def counts(traced: list[Traced]) -> dict[str, int]:
    """How many rules there are, and how many of each status."""
    found = {str(status): sum(one.status == status for one in traced) for status in Status}
    return {"rules": len(traced), **found}


def _traced(rule: TextRule, carriers: list[Carrier], is_proven: bool) -> Traced:
    places = [carrier.place for carrier in carriers]
    if not carriers:
        return Traced(rule, Status.UNPLACED)
    awaits = tuple(dict.fromkeys(kind for one in carriers for kind in one.awaits))
    if any(not one.is_said_only and not one.awaits for one in carriers):
        return Traced(rule, Status.ENFORCED if is_proven else Status.UNPROVEN, awaits, places)
    if awaits:
        return Traced(rule, Status.AWAITING, awaits, places)
    guides = any(one.guides for one in carriers)
    return Traced(rule, Status.GUIDED if guides else Status.DECLARATORY, (), places)


def _carriers(rulebook: Rulebook) -> dict[str, list[Carrier]]:
    found: dict[str, list[Carrier]] = {}
    for key in rulebook.rules:
        found.setdefault(key, []).append(Carrier("rulebook", (), is_said_only=False, guides=False))
    kinds = kinds_of(rulebook)
    rows = list(_rows(rulebook))
    counted = _counted_in(rows, kinds)
    for row in rows:
        needed = counted[row.pk] if isinstance(row, CountingRule) else needs(row, kinds)
        found_in = present(needed, kinds)
        carrier = Carrier(
            f"{row.section}.{content.place_of(row)}",
            awaited(found_in) or _unseen(row),
            is_said_only=isinstance(row, Provision) or bool(needed and not found_in),
            guides=bool(getattr(row, "procedure_key", "")),
        )
        for key in row.rules:
            found.setdefault(key, []).append(carrier)
    return found


def kinds_of(rulebook: Rulebook) -> dict[str, str]:
    """The kind of each procedure by its key."""
    return dict(Procedure.objects.filter(rulebook=rulebook).values_list("key", "kind"))


def _rows(rulebook: Rulebook) -> Iterator[Any]:
    for model in schema.RULE_ROWS:
        yield from content.rows_of(rulebook, model)


def present(needed: tuple[str, ...], kinds: dict[str, str]) -> tuple[str, ...]:
    """Those that the rulebook has a procedure of: what none of them asks is only said, and waits for nothing."""
    return tuple(kind for kind in needed if kind in kinds.values())


def awaited(kinds: tuple[str, ...]) -> tuple[str, ...]:
    """Nothing where one of the kinds is built: there the row is carried out."""
    return () if any(map(built.is_built, kinds)) else kinds


def _unseen(row: Any) -> tuple[str, ...]:
    """The kinds that would bring what a ground is noticed by, also where the text has no procedure of them."""
    return awaited(keys.DETECTORS[row.detector].needs) if isinstance(row, Ground) else ()


def _counted_in(rows: list[Any], kinds: dict[str, str]) -> dict[Any, tuple[str, ...]]:
    """The kinds of procedure in which each counting rule counts."""
    found: dict[Any, tuple[str, ...]] = defaultdict(tuple)
    for row in rows:
        if rule := getattr(row, "counting_rule_id", None):
            found[rule] += tuple(kind for kind in needs(row, kinds) if kind not in found[rule])
    return found


def needs(row: Any, kinds: dict[str, str]) -> tuple[str, ...]:
    """The kinds of procedure in which a row is carried out; none where it needs none, as a limit that bars, which holds however
    somebody enters. `kinds` are those of the rulebook's procedures, by key."""
    if isinstance(row, Limit) and keys.LIMITS[row.measure].bars:
        return ()
    row = row.stage if isinstance(row, Outcome) else row
    procedure = row if isinstance(row, Procedure) else getattr(row, "procedure", None)
    if procedure is not None:
        return (procedure.kind,)
    if named := getattr(row, "procedure_key", "") or getattr(
        getattr(row, "scheme", None), "procedure_key", ""
    ):
        return (kinds[named],)
    if isinstance(row, Category):
        return ("entry",)
    if isinstance(row, Limit):
        return keys.LIMITS[row.measure].kinds
    return (keys.reported_in(row.timing),) if isinstance(row, ReportingDuty) else ()
