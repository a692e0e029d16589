"""A sanction or an order found wrong, taken back by whoever decides such things: from now on it stands and counts no more. Nothing is
erased; a removal from the list is undone by a correction (docs/decisions/0062)."""

from datetime import datetime
from typing import Any

from cases import confidential, engine, grounds, people
from cases.errors import Problem, Refused
from cases.models import Case, Decision, GroundFound
from clearance import documents, fallen, orders, queries
from clearance.serving import SERVES
from providers.queries import standing_of

REVOCABLE = (queries.SANCTION, queries.PARTNER_REMOVAL)


def decision_on(case: Case) -> Decision | None:
    """By which the unit was first ordered or told; None as long as nothing stands that could be taken back."""
    is_one = case.procedure.kind in REVOCABLE and case.result != Case.Result.REVOKED
    if not is_one or not _is_out(case):
        return None
    rows = case.decisions.filter(outcome__next_stage__kind__in=(orders.GIVEN_AT, SERVES))
    return rows.select_related("stage__article").order_by("at", "pk").first()


def why_not(case: Case, by: Any) -> str:
    """Why this person may not take it back, and who may; empty where he may. It takes the role that decided, and another person
    where deciding took one."""
    decided = decision_on(case)
    if decided is None:
        return f"{case} 没有可以撤销的决定（{case.stage or case.get_status_display()}）。"
    stage = decided.stage
    if not people.may_work(by, case, stage.actor):
        return f"撤销和作出一样，{people.BY_WHOM[stage.actor]}（{stage.article}），您没有这个角色。"
    if stage.four_eyes and (hand := by.acted_as(people.hands_before(case, stage, decided.at))):
        return f"撤销和作出一样，须由另一人办理：立案或者前面的意见是{hand}出的（{stage.article}）。"
    return ""


def revoke(case: Case, reason: str, *, by: Any, at: datetime) -> None:
    """The case is locked and fresh, open or closed. What it was about waits to be judged anew."""
    if why := why_not(case, by):
        raise Refused(why)
    if not reason.strip():
        raise Refused("写明为什么撤销。", problems=[Problem("reason", "写明为什么撤销，不能留空")])
    confidential.refuse_telling([case], "reason", reason)
    documents.revoke(case, reason.strip(), by=by, at=at)
    orders.revoke(case, at)
    _stop_changes(case, by=by, at=at)
    summary = f"撤销决定：{reason.strip()}"
    engine.end(case, Case.Result.REVOKED, by=by, at=at, verb="revoke", summary=summary)
    _let_fall(case, by=by, at=at)


def _is_out(case: Case) -> bool:
    is_being_served = case.stage is not None and case.stage.kind == SERVES
    return is_being_served or case.orders.exists() or case.services.filter(stage__kind=SERVES).exists()


def _stop_changes(case: Case, *, by: Any, at: datetime) -> None:
    """The changes by which it was being carried out; those that were published stay."""
    rows = case.carried_out_by.filter(status=Case.Status.OPEN)
    for change in engine.lock_more(case, rows.values_list("pk", flat=True)):
        why = f"据以办理的责令（{case}）已撤销，还要变更的另行申请"
        engine.stop(change, why, article=case.procedure.article.number, by=by, at=at)


def _let_fall(case: Case, *, by: Any, at: datetime) -> None:
    """What was noticed because of the order and waits: it is not found again for the same orders. A case that has taken it up is
    told by its check."""
    assert case.registration is not None
    rows = GroundFound.objects.filter(registration__in=standing_of(case.registration))
    for one in rows.filter(state=GroundFound.State.OPEN).select_related("ground"):
        if why := fallen.why(one):
            grounds.fall(one, why, by=by, at=at)
