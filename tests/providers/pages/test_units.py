"""The page of a unit."""

import pytest
from django.urls import reverse

from providers.models import Registration
from tests.providers.codes import code
from tests.providers.conftest import SECOND, moment
from tests.providers.pages.pages import enter, errors


def unit_url(number: int = 1, query: str = "") -> str:
    return reverse("unit", args=["yanshi-units", code(number)]) + query


def test_unit_page(client, second_edition):
    answer = client.get(unit_url())

    assert [row["name"] for row in answer.context["face"].by_industry] == ["食品饮料", "纺织服装"]
    assert [(row["edition"].number, row["summary"]) for row in answer.context["history"]] == [
        (2, "合作伙伴 ＋1 －1，目录 ～1"),
        (1, "导入"),
    ]
    text = answer.content.decode()
    assert "29,800 元／年" in text
    assert "示例市" in text


def test_unit_page_of_another_unit_has_its_own_history(client, second_edition):
    answer = client.get(unit_url(2))
    assert [row["edition"].number for row in answer.context["history"]] == [1]


def test_unit_page_of_a_past_day(client, second_edition):
    answer = client.get(unit_url(query="?day=2026-05-09"))

    assert answer.context["face"].snapshot["items"][0]["price"] == "36,000 元／年"
    assert "当时在名单" in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "status"),
    [("?day=2026-02-01", 404), ("?day=2027-01-01", 400), ("?day=x", 400), ("?edition=7", 404)],
)
def test_unit_page_of_a_day_that_is_wrong(client, second_edition, query, status):
    answer = client.get(unit_url(query=query))

    assert answer.status_code == status
    assert "没有显示内容" in answer.content.decode()


def test_unit_page_of_a_day_before_it_entered(client, second_edition):
    Registration.objects.filter(organisation__credit_code=SECOND.code).update(
        valid_from=moment("2026-06-01T09:00")
    )
    answer = client.get(unit_url(2, "?day=2026-05-11"))

    assert answer.status_code == 404
    assert errors(answer) == [f"{SECOND.name}那天还不在名单"]


def test_unit_page_of_one_that_has_left(client, second_edition, unit):
    unit.valid_to = moment("2026-08-01T09:00")
    unit.save()

    text = client.get(unit_url()).content.decode()
    assert "已不在名单" in text
    assert "2026年8月1日 09:00" in text
    assert "当时在名单" in client.get(unit_url(query="?day=2026-07-31")).content.decode()


def test_unit_that_never_stood_there(client, first_edition):
    assert client.get(unit_url(101)).status_code == 404


@pytest.mark.parametrize("partners", [1, 3, 30])
def test_unit_page_takes_the_same_number_of_queries(client, programme, django_assert_num_queries, partners):
    enter(programme, 3, partners=partners)
    with django_assert_num_queries(21):
        client.get(unit_url(1001))
