from typing import Any

import pytest
from django.db import transaction

from cases import engine, sweep
from cases import steps as case_steps
from cases.models import Case
from corrections import steps
from providers import registry
from providers.models import ListEdition
from providers.operations import ListOperation
from tests.conftest import NOW, PARTNERS

REASON = "第 1 版漏录了一家合作伙伴"


@pytest.fixture
def begun(registration: Any, clerk: Any, edition: ListEdition) -> Case:
    """A correction of the first unit in which only the reason is written."""
    return begin(registration, clerk, edition)


def begin(registration: Any, by: Any, corrects: ListEdition, at: Any = NOW) -> Case:
    case = steps.begin(registration, by=by, at=at)
    steps.save(case, corrects=corrects, reason=REASON, evidence="核对了公布的原件", at=at)
    return engine.load(case.pk)


def left_out(case: Case, partner: str = "fresh") -> dict[str, Any]:
    """A partner that the list should have had."""
    code, name = PARTNERS[partner]
    assert case.registration is not None
    industry = case.registration.entries.order_by("industry__order").first().industry  # type: ignore[union-attr]
    return {"industry": industry, "partner_code": code, "partner_name": name}


@pytest.fixture
def filed(begun: Case, clerk: Any) -> Case:
    steps.add_operation(begun, "add_partner", at=NOW, **left_out(begun))
    return case_steps.submit(engine.load(begun.pk), by=clerk, at=NOW)


def publish(case: Case, decider: Any, at: Any = NOW) -> Case:
    """Decided and, as the row has it, published by the system at once."""
    case_steps.decide(case, "approve", by=decider, at=at, opinion="同意")
    sweep.sweep(at)
    return engine.load(case.pk)


def put_behind(unit: Any, code: str, name: str) -> None:
    """A partner joins in an edition of its own."""
    industry = unit.entries.order_by("industry__order").first().industry
    joins = ListOperation("add_partner", industry.key, partner_code=code, partner_name=name)
    with transaction.atomic():
        registry.publish(registry.lock(unit.programme), unit, [joins], at=NOW, kind="change")
