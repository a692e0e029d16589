"""What these tests share."""

from datetime import date
from typing import Any

from django.test import Client
from django.urls import reverse

from cities.models import Programme
from providers import registry
from providers.listed import ListedItem, ListedPartner, ListedUnit
from providers.models import ListEdition
from providers.operations import ListOperation
from tests.providers.codes import code
from tests.providers.conftest import moment

JUST_BEFORE_MIDNIGHT = moment("2026-05-10T23:59:59")

REPLACE = ListOperation(
    "replace_partner",
    industry="food",
    partner_code=code(104),
    partner_name="演示包装自动化有限公司",
    leaving_code=code(102),
)


def url(query: str = "") -> str:
    return reverse("list", args=["yanshi-units"]) + query


def page(client: Client, query: str = "", status: int = 200) -> Any:
    answer = client.get(url(query))
    assert answer.status_code == status
    return answer


def errors(answer: Any) -> list[str]:
    return [str(error) for found in answer.context["form"].errors.values() for error in found]


def enter(programme: Programme, number: int, partners: int = 2) -> ListEdition:
    """A list of so many units in a programme of their own."""
    units = [
        ListedUnit(
            code(1000 + place),
            f"示例{place}有限公司",
            date(2026, 1, 5),
            (("lead", "food"), ("lead", "textile")),
            partners=tuple(
                ListedPartner("food", code(5000 + n), f"样例{n}有限公司") for n in range(partners)
            ),
            items=(ListedItem("P-01", "排产软件"),),
        )
        for place in range(number)
    ]
    return registry.enter(registry.lock(programme), units, at=moment("2026-03-01T10:00"))
