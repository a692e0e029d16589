"""Grounds that were noticed because of orders, and stand no more since one of these was revoked."""

import re

from cases.models import GroundFound
from cities import decisions
from cities.limits import holds
from clearance import queries
from clearance.models import RectificationOrder

_OF_ORDER = re.compile(r":order:(\d+)$")


def why(found: GroundFound) -> str:
    """As a clause; empty where it stands. What somebody of the office has entered is for the office to judge."""
    if order := _OF_ORDER.search(found.source):
        is_gone = RectificationOrder.objects.filter(pk=order[1], state=RectificationOrder.State.REVOKED)
        return "所依据的责令已撤销" if is_gone.exists() else ""
    if found.ground is None or ":orders:" not in found.source:
        return ""
    row = decisions.settled(found.ground, found.found_at)
    count = queries.orders_of(found.registration, queries.SANCTION).count()
    stands = row.number is not None and holds(row.comparator, count, row.number)
    return "" if stands else f"有责令已撤销，现在只有 {count} 次"
