"""Orders to part with a partner."""

from datetime import date
from typing import Any

from django.db import transaction

from cases import steps as case_steps
from cases.models import Case
from providers import registry
from providers.models import Organisation, Registration
from providers.operations import ListOperation
from tests.clearance.conftest import filed, served
from tests.conftest import NOW, PARTNERS

DUE = date(2026, 11, 30)


def partner_of(registration: Registration, key: str = "cloud") -> Organisation:
    return Organisation.objects.get(credit_code=PARTNERS[key][0])


def behind(registration: Registration, key: str, place: int = 0, *, action: str = "add_partner") -> None:
    """Published of a sudden: a partner comes to stand behind a unit in its first industry, or another, or leaves it."""
    industry = registration.entries.order_by("industry__order")[place].industry.key
    code, name = PARTNERS[key]
    side = "leaving" if action == "end_partner" else "partner"
    operation = ListOperation(action, industry=industry, **{f"{side}_code": code, f"{side}_name": name})
    with transaction.atomic():
        register = registry.lock(registration.programme)
        registry.publish(register, registration, [operation], at=NOW, kind="change")


def ordered(
    registration: Registration, clerk: Any, decider: Any, *, due: date = DUE, moment: Any = NOW, **about: Any
) -> Case:
    """One that has reached its unit."""
    about = {"partner": partner_of(registration)} | about
    case = filed(registration, clerk, "removal_fraud", at=moment, **about)
    case_steps.decide(case, "order", by=decider, at=moment, opinion="证书系伪造", named_day=due)
    return served(case, clerk, moment=moment)
