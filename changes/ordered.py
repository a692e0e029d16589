"""A change that a unit was ordered to make: begun from the order, with what is to end written in it already."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from cases import kinds
from cases import steps as case_steps
from cases.errors import Refused
from cases.models import Case
from cases.operations import words
from cases.unit_notes import Obstacle, carrier
from changes import offered, queries, steps
from changes.models import Operation
from cities.models import Procedure
from cities.queries import rulebook_in_force
from providers import registry
from providers.models import Organisation, Partnership
from providers.queries import current_partnerships


def partner_of(order: Case) -> Organisation:
    """With whom the unit is to part. Raises Refused where the order does not ask it now."""
    partner = kinds.of(order).ends_partner(order)
    if partner is None:
        raise Refused(f"{order} 现在不等单位变更（{order.stage or order.get_status_display()}）。")
    return partner


def procedure_for(order: Case, at: datetime) -> Procedure:
    """By which a partner is ended. Raises Refused where the rules in force have none."""
    rulebook = rulebook_in_force(order.programme, at)
    rows = Procedure.objects.filter(rulebook=rulebook, kind="partner_change") if rulebook else ()
    ends = Operation.Action.END_PARTNER
    found = next((row for row in rows if ends in offered.actions(row)), None)
    if found is None:
        raise Refused(f"{order.programme}现在施行的规则里，没有让合作伙伴退出的程序。联系工作人员。")
    return found


def standing(order: Case, partner: Organisation) -> list[Partnership]:
    """Where the partner stands behind the unit of an order now, in the order of the industries."""
    rows = current_partnerships().filter(organisation=partner, entry__registration=order.registration)
    return list(rows.select_related("entry__industry", "organisation").order_by("entry__industry__order"))


def drafted(order: Case, procedure: Procedure) -> Case | None:
    """What the unit is writing at present by that procedure, for this order or not."""
    rows = Case.objects.filter(
        registration=order.registration, procedure__key=procedure.key, status=Case.Status.DRAFT
    )
    return rows.select_related("procedure").first()


def filed(order: Case) -> list[Case]:
    """The changes filed to carry out an order, the last first."""
    rows = order.carried_out_by.filter(submitted_at__isnull=False)
    return list(rows.select_related("stage", "procedure", "edition").order_by("-submitted_at"))


def begin(order: Case, *, by: Any, at: datetime) -> Case:
    """Begin the change that carries out an order, or go on with the one begun: the partner ended wherever it stands. It is marked
    as ordered, and the rows say what then counts. Raises Refused, so over another draft of the unit."""
    partner, procedure = partner_of(order), procedure_for(order, at)
    assert order.registration is not None
    with transaction.atomic():
        registry.lock(order.programme)
        if going := carrier(order):
            raise Refused(f"{going} 正在办理这件责令（{going.stage}），不用再写一份。")
        other = drafted(order, procedure)
        if other and other.order_id == order.pk:
            return other
        if other:
            raise Refused(why_not(other))
        case = case_steps.draft(procedure, order.registration, by=by, at=at)
        case.ordered, case.order = True, order
        case.save()
        for one in standing(order, partner):
            steps.add_operation(
                case,
                Operation.Action.END_PARTNER,
                at=at,
                industry=one.entry.industry,
                leaving_code=partner.credit_code,
                leaving_name=partner.name,
            )
        reason = f"按 {order} 责令，取消与{partner}的合作"
        steps.save(case, reason=reason, explanation="", truthful=False, at=at)
        return case


def in_the_way(order: Case, at: datetime) -> Obstacle | None:
    """What the unit has to bring to an end before it can apply for what it is ordered."""
    if kinds.of(order).ends_partner(order) is None:
        return None
    try:
        procedure = procedure_for(order, at)
    except Refused as refusal:
        return Obstacle(refusal.message)
    draft = drafted(order, procedure)
    if draft and draft.order_id != order.pk:
        is_own = draft.channel == Case.Channel.ONLINE
        where = (reverse("change", args=[draft.pk]), "去看那份草稿") if is_own else ("", "")
        return Obstacle(why_not(draft), *where)
    if going := _going(order, procedure):
        return Obstacle(_wait_for(going), reverse("case", args=[going.pk]), f"看 {going}")
    return None


def _going(order: Case, procedure: Procedure) -> Case | None:
    """What the unit has applied for that touches its partners and would have the ordered change refused."""
    assert order.registration is not None
    touched = words.subject_of(Operation.Action.END_PARTNER)
    rows = queries.going(order.registration, procedure).select_related("stage", "procedure")
    return next((one for one in rows if touched in one.submission.get("subjects", [])), None)


def _wait_for(going: Case) -> str:
    can_be_withdrawn = not case_steps.why_not_withdrawable(going)
    first = "等它办结，或者先撤回它" if can_be_withdrawn else "等它办结"
    return f"您单位的“{going.procedure}”正在办理（{going.stage}），办结以前责令的变更不能提交。可以先写好，{first}，再提交。"


def why_not(other: Case) -> str:
    """What stands in the way of beginning it."""
    if other.channel == Case.Channel.PAPER:
        return f"工作人员正在录入您单位的一份纸质申请“{other.procedure}”，一次只写一份。联系工作人员。"
    return f"您单位有一份还没有提交的“{other.procedure}”草稿，一次只写一份。先提交或者删除那一份，再办责令的变更。"
