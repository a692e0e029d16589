"""Who an organisation goes back to, and how staff record that one does."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from providers.models import Organisation, Succession
from providers.models.undone import counts_at
from records import events, words

# The steps from one that came before to the organisation itself, the last first.
Steps = list[Succession]


def behind(organisations: Iterable[int], at: datetime) -> dict[int, dict[int, Steps]]:
    """By the key of each organisation: itself, without a step, and all that it goes back to by then. One query."""
    into: dict[int, list[Succession]] = {}
    rows = Succession.objects.filter(counts_at(at), day__lte=timezone.localtime(at).date())
    for row in rows.select_related("predecessor", "successor").order_by("day", "pk"):
        into.setdefault(row.successor_id, []).append(row)
    return {key: _walk(key, into) for key in organisations}


def _walk(key: int, into: dict[int, list[Succession]]) -> dict[int, Steps]:
    found: dict[int, Steps] = {key: []}
    left = [key]
    while left:
        here = left.pop()
        for step in into.get(here, []):
            if step.predecessor_id not in found:
                found[step.predecessor_id] = [*found[here], step]
                left.append(step.predecessor_id)
    return found


def step_words(step: Succession) -> str:
    how = f"{words.full_day(step.day)} {step.get_kind_display()}"
    return f"{step.predecessor} → {step.successor}（{how}，{step.evidence}）"


@transaction.atomic
def record(
    predecessor: Organisation,
    successor: Organisation,
    *,
    kind: str,
    day: date,
    evidence: str,
    by: Any,
    at: datetime,
) -> Succession:
    row = Succession.objects.create(
        predecessor=predecessor, successor=successor, kind=kind, day=day, evidence=evidence, recorded_at=at
    )
    _tell("succession", f"登记{step_words(row)}", row, by=by, at=at)
    return row


@transaction.atomic
def lift(row: Succession, *, reason: str, by: Any, at: datetime) -> None:
    """It was recorded in error: from now on nothing follows it."""
    row.lifted_at, row.lifted_reason = at, reason
    row.save()
    _tell("succession.lift", f"撤销登记 {row}：{reason}", row, by=by, at=at)


def _tell(verb: str, summary: str, row: Succession, *, by: Any, at: datetime) -> None:
    events.record(verb, summary, at=at, by=by, data={"succession": row.pk}, organisation=row.successor)
