"""Orders to part with a partner, once given: they go on by themselves when it has left the list, and are told when they are late."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from cases import engine, letters
from cases.desk import Waiting
from cases.models import Case, Deadline
from cases.unit_notes import carrier
from cities import frozen
from cities.models import Outcome
from clearance import letters as wordings
from clearance import orders, queries
from clearance.models import Measure, RectificationOrder
from providers.models import ListEdition
from records import events
from records.words import full_day


def published(edition: ListEdition, cases: Sequence[Case], *, by: Any, at: datetime) -> None:
    """In the transaction of an edition: the orders that it carries out go on to be looked at again."""
    if not (left := _who_left(edition)):
        return
    units = [case.registration_id for case in cases]
    rows = _given().filter(case__registration__in=units, partner__credit_code__in=left)
    for order in engine.lock_more(cases[0], rows.values_list("pk", flat=True)):
        with engine.beside(cases[0], order):
            go_on(order, at=at, edition=edition)


def _who_left(edition: ListEdition) -> set[str]:
    """The partners that it ends, by their credit codes."""
    lines = (line for change in edition.changes for line in change["differences"])
    return {line["code"] for line in lines if (line["subject"], line["mark"]) == ("partner", "end")}


def look_again(at: datetime) -> int:
    """The same for the sweep, of what has left the list in whatever other way; how many went on."""
    gone = list(_carried_out())
    for key in gone:
        with engine.locked(key) as (case, _):
            go_on(case, at=at)
    return len(gone)


def go_on(order: Case, *, at: datetime, edition: ListEdition | None = None) -> None:
    """Where the list does not have the partner behind the unit any more, and the unit is waited for with nothing else, the order
    goes on to be looked at again. The case is locked and fresh."""
    if not is_asked(order) or not _is_gone(order):
        return
    assert order.stage is not None
    where = f"（{edition}名单）" if edition else ""
    said = f"{order.measure.partner}已不在{order.organisation}名下{where}，由工作人员核对名单"
    outcome = frozen.outcome_of(order.stage, Outcome.Role.FORWARD)
    engine.follow(order, outcome, by=None, at=at, summary=said)


def is_asked(case: Case) -> bool:
    """Whether its unit is ordered, by now, to part with a partner."""
    is_one = case.procedure.kind == queries.PARTNER_REMOVAL and case.status == Case.Status.OPEN
    return is_one and case.stage is not None and case.stage.kind == orders.GIVEN_AT


def _is_gone(order: Case) -> bool:
    partner, unit = order.measure.partner, order.registration
    return partner is not None and unit is not None and not queries.stands(unit, partner)


def _given() -> QuerySet[Measure]:
    """The orders that units are asked to carry out."""
    return Measure.objects.filter(
        partner__isnull=False,
        case__status=Case.Status.OPEN,
        case__procedure__kind=queries.PARTNER_REMOVAL,
        case__stage__kind=orders.GIVEN_AT,
    )


def _carried_out() -> QuerySet[Any]:
    """The keys of the orders whose partner stands behind their unit no more."""
    stands = queries.partnerships(OuterRef("case__registration"), OuterRef("partner"))
    return _given().filter(~Exists(stands)).values_list("pk", flat=True)


# An order whose day is over: nothing follows from it, the unit stays asked.


def note_late(at: datetime) -> int:
    """How many orders the sweep found late that no clock brings to an end; whoever is late is told once."""
    keys = list(_late(at).values_list("case", flat=True))
    for key in keys:
        with engine.locked(key) as (case, _):
            order = _late(at).filter(case=case).first()
            if order:
                _tell_late(case, order, at)
    return len(keys)


def waits(programmes: list[int], today: date) -> list[Waiting]:
    """What the worklist says of orders that are late: the case waits for its unit, and somebody has to ask after it."""
    count = overdue().filter(case__programme__in=programmes).count()
    address = f"{reverse('admin:clearance_measure_changelist')}?owed=late"
    return [Waiting(f"{count} 件责令到期没有完成", address, count)] if count else []


def overdue() -> QuerySet[RectificationOrder]:
    """Past their day, and still to be carried out."""
    rows = RectificationOrder.objects.filter(state=RectificationOrder.State.OVERDUE)
    return rows.filter(case__stage__kind=orders.GIVEN_AT)


def _late(at: datetime) -> QuerySet[RectificationOrder]:
    """Where the clock brings something about the case has left the stage by then. Nobody is late for what he has not heard: until
    it is served a case waits for the clerk."""
    rows = RectificationOrder.objects.filter(state=RectificationOrder.State.OPEN, case__set_aside_at=None)
    rows = rows.filter(deadline__state=Deadline.State.RUNNING, deadline__closes_at__lte=at)
    rows = rows.filter(case__stage__kind=orders.GIVEN_AT, case__waiting_for="provider")
    return rows.select_related("deadline")


def _tell_late(case: Case, order: RectificationOrder, at: datetime) -> None:
    assert order.deadline is not None
    orders.late(order, at)
    last = full_day(order.deadline.closes_on)
    events.record(
        "measure.late",
        f"{case.stage}：到 {last} 没有完成",
        at=at,
        by=None,
        article=order.article,
        case=case,
        programme=case.programme,
        organisation=case.organisation,
    )
    key, told = f"order:{order.pk}:late", {"last": last, "carrier": carrier(case)}
    letters.post(case, wordings.late(case), key, at=at, article=order.article, **told)
