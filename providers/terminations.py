"""How staff record that an organisation has come to its end in law, and take back what was recorded in error."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from providers.models import Organisation, Termination
from records import events, words


@transaction.atomic
def record(
    organisation: Organisation, *, kind: str, day: date, evidence: str, by: Any, at: datetime
) -> Termination:
    row = Termination.objects.create(
        organisation=organisation, kind=kind, day=day, evidence=evidence, recorded_at=at
    )
    _tell("termination", f"登记{said(row)}", row, by=by, at=at)
    return row


@transaction.atomic
def lift(row: Termination, *, reason: str, by: Any, at: datetime) -> None:
    """It was recorded in error: from now on nothing is found over it."""
    row.lifted_at, row.lifted_reason = at, reason
    row.save()
    _tell("termination.lift", f"撤销登记 {row}：{reason}", row, by=by, at=at)


def said(row: Termination) -> str:
    return f"{row.organisation} {words.full_day(row.day)} {row.get_kind_display()}（{row.evidence}）"


def told(row: Termination) -> str:
    """The same with what became of it."""
    lifted = f"，{words.full_day(row.lifted_at)}撤销：{row.lifted_reason}" if row.lifted_at else ""
    return f"{said(row)}{lifted}"


def _tell(verb: str, summary: str, row: Termination, *, by: Any, at: datetime) -> None:
    events.record(verb, summary, at=at, by=by, data={"termination": row.pk}, organisation=row.organisation)
