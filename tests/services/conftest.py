import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import redis
from django.db import transaction

from accounts.models import User
from bench import copies
from cases.models import Case
from changes.models import Operation
from cities.models import Programme
from providers import registry
from providers.listed import ListedUnit
from providers.models import Registration
from records import clock
from tests.conftest import at
from tests.providers.codes import code
from tests.races import database_url, show
from tests.servers import Running, clean_environment, running
from tests.services.workers import A_MINUTE_LATE


@pytest.fixture
def many_due(
    transactional_db: None, programme: Programme, apply: Any, clerk: User, decider: User
) -> Callable[[int], list[Case]]:
    """So many units' cases, all due on 2026-10-04, on a list that stands at edition 1."""

    def due(count: int) -> list[Case]:
        food = programme.industries.get(key="food-beverage")
        return [
            show(apply, unit, _partner(100 + number, food), clerk, decider)
            for number, unit in enumerate(_enter(programme, food, count), 1)
        ]

    return due


@pytest.fixture
def due_in_bulk(
    transactional_db: None, programme: Programme, apply: Any, clerk: User, decider: User
) -> Callable[[int], list[Case]]:
    """The same with an item each, the first applied for step by step, the others copies of its rows."""

    def due(count: int) -> list[Case]:
        food = programme.industries.get(key="food-beverage")
        first, *others = _enter(programme, food, count)
        action, item = Operation.Action.ADD_ITEM, {"item_code": "P-01", "item_name": "示例排产软件"}
        shown = show(apply, first, (action, item), clerk, decider)
        copies.repeat(shown, others, lambda *_: [{"action": action, **item}])
        return list(Case.objects.order_by("number"))

    return due


def _enter(programme: Programme, industry: Any, count: int) -> list[Registration]:
    units = [
        ListedUnit(
            code(number),
            f"示例{number}号有限公司",
            entered_on=date(2023, 12, 15),
            entries=(("lead_unit", industry.key),),
        )
        for number in range(1, count + 1)
    ]
    with transaction.atomic():
        registry.enter(registry.lock(programme), units, at=at("2024-01-10 09:00"))
    return list(Registration.objects.order_by("organisation__name"))


@pytest.fixture
def environment(settings: Any, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Of processes on the test database, whose clock stands a minute after the end of 2026-10-03."""
    settings.CLOCK_FILE = tmp_path / "clock.json"
    clock.shift_to(A_MINUTE_LATE)
    broker = os.environ["BROKER_URL"]
    redis.Redis.from_url(broker).flushdb()
    yield clean_environment(
        DATABASE_URL=database_url(),
        BROKER_URL=broker,
        PORTAL_VAR=str(tmp_path / "var"),
        PORTAL_CLOCK_FILE=str(settings.CLOCK_FILE),
    )
    redis.Redis.from_url(broker).flushdb()


@pytest.fixture
def worker(environment: dict[str, str], tmp_path: Path) -> Callable[..., AbstractContextManager[Running]]:
    def start(name: str, processes: int = 1, **more: str) -> AbstractContextManager[Running]:
        command = f"celery -A portal worker --concurrency {processes} --loglevel INFO --hostname {name}@here"
        return running(command, {**environment, **more}, tmp_path / name)

    return start


def _partner(number: int, industry: Any) -> tuple[str, dict[str, Any]]:
    name = f"虚构{number}号有限公司"
    return Operation.Action.ADD_PARTNER, {
        "industry": industry,
        "partner_code": code(number),
        "partner_name": name,
    }
