"""What an organisation is where, and since when."""

import re
from typing import Any

import pytest

from providers.models import Organisation
from tests.providers.codes import code
from tests.providers.conftest import FIRST
from tests.providers.pages.pages import enter


def rows(client: Any, code: str) -> list[str]:
    response = client.get(f"/organisations/{code}/")
    assert response.status_code == 200
    body = re.search(r"<tbody>.*?</tbody>", response.content.decode(), re.DOTALL)
    assert body
    cells = re.sub(r"<[^>]+>", "", body[0].replace("</tr>", "\r"))
    return ["".join(row.split()) for row in cells.split("\r") if row.strip()]


def test_unit_is_what_the_list_calls_it_since_the_day_it_entered(first_edition, client):
    assert rows(client, FIRST.code) == ["演示市·牵引单位牵引单位2026年1月5日现在"]


def test_partner_stands_behind_a_unit_in_its_industries(first_edition, client):
    assert rows(client, code(101)) == [
        "演示市·牵引单位示例智造科技有限公司的合作伙伴食品饮料、纺织服装2026年3月1日现在"
    ]


def test_what_has_ended_says_until_when_and_stands_below_what_lasts(second_edition, client):
    """The second edition replaced one partner in one of its industries."""
    told = [row for partner in (101, 102) for row in rows(client, code(partner)) if not row.endswith("现在")]

    assert len(told) == 1
    assert re.search(r"2026年3月1日2026年\d+月\d+日$", told[0])


def test_who_is_on_no_list_is_not_there(first_edition, client):
    Organisation.objects.create(credit_code="91990001MAQ0000000", name="未列入有限公司")

    assert client.get("/organisations/91990001MAQ0000000/").status_code == 404
    assert client.get("/organisations/nothing/").status_code == 404


@pytest.mark.parametrize("units", [1, 3])
def test_page_of_a_partner_takes_the_same_number_of_queries(
    client, programme, django_assert_num_queries, units
):
    enter(programme, units, partners=1)
    with django_assert_num_queries(8):
        assert len(rows(client, code(5000))) == units
