import pytest

from cases import engine, steps
from cases.models import Case
from tests.conftest import NOW, add, at, submitted


@pytest.fixture(autouse=True)
def clock_stands_at_now(stopped_clock):
    return stopped_clock


@pytest.fixture
def verified_case(submitted_case, clerk):
    for material in submitted_case.materials.all():
        steps.verify_seal(material, by=clerk, at=NOW)
    return submitted_case


@pytest.fixture
def reported_case(verified_case, clerk):
    return steps.decide(verified_case, "support", by=clerk, at=NOW, opinion="材料齐全")


@pytest.fixture
def crowded_case(apply, registration, provider, clerk, stopped_clock):
    """The second change within six months, which is allowed with a reason: reported to the decider."""
    first = at("2026-06-01 10:00")
    change = submitted(apply(registration, provider, moment=first), by=provider, at=first)
    engine.end(
        engine.load(change.pk), Case.Result.PUBLISHED, by=None, at=first, verb="publish", summary="发布"
    )
    case = apply(registration, provider, [add("other", registration)])
    case.partner_change.explanation = "在建项目须接续"
    case.partner_change.save()
    case = submitted(case, by=provider, at=NOW)
    for material in case.materials.all():
        steps.verify_seal(material, by=clerk, at=NOW)
    return steps.decide(case, "support", by=clerk, at=NOW, opinion="材料齐全")
