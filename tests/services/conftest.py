from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from accounts.models import User
from cases.models import Case
from changes.models import Operation
from cities.models import Programme
from providers import registry
from providers.listed import ListedUnit
from providers.models import Registration
from tests.conftest import at
from tests.providers.codes import code
from tests.races import show


@pytest.fixture
def many_due(
    transactional_db: None, programme: Programme, apply: Any, clerk: User, decider: User
) -> Callable[[int], list[Case]]:
    """So many units' cases, all due on 2026-10-04, on a list that stands at edition 1."""

    def due(count: int) -> list[Case]:
        food = programme.industries.get(key="food-beverage")
        units = [
            ListedUnit(
                code(number),
                f"示例{number}号有限公司",
                entered_on=date(2023, 12, 15),
                entries=(("lead_unit", food.key),),
            )
            for number in range(1, count + 1)
        ]
        with transaction.atomic():
            registry.enter(registry.lock(programme), units, at=at("2024-01-10 09:00"))
        return [
            show(apply, unit, _partner(100 + number, food), clerk, decider)
            for number, unit in enumerate(Registration.objects.order_by("organisation__name"), 1)
        ]

    return due


def _partner(number: int, industry: Any) -> tuple[str, dict[str, Any]]:
    name = f"虚构{number}号有限公司"
    return Operation.Action.ADD_PARTNER, {
        "industry": industry,
        "partner_code": code(number),
        "partner_name": name,
    }
