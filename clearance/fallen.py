"""Grounds that were noticed because of orders, and stand no more since one of these was revoked."""

import re

from django.db.models import QuerySet

from cases.models import Case, GroundFound
from cities import decisions
from cities.limits import holds
from clearance import queries
from clearance.models import RectificationOrder
from records.words import full_moment

_OF_ORDER = re.compile(r":order:(\d+)$")


def why(found: GroundFound) -> str:
    """As a clause with the moment; empty where it stands. What somebody of the office has entered is for the office to judge."""
    if order := _OF_ORDER.search(found.source):
        gone = _revoked().filter(pk=order[1]).first()
        return f"所依据的责令已撤销（{_when(gone)}）" if gone else ""
    if found.ground is None or ":orders:" not in found.source:
        return ""
    row = decisions.settled(found.ground, found.found_at)
    count = queries.orders_of(found.registration, queries.SANCTION).count()
    if row.number is not None and holds(row.comparator, count, row.number):
        return ""
    gone = _revoked().filter(registration=found.registration, kind=queries.SANCTION).last()
    return f"有责令已撤销{f'（{_when(gone)}）' if gone else ''}，现在只有 {count} 次"


def removals(programmes: list[int]) -> list[Case]:
    """Removals that stand though what one of their grounds rests on has fallen: somebody has to say whether they were wrong. One query
    where no order was ever revoked, else two and one for each unit that was removed for the number of its orders, one revoked."""
    gone = dict(_revoked().filter(case__programme__in=programmes).values_list("pk", "registration"))
    if not gone:
        return []
    rows = GroundFound.objects.filter(programme__in=programmes, ground__detector__in=queries.ON_ORDERS)
    rows = rows.filter(case__in=queries.standing_removals())
    related = ("ground__rulebook__programme", "registration", "case")
    fell = {one.case for one in rows.select_related(*related) if one.case and _fell(one, gone)}
    return sorted(fell, key=str)


def _fell(found: GroundFound, gone: dict[int, int]) -> bool:
    if order := _OF_ORDER.search(found.source):
        return int(order[1]) in gone
    return found.registration_id in gone.values() and bool(why(found))


def _revoked() -> QuerySet[RectificationOrder]:
    """The last to be revoked last: its case ended then."""
    rows = RectificationOrder.objects.filter(state=RectificationOrder.State.REVOKED)
    return rows.select_related("case").order_by("case__closed_at", "pk")


def _when(order: RectificationOrder) -> str:
    moment = order.case.closed_at
    return f"{order.case}，{full_moment(moment)}" if moment else str(order.case)
