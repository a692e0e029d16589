"""Finds grounds in what the portal knows already, for the sweep. Nothing is decided by what is found."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet

from cases import grounds
from cases.models import GroundFound
from cities.limits import holds
from cities.models import Ground, Programme
from clearance import queries
from clearance.models import RectificationOrder
from providers import terminations
from providers.models import Organisation, Registration, Termination
from providers.queries import current_partnerships
from records.words import full_day


@dataclass(frozen=True)
class Seen:
    """`source` is what it was seen in: the same is found once."""

    registration: Registration
    source: str
    evidence: str
    partner: Organisation | None = None


Detector = Callable[[Ground], Iterator[Seen]]


def detect(at: datetime) -> int:
    """How many grounds were found that were not known. A fixed number of queries for each ground of the rules in force."""
    found = 0
    for programme in Programme.objects.select_related("city"):
        for ground in queries.grounds_in_force(programme, at):
            if detector := DETECTORS.get(ground.detector):
                found += _note(ground, detector(ground), at)
    return found


def _note(ground: Ground, seen: Iterator[Seen], at: datetime) -> int:
    by_source = {f"{ground.key}:{one.source}": one for one in seen}
    known = GroundFound.objects.filter(kind="ground", source__in=by_source).values_list("source", flat=True)
    fresh = by_source.keys() - set(known)
    for source in sorted(fresh):
        _find(ground, source, by_source[source], at)
    return len(fresh)


def _find(ground: Ground, source: str, one: Seen, at: datetime) -> None:
    grounds.find(
        "ground",
        source,
        one.registration,
        label="系统发现",
        evidence=one.evidence,
        by=None,
        at=at,
        ground=ground,
        partner=one.partner,
    )


def overdue_orders(ground: Ground) -> Iterator[Seen]:
    """Orders whose days were over before they were carried out. One that was looked at and given again within its days is not."""
    state = RectificationOrder.State
    in_vain = Q(state=state.NOT_DONE) & (Q(deadline=None) | Q(ended_at__gte=F("deadline__closes_at")))
    rows = _current(ground).filter(Q(state=state.OVERDUE) | in_vain, kind=queries.SANCTION)
    for order in rows.select_related(
        "registration__organisation", "registration__programme", "deadline", "case"
    ):
        last = f"，最后一天 {full_day(order.deadline.closes_on)}" if order.deadline else ""
        said = f"{order.case} {order}（{order.article}）{last}，{order.get_state_display()}"
        yield Seen(order.registration, f"order:{order.pk}", said)


def many_orders(ground: Ground) -> Iterator[Seen]:
    """Units that were ordered as often as the row says, each order counted whatever became of it."""
    if ground.number is None:
        return
    for unit, first, given in _given(ground):
        if holds(ground.comparator, len(given), ground.number):
            listed = "；".join(f"{order}：{order.case}，{full_day(order.ordered_at)}" for order in given)
            yield Seen(unit, f"orders:{first}:{given[-1].ordinal}", f"共 {len(given)} 次：{listed}")


Given = tuple[Registration, int, list[RectificationOrder]]


def _given(ground: Ground) -> Iterator[Given]:
    """Of each unit on the list what stands of its orders, also from before a removal that was found wrong, with the key of the
    registration by which it first entered: what was found before that removal is not found again."""
    programme = ground.rulebook.programme_id
    goes_on = Registration.objects.filter(programme=programme, continues__isnull=False)
    before = {pk: was for pk, was in goes_on.values_list("pk", "continues") if was is not None}
    rows = RectificationOrder.objects.filter(registration__programme=programme, kind=queries.SANCTION)
    by_first: dict[int, list[RectificationOrder]] = {}
    for order in rows.exclude(state=RectificationOrder.State.REVOKED).select_related("case"):
        by_first.setdefault(_first(order.registration_id, before), []).append(order)
    units = Registration.objects.current().filter(programme=programme)
    for unit in units.select_related("organisation", "programme"):
        if given := by_first.get(first := _first(unit.pk, before)):
            yield unit, first, sorted(given, key=lambda one: one.ordinal)


def _first(unit: int, before: dict[int, int]) -> int:
    while unit in before:
        unit = before[unit]
    return unit


def terminated(ground: Ground) -> Iterator[Seen]:
    """Who has come to an end in law: units, or those behind units where the row is about partners."""
    if ground.consequence == Ground.Consequence.PARTNER_REMOVAL:
        yield from _terminated_partners(ground)
        return
    ended = _ended()
    units = _listed(ground).filter(organisation__in=ended)
    for unit in units.select_related("organisation", "programme"):
        row = ended[unit.organisation_id]
        yield Seen(unit, f"ended:{row.pk}:{unit.pk}", terminations.said(row))


def _terminated_partners(ground: Ground) -> Iterator[Seen]:
    """Once of a unit, in however many industries they stand behind it."""
    ended = _ended()
    behind = current_partnerships().filter(
        organisation__in=ended, entry__registration__programme=ground.rulebook.programme_id
    )
    related = ("organisation", "entry__registration__organisation", "entry__registration__programme")
    for one in behind.select_related(*related).order_by("pk"):
        row, unit = ended[one.organisation_id], one.entry.registration
        yield Seen(unit, f"ended:{row.pk}:{unit.pk}", terminations.said(row), one.organisation)


def _ended() -> dict[int, Termination]:
    """By the key of the organisation."""
    rows = Termination.objects.filter(lifted_at__isnull=True).select_related("organisation")
    return {row.organisation_id: row for row in rows}


def _listed(ground: Ground) -> QuerySet[Registration]:
    return Registration.objects.current().filter(programme=ground.rulebook.programme_id)


def _current(ground: Ground) -> QuerySet[RectificationOrder]:
    """Of the units that stand on the list."""
    programme = ground.rulebook.programme_id
    return RectificationOrder.objects.filter(registration__programme=programme, registration__valid_to=None)


DETECTORS: dict[str, Detector] = {
    "rectification_overdue": overdue_orders,
    "rectification_refused": overdue_orders,
    "rectification_orders": many_orders,
    "terminated": terminated,
}
