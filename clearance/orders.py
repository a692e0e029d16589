"""Orders to put something right: given, reported on, overdue and ended as the case goes from stage to stage."""

from datetime import datetime
from typing import Any

from django.db.models import Max

from cases import deadlines
from cases.models import Case
from cities.models import Outcome
from clearance import queries
from clearance.models import RectificationOrder
from providers.models import Registration
from providers.queries import standing_of

State = RectificationOrder.State
GIVEN_AT = "rectification"
# What the way out of a stage says of the order that runs: by kind of stage and role.
MEANS = {
    (GIVEN_AT, Outcome.Role.FORWARD): State.REPORTED,
    (GIVEN_AT, Outcome.Role.LAPSED): State.OVERDUE,
    ("recheck", Outcome.Role.FORWARD): State.DONE,
    ("recheck", Outcome.Role.REFUSE): State.NOT_DONE,
    ("recheck", Outcome.Role.BACK): State.NOT_DONE,
}
ENDS = (State.DONE, State.NOT_DONE)


def follow(case: Case, outcome: Outcome, *, by: Any, at: datetime) -> None:
    """What an outcome means for the order that runs, and the next one where it leads to one. The case is locked."""
    running, means = queries.running_order(case), MEANS.get((outcome.stage.kind, Outcome.Role(outcome.role)))
    if running and means:
        _become(running, means, at)
    if outcome.next_stage and outcome.next_stage.kind == GIVEN_AT:
        _end_overdue(case, at)
        _give(case, outcome, by=by, at=at)
    elif outcome.next_stage is None:
        _end_overdue(case, at)


def void(case: Case, at: datetime) -> None:
    """The case was stopped."""
    if running := queries.running_order(case):
        _become(running, State.VOID, at)


def revoke(case: Case, at: datetime) -> None:
    """All that it ever gave."""
    for order in case.orders.all():
        _become(order, State.REVOKED, at)


def late(order: RectificationOrder, at: datetime) -> None:
    """Its day is over and it was not carried out; it can be yet. The case is locked."""
    _become(order, State.OVERDUE, at)


def _become(order: RectificationOrder, state: str, at: datetime) -> None:
    order.state = state
    if state == State.REPORTED:
        order.reported_at = at
    if state in (*ENDS, State.VOID, State.REVOKED):
        order.ended_at = order.ended_at or at
    order.save()


def _end_overdue(case: Case, at: datetime) -> None:
    """One that was overdue and not looked at again was not carried out."""
    if (running := queries.running_order(case)) and running.state == State.OVERDUE:
        _become(running, State.NOT_DONE, at)


def _give(case: Case, outcome: Outcome, *, by: Any, at: datetime) -> None:
    assert case.registration is not None
    kind = case.procedure.kind
    RectificationOrder.objects.create(
        case=case,
        registration=case.registration,
        kind=kind,
        ordinal=_next(case.registration, kind),
        demands=case.measure.demands,
        article=outcome.article.number,
        ordered_at=at,
        ordered_by=by,
        deadline=deadlines.open_of(case),
    )


def _next(registration: Registration, kind: str) -> int:
    """No number is given twice, also where the order that had it was revoked."""
    rows = RectificationOrder.objects.filter(registration__in=standing_of(registration), kind=kind)
    return (rows.aggregate(Max("ordinal"))["ordinal__max"] or 0) + 1
