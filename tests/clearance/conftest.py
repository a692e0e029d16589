from datetime import date
from typing import Any

from django.db import transaction

from cases import engine
from cases import steps as case_steps
from cases.models import Case, GroundFound
from cities.calendar.dates import local_day
from clearance import queries, serving, steps
from providers import registry
from providers.models import Organisation, Registration
from providers.operations import ListOperation
from tests.conftest import NOW, PARTNERS

DUE = date(2026, 11, 30)
FACTS = "经核对，所附的合同并不存在"


def enter(registration: Registration, by: Any, key: str, *, at: Any = NOW, **about: Any) -> GroundFound:
    """What somebody of the office has found, under the ground of that key."""
    rows = queries.grounds_in_force(registration.programme, at)
    ground = next(row for row in rows if row.key == key)
    return steps.enter(ground, registration, evidence="核对了合同原件", by=by, at=at, **about)


def begun(registration: Registration, by: Any, key: str, *, at: Any = NOW, **about: Any) -> Case:
    case = steps.begin(enter(registration, by, key, at=at, **about), by=by, at=at)
    steps.save(case, facts=FACTS, demands="补齐材料", afterwards="", at=at)
    return engine.load(case.pk)


def filed(registration: Registration, by: Any, key: str, *, at: Any = NOW, **about: Any) -> Case:
    return case_steps.submit(begun(registration, by, key, at=at, **about), by=by, at=at)


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
    """An order to part with a partner that has reached its unit."""
    about = {"partner": partner_of(registration)} | about
    case = filed(registration, clerk, "removal_fraud", at=moment, **about)
    case_steps.decide(case, "order", by=decider, at=moment, opinion="证书系伪造", named_day=due)
    return served(case, clerk, moment)


def served(case: Case, clerk: Any, moment: Any = NOW) -> Case:
    with engine.locked(case.pk) as (fresh, _):
        serving.serve(fresh, how="handed", served_on=local_day(moment), by=clerk, at=moment)
    return engine.load(case.pk)
