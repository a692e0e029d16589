"""The list as a table for spreadsheets."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from django.db.models import FilteredRelation

from providers import queries, wording
from providers.listing import View
from providers.models import Registration, RegistrationEntry
from providers.models.spans import stands
from records import spreadsheet


def rows(view: View) -> Iterator[str]:
    """A line per industry and partner, an industry without a partner one line too; a single query however long."""
    unit, partner = view.programme.registrant_term, view.programme.partner_term or wording.PARTNER
    heads = ["信用代码", unit, "入库日期", "行业", f"{partner}信用代码", partner]
    if wording.has_partners(view.programme, view.counts["partners"]):
        return spreadsheet.lines(chain([heads], _entries(view)))
    return spreadsheet.lines(row[:4] for row in chain([heads], _entries(view)))


@dataclass(frozen=True)
class Listed:
    """A unit as a document names it."""

    code: str
    name: str
    entered_on: date
    industries: tuple[str, ...]


def units(view: View) -> list[Listed]:
    """In the order of the table; a single query."""
    found: dict[tuple[str, str, date], dict[str, None]] = {}
    for code, name, entered_on, industry, *_ in _entries(view):
        found.setdefault((code, name, entered_on), {})[industry or ""] = None
    return [Listed(*unit, tuple(filter(None, names))) for unit, names in found.items()]


def _entries(view: View) -> Iterator[tuple[Any, ...]]:
    standing = Registration.objects.at(view.at).filter(programme=view.programme)
    found = RegistrationEntry.objects.at(view.at).filter(registration__in=standing)
    return (
        found.annotate(
            behind=FilteredRelation("partnerships", condition=stands(view.at, "partnerships__")),
            unit_name=queries.name_at(view.at, "registration__organisation"),
            unit_code=queries.code_at(view.at, "registration__organisation"),
            partner_name=queries.name_at(view.at, "behind__organisation"),
        )
        .order_by("registration", "industry__order", "industry", "behind__organisation__credit_code")
        .values_list(
            "unit_code",
            "unit_name",
            "registration__entered_on",
            "industry__name",
            "behind__organisation__credit_code",
            "partner_name",
        )
        .iterator(chunk_size=2000)
    )
