"""The list as a table for spreadsheets."""

import csv
from collections.abc import Iterator
from typing import Any

from django.db.models import FilteredRelation

from providers import queries
from providers.listing import View
from providers.models import Registration, RegistrationEntry
from providers.models.spans import stands

BYTE_ORDER_MARK = "\ufeff"
# What a spreadsheet would take for the beginning of a formula, in both widths.
FORMULA_STARTS = tuple("=+-@＝＋－＠\t\r\n")


class _Line:
    """What the csv module writes to; hands each line straight on."""

    def write(self, text: str) -> str:
        return text


def rows(view: View) -> Iterator[str]:
    """A line per industry and partner, an industry without a partner one line too; a single query however long."""
    writer: Any = csv.writer(_Line())
    unit, partner = view.programme.registrant_term, view.programme.partner_term or "合作伙伴"
    yield BYTE_ORDER_MARK
    yield writer.writerow(["信用代码", unit, "入库日期", "行业", f"{partner}信用代码", partner])
    for row in _entries(view):
        yield writer.writerow([harmless(cell) for cell in row])


def harmless(cell: Any) -> str:
    """No cell is ever computed by the program that opens it."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _entries(view: View) -> Iterator[tuple[Any, ...]]:
    standing = Registration.objects.at(view.at).filter(programme=view.programme)
    found = RegistrationEntry.objects.at(view.at).filter(registration__in=standing)
    return (
        found.annotate(
            behind=FilteredRelation("partnerships", condition=stands(view.at, "partnerships__")),
            unit_name=queries.name_at(view.at, "registration__organisation"),
            partner_name=queries.name_at(view.at, "behind__organisation"),
        )
        .order_by("registration", "industry__order", "industry", "behind__organisation__credit_code")
        .values_list(
            "registration__organisation__credit_code",
            "unit_name",
            "registration__entered_on",
            "industry__name",
            "behind__organisation__credit_code",
            "partner_name",
        )
        .iterator(chunk_size=2000)
    )
