"""What a unit applies for itself is a ground like any other, found by its filing."""

from datetime import datetime
from typing import Any

from cases import grounds
from cases.models import Case, GroundFound
from cities.models import Ground, Outcome
from clearance import queries


def note(case: Case, outcome: Outcome, *, by: Any, at: datetime) -> None:
    """In the transaction of the filing, which takes it up at once; nothing else brings it up."""
    if outcome.stage.kind != "submission" or not queries.is_own(case) or case.grounds.exists():
        return
    if own := queries.own_request(case.procedure):
        row = _find(case, own, by=by, at=at)
        row.state, row.case, row.handled_at, row.handled_by = GroundFound.State.TAKEN, case, at, by
        row.save()


def _find(case: Case, own: Ground, *, by: Any, at: datetime) -> GroundFound:
    assert case.registration is not None
    return grounds.find(
        "ground",
        f"{own.key}:{case.pk}",
        case.registration,
        label=f"{case} 的申请",
        evidence=case.measure.facts.strip(),
        by=by,
        at=at,
        ground=own,
        found_in=case,
        told_as="单位自己提出",
    )
