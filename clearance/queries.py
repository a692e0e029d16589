"""Reads of sanctions, removals and clearances."""

from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.models import Case, GroundFound
from cases.queries import is_begun_by_office, is_desk
from cities import decisions, frozen
from cities.keys import ASKED, STAGE_KINDS
from cities.limits import strictly
from cities.models import Ground, Limit, Outcome, Procedure, Programme, Stage
from cities.queries import rulebook_in_force
from clearance.models import RectificationOrder, Service
from providers import bars
from providers.models import Organisation, Partnership, Registration, Removal
from providers.queries import current_partnerships, standing_of

SANCTION, PARTNER_REMOVAL, CLEARANCE = "sanction", "partner_removal", "clearance"
KINDS = (SANCTION, PARTNER_REMOVAL, CLEARANCE)
# Of cities.keys.DETECTORS.
OWN_REQUEST = "own_request"
ON_ORDERS = ("rectification_overdue", "rectification_refused", "rectification_orders")


def is_one(case: Case) -> bool:
    return case.procedure.kind in KINDS


def is_own(case: Case) -> bool:
    """Whether the unit itself applies for it: it leaves, and nobody removes it."""
    return case.channel != Case.Channel.OFFICE


def grounds_in_force(programme: Programme, at: datetime) -> list[Ground]:
    """Every reason that the rules in force know, with what the office has decided of it."""
    rulebook = rulebook_in_force(programme, at)
    if rulebook is None:
        return []
    rows = Ground.objects.filter(rulebook=rulebook).select_related("article", "rulebook__programme")
    bound = decisions.binding(rulebook, at)
    return [bound.settle(row) for row in rows.order_by("order", "pk")]


def procedure_of(ground: Ground) -> Procedure | None:
    """By which a ground of a version is dealt with."""
    rows = Procedure.objects.filter(rulebook_id=ground.rulebook_id, key=ground.procedure_key)
    return rows.select_related("article", "rulebook__programme").first()


def can_be_taken_up(ground: Ground) -> bool:
    """Whether the office itself can begin a case over it; what only a unit applies for it cannot."""
    procedure = procedure_of(ground)
    return procedure is not None and is_begun_by_office(procedure)


def taken_up(case: Case) -> list[GroundFound]:
    """The grounds that a case is about, as they were found."""
    rows = case.grounds.select_related("ground__article", "partner")
    return sorted(rows, key=lambda one: (one.ground.order if one.ground else 0, one.found_at))


def own_request(procedure: Procedure) -> Ground | None:
    """The ground that a unit brings up itself by applying for a procedure."""
    rows = Ground.objects.filter(rulebook_id=procedure.rulebook_id, procedure_key=procedure.key)
    return rows.filter(detector=OWN_REQUEST).select_related("article").first()


def reentry_after(procedure: Procedure, at: datetime) -> Limit | None:
    """The row by which whoever leaves by this procedure may not come back, or not often, as the office reads it by then."""
    found = bars.rows(procedure.rulebook.programme, at, procedure.rulebook)
    return next((row for row in found if procedure.key in row.after and bars.forbids(row)), None)


def reentry_words(limit: Limit) -> str:
    again = f"再次申请成为{limit.rulebook.programme.registrant_term}"
    how = (
        f"不得{again}" if limit.number == 0 else f"{again}{limit.get_comparator_display()} {limit.number} 次"
    )
    return strictly(limit, how)


def announced_by(procedure: Procedure) -> Stage | Procedure:
    """The row that has a removal announced."""
    stages = frozen.stages_of(procedure)
    return next((stage for stage in stages if stage.kind == "publication"), procedure)


def article_of(case: Case) -> str:
    """What a refusal at its present stage rests on."""
    return case.stage.article.number if case.stage else case.procedure.article.number


def has_removed(case: Case) -> bool:
    """Whether it has taken its unit off the list, and nobody has found that wrong."""
    if case.procedure.kind != CLEARANCE or case.status != Case.Status.CLOSED or case.registration is None:
        return False
    return case.registration.removals.filter(lifted_at__isnull=True, case_number=str(case)).exists()


def removes(outcome: Outcome) -> bool:
    """Whether it is what takes a unit off the list, at once or by what is published next."""
    leads = outcome.next_stage.kind if outcome.next_stage else ""
    return is_desk(outcome.stage) and (leads == "publication" or outcome.effect == Outcome.Effect.REGISTRY)


def was_revoked(case: Case) -> bool:
    """Whether what it had decided was taken back, which its unit has to be told like any decision."""
    return is_one(case) and case.result == Case.Result.REVOKED


def unserved_removals() -> QuerySet[Case]:
    """Removals that stand and of which it is not on record that their unit was told."""
    return standing_removals().filter(~Exists(_told_at_its_end()))


def standing_removals() -> QuerySet[Case]:
    """The cases that have taken their unit off the list, which nobody has found wrong."""
    removal = Removal.objects.filter(
        registration=OuterRef("registration"), lifted_at__isnull=True, case_number=OuterRef("number")
    )
    return Case.objects.filter(Exists(removal), procedure__kind=CLEARANCE, status=Case.Status.CLOSED)


def led_to(case: Case) -> list[Case]:
    """The cases over grounds that its orders, or what it decided, have brought about."""
    by_order = [Q(source__endswith=f":order:{order.pk}") for order in case.orders.all()]
    found = GroundFound.objects.filter(reduce(or_, by_order, Q(found_in=case)), case__isnull=False)
    rows = Case.objects.filter(pk__in=found.values("case"), submitted_at__isnull=False).exclude(pk=case.pk)
    return list(rows.select_related("procedure").order_by("submitted_at"))


def unserved_revocations() -> QuerySet[Case]:
    """Decisions taken back of which it is not on record that their unit was told."""
    rows = Case.objects.filter(procedure__kind__in=KINDS, result=Case.Result.REVOKED)
    return rows.filter(~Exists(_told_at_its_end()))


def _told_at_its_end() -> QuerySet[Service]:
    return Service.objects.filter(case=OuterRef("pk"), since=OuterRef("closed_at"))


def served_as(case: Case, stage: Stage | None, since: datetime | None) -> str:
    """What was decided at that moment and is served, in the words of the rows: an order by its stage, the decision itself where
    that is the last one, and that it was taken back."""
    if was_revoked(case) and since == case.closed_at:
        return f"撤销“{case.procedure}”的决定"
    is_asked = stage is not None and stage.kind in ASKED
    return str(stage) if is_asked else f"{case.procedure}的决定"


def asked_to(case: Case) -> str:
    """What its unit is to do where it is asked, in the word of the kind of stage; it carries out an order about a partner by a
    change of its list."""
    assert case.stage is not None
    return "变更名单" if case.procedure.kind == PARTNER_REMOVAL else STAGE_KINDS[case.stage.kind]


def running_order(case: Case) -> RectificationOrder | None:
    return case.orders.filter(state__in=RectificationOrder.RUNNING).first()


def order_behind(case: Case) -> RectificationOrder | None:
    """The last order of the unit, where one of the grounds of a case rests on its orders."""
    rests = case.registration is not None and case.grounds.filter(ground__detector__in=ON_ORDERS).exists()
    rows = RectificationOrder.objects.filter(registration=case.registration, kind=SANCTION)
    rows = rows.exclude(state=RectificationOrder.State.REVOKED)
    return rows.select_related("case").order_by("ordinal").last() if rests else None


def orders_of(registration: Registration, kind: str) -> QuerySet[RectificationOrder]:
    """All that a unit was ordered in this programme by procedures of a kind, whatever became of it; not what was revoked."""
    rows = RectificationOrder.objects.filter(registration__in=standing_of(registration), kind=kind)
    return rows.exclude(state=RectificationOrder.State.REVOKED).order_by("ordinal")


def partnerships(registration: Any, partner: Any) -> QuerySet[Partnership]:
    """Where a partner stands behind a unit now, one for each industry; either may be of an outer query."""
    return current_partnerships().filter(organisation=partner, entry__registration=registration)


def stands(registration: Registration, partner: Organisation) -> bool:
    return partnerships(registration, partner).exists()
