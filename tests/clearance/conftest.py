from typing import Any

from cases import engine
from cases import steps as case_steps
from cases.models import Case, GroundFound
from clearance import queries, steps
from providers.models import Registration
from tests.conftest import NOW

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
