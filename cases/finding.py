"""A unit looked up by the office: by its own name or code, or those of one that stands behind it."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from providers.models import Partnership, Registration

MOST_FOUND, MOST_TYPED = 20, 80


@dataclass(frozen=True)
class Match:
    """`behind`: the partners that it was found by."""

    unit: Registration
    behind: list[str]


def context(rows: QuerySet[Registration], typed: str) -> dict[str, Any]:
    """What admin/cases/find_unit.html shows of these."""
    sought = typed.replace("\0", "").strip()[:MOST_TYPED]
    found = search(rows, sought) if sought else []
    return {"sought": sought, "found": found[:MOST_FOUND], "has_more": len(found) > MOST_FOUND}


def search(rows: QuerySet[Registration], sought: str) -> list[Match]:
    """One more than a page shows says that there are more."""
    partners = Partnership.objects.current().filter(_named(sought), entry__valid_to=None)
    by_partner = Exists(partners.filter(entry__registration=OuterRef("pk")))
    found = rows.filter(_named(sought) | Q(by_partner)).order_by("organisation__name", "pk")[: MOST_FOUND + 1]
    units = list(found)
    behind: dict[int, dict[str, None]] = defaultdict(dict)
    told = partners.filter(entry__registration__in=units).order_by("organisation__name")
    for unit, name in told.values_list("entry__registration", "organisation__name"):
        behind[unit][name] = None
    return [Match(unit, list(behind[unit.pk])) for unit in units]


def _named(sought: str) -> Q:
    return Q(organisation__name__icontains=sought) | Q(organisation__credit_code__icontains=sought)
