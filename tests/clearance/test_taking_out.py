"""A ground that was combined into a case is taken out again as long as nothing was decided: it waits once more."""

from typing import Any

import pytest
from django.urls import reverse

from cases import engine, steps
from cases.admin.case import guard
from cases.errors import Refused
from cases.models import Case, GroundFound
from clearance import steps as measures
from records.answers import WRONG
from records.models import Event
from tests.clearance.conftest import begun, enter
from tests.conftest import NOW

WHY = "另立一件"


@pytest.fixture
def case(registration: Any, clerk: Any) -> Case:
    """A draft with two grounds."""
    case = begun(registration, clerk, "ground_fraud")
    measures.combine(case, enter(registration, clerk, "ground_other"), by=clerk, at=NOW)
    return engine.load(case.pk)


def other(case: Case) -> GroundFound:
    return GroundFound.objects.get(ground__key="ground_other", registration=case.registration)


def taken_out(case: Case, by: Any, reason: str = WHY) -> None:
    measures.take_out(case, other(case), reason=reason, by=by, at=NOW)


def test_it_waits_again_with_the_reason_on_record(case: Case, clerk: Any) -> None:
    taken_out(case, clerk)
    assert (other(case).state, other(case).case, case.grounds.count()) == ("open", None, 1)
    told = Event.objects.get(verb="ground.put_back")
    assert (WHY in told.summary, told.actor) == (True, clerk)


def test_from_what_is_filed_too_and_what_the_unit_will_be_told_goes_by_what_is_left(
    case: Case, clerk: Any
) -> None:
    filed = steps.submit(case, by=clerk, at=NOW)
    assert len(filed.submission["grounds"]) == 2
    taken_out(filed, clerk)
    left = engine.load(case.pk)
    assert len(left.submission["grounds"]) == 1
    assert left.events.filter(verb="measure.take_out").exists()
    [last] = left.grounds.all()
    with pytest.raises(Refused, match="只有一种情形"):
        measures.take_out(left, last, reason=WHY, by=clerk, at=NOW)


def test_not_once_the_unit_was_told(case: Case, clerk: Any, decider: Any) -> None:
    filed = steps.submit(case, by=clerk, at=NOW)
    steps.decide(filed, "hear", by=decider, at=NOW, named_day=NOW.date())
    with pytest.raises(Refused, match="已经告知单位"):
        taken_out(filed, clerk)


def test_needs_a_reason_and_a_clerk(case: Case, clerk: Any, decider: Any) -> None:
    with pytest.raises(Refused, match="写明为什么移出"):
        taken_out(case, clerk, " ")
    with pytest.raises(Refused, match="您没有这个角色"):
        taken_out(case, decider)


def test_buttons_of_the_draft_and_of_the_case(
    case: Case, clerk: Any, client: Any, stopped_clock: Any
) -> None:
    client.force_login(clerk)
    row, draft = other(case), reverse("admin:clearance_measure_change", args=[case.pk])
    typed = {"facts": "合同不存在", "demands": "", "afterwards": "", "do": f"out-{row.pk}"}
    refused = client.post(draft, typed)
    assert refused.status_code == WRONG
    assert "写明为什么移出" in refused.content.decode()
    client.post(draft, {**typed, f"why-{row.pk}": WHY})
    assert other(case).state == "open"
    client.post(draft, {**typed, "do": f"take-{row.pk}"})
    steps.submit(engine.load(case.pk), by=clerk, at=NOW)
    page = reverse("admin:cases_case_change", args=[case.pk])
    client.post(
        page, {**guard(engine.load(case.pk)), "action": "take_out_ground", "ground": row.pk, "reason": WHY}
    )
    assert other(case).state == "open"
