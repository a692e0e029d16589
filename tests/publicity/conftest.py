from datetime import timedelta
from typing import Any

import pytest

from publicity import gate, steps
from publicity.models import Objection, PublicityItem, PublicityPeriod
from records import clock
from tests.conftest import at

OBJECTOR = "王异议"
CONTACT = "13800001111"
DURING = at("2026-09-30 09:00")


@pytest.fixture
def item(case_in_publicity: Any) -> PublicityItem:
    return PublicityItem.objects.select_related("period", "case").get(case=case_in_publicity)


@pytest.fixture
def period(item: PublicityItem) -> PublicityPeriod:
    return item.period


def what(**other: Any) -> dict[str, Any]:
    """What `steps.lodge` takes."""
    return {
        "person": "individual",
        "name": OBJECTOR,
        "contact": CONTACT,
        "matter": "该企业 2026年8月 已停止经营，不能再作合作伙伴。",
        **other,
    }


def typed(shown: PublicityItem, **other: Any) -> dict[str, Any]:
    """What somebody sends from the page."""
    return {
        "item": str(shown.pk),
        "opened": gate.opened(clock.now() - timedelta(minutes=1), shown.period_id),
        **what(),
        **other,
    }


def settle(objection: Objection, *, upheld: bool, conclusion: str, by: Any, at: Any) -> None:
    """Take an objection all the way to its conclusion."""
    steps.accept(objection, by=by, at=at)
    steps.note(objection, words="已核实", by=by, at=at)
    verdict = "upheld" if upheld else "dismissed"
    steps.conclude(objection, conclusion=verdict, words=conclusion, by=by, at=at)


@pytest.fixture
def objection(item):
    return steps.lodge(item, at=DURING, **what())


@pytest.fixture
def seen_by(client, stopped_clock, request):
    """A browser in which somebody of the office is logged in, on a day in the publicity."""

    def log_in(name):
        stopped_clock(DURING)
        client.force_login(request.getfixturevalue(name) if isinstance(name, str) else name)
        return client

    return log_in


@pytest.fixture
def looked_into(objection, clerk):
    steps.accept(objection, by=clerk, at=DURING)
    steps.note(objection, words="已到现场核实", by=clerk, at=DURING)
    objection.refresh_from_db()
    return objection
