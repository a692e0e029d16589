"""What these tests share."""

from typing import Any

from django.test import Client
from django.urls import reverse

from cities.comparison.cells import SILENT
from tests.conftest import at

DG, GZ, HS = "dongguan-lead-units", "guangzhou-lead-units", "huangshi-providers"

QDC, QDP = "qingdao-empowerment-centers", "qingdao-recommended-providers"

FIVE = (DG, GZ, HS, QDC, QDP)

AT = at("2026-09-17 10:32")

Cells = dict[str, dict[str, str]]


def table(client: Client, **query: Any) -> Any:
    response = client.get(reverse("comparison"), query)
    assert response.status_code == 200
    return response.context["table"]


def cells(client: Client, **query: Any) -> Cells:
    """The text of every cell, by row and programme."""
    return {
        row.label: {column.rulebook.programme.slug: cell.text for column, cell in row.cells}
        for group in table(client, **query).groups
        for row in group.rows
    }


def silent(row: dict[str, str]) -> set[str]:
    """The programmes whose text says nothing at all there, whatever article a gap is seen in."""
    return {slug for slug, text in row.items() if text.split("〔")[0] == SILENT}
