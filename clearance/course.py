"""What a unit's pages tell of its sanctions, orders, removals and how they reached it, in the programme's own terms."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from cases.models import Case
from clearance import queries
from clearance.models import RectificationOrder, Service
from providers import wording
from providers.course import Step
from providers.models import Registration, Removal
from records import words


def steps(registrations: Sequence[Registration]) -> Iterable[Step]:
    rows = Case.objects.filter(registration__in=registrations, procedure__kind__in=queries.KINDS)
    rows = rows.filter(submitted_at__isnull=False).exclude(result=Case.Result.DISCARDED)
    related = ("programme__city", "procedure", "edition")
    cases = {case.pk: case for case in rows.select_related(*related).defer("edition__changes")}
    undone = _undone(registrations)
    yield from (step for case in cases.values() for step in _begun_and_ended(case, undone))
    yield from _orders(cases)
    yield from _services(cases)


def _orders(cases: dict[UUID, Case]) -> Iterator[Step]:
    orders = RectificationOrder.objects.filter(case__in=cases)
    for order in orders.select_related("deadline"):
        last = f"最后一天 {words.full_day(order.deadline.closes_on)}，" if order.deadline else ""
        demands = f"。要求：{order.demands}" if order.demands else ""
        said = f"{last}{order.get_state_display()}{demands}"
        case = cases[order.case_id]
        yield _step(case, order.ordered_at, _ordered(case, order), said)


def _services(cases: dict[UUID, Case]) -> Iterator[Step]:
    for service in Service.objects.filter(case__in=cases).select_related("organisation", "stage"):
        said = f"{service.organisation}，{words.full_day(service.served_on)} {service.get_how_display()}"
        case = cases[service.case_id]
        yield _step(
            case, service.at, f"{queries.served_as(case, service.stage, service.since)}：已送达", said
        )


def _undone(registrations: Sequence[Registration]) -> dict[str, str]:
    """By the number of its case, of each removal that was found wrong since, when and by what."""
    rows = Removal.objects.filter(registration__in=registrations, lifted_at__isnull=False)
    return {row.case_number: wording.undone(row).removeprefix("；") for row in rows}


def _begun_and_ended(case: Case, undone: Mapping[str, str]) -> Iterator[Step]:
    assert case.submitted_at is not None
    begun = "立案" if case.channel == Case.Channel.OFFICE else "提交申请"
    reasons = "；".join(f"{one['label']}（{one['article']}）" for one in case.submission.get("grounds", []))
    yield _step(case, case.submitted_at, begun, reasons)
    if case.closed_at is not None:
        yield _step(case, case.closed_at, _ended(case), undone.get(str(case), ""))


def _ended(case: Case) -> str:
    if not case.edition:
        return str(case.get_result_display())
    return f"{'退出' if queries.is_own(case) else '移出'}名单，{case.edition}"


def _ordered(case: Case, order: RectificationOrder) -> str:
    partner = case.submission.get("partner")
    return f"责令取消与{partner['name']}的合作" if partner else f"责令{order}"


def _step(case: Case, at: datetime, what: str, detail: str) -> Step:
    return Step(at, f"{_term(case)}：{what}", detail, case.programme, case.pk, str(case))


def _term(case: Case) -> str:
    """A text may know several ways to leave the list, and calls each by its own name."""
    own = case.programme.warning_term if case.procedure.kind == queries.SANCTION else ""
    return own or case.procedure.title
