"""A unit that wants to leave is told what it means before it can confirm; the office may enter it from paper."""

from typing import Any

import pytest
from django.urls import reverse

from cases import engine, paper
from cases import steps as case_steps
from cases.models import Case
from cities.models import Limit, Outcome, RequiredMaterial, Stage
from cities.queries import procedure_in_force
from clearance import steps
from records.models import Letter
from tests.conftest import NOW


@pytest.fixture(autouse=True)
def now(stopped_clock: Any) -> None:
    stopped_clock(NOW)


@pytest.fixture
def procedure(registration: Any) -> Any:
    return procedure_in_force(registration.programme, "exit", NOW)


@pytest.fixture
def draft(registration: Any, procedure: Any, provider: Any) -> Case:
    return case_steps.draft(procedure, registration, by=provider, at=NOW)


@pytest.fixture
def address(draft: Case) -> str:
    return reverse("exit_request", args=[draft.pk])


def test_told_beforehand_that_it_cannot_come_back(address: str, client: Any, provider: Any) -> None:
    client.force_login(provider)
    page = client.get(address).content.decode()
    assert "以后不能再申请入库" in page
    assert "第十条" in page
    Limit.objects.filter(measure="reentry_after_clearance").update(after=["clearance"])
    page = client.get(address).content.decode()
    assert "以后不能再申请入库" not in page
    assert "未规定" in page


def test_not_filed_before_it_is_acknowledged(address: str, draft: Case, client: Any, provider: Any) -> None:
    client.force_login(provider)
    answer = client.post(address, {"facts": "业务调整", "do": "submit"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert page.count("勾选已知道退出的后果") == 2  # once on top, once at its field
    assert 'id="id_acknowledged_error"' in page
    draft.refresh_from_db()
    assert (draft.status, draft.measure.facts) == (Case.Status.DRAFT, "业务调整")


def test_entered_from_paper_by_a_clerk_of_its_city(
    registration: Any, procedure: Any, clerk: Any, other_clerk: Any, client: Any
) -> None:
    case = paper.begin(registration, procedure, NOW.date(), by=clerk, at=NOW)
    address = reverse("exit_request", args=[case.pk])
    client.force_login(clerk)
    page = client.get(address).content.decode()
    assert "录入纸质申请" in page
    assert "书面请求里写明知道退出的后果的，才勾选" in page
    client.force_login(other_clerk)
    assert client.get(address).status_code == 404


def test_unit_that_is_heard_over_its_own_request_is_asked_by_letter(
    draft: Case, provider: Any, decider: Any
) -> None:
    """By rows that hear it, as the programme's other removals may."""
    heard = Stage.objects.get(
        procedure__rulebook=draft.procedure.rulebook, procedure__key="clearance", kind="statement"
    )
    decision = Stage.objects.get(procedure=draft.procedure, kind="review")
    heard.pk, heard.procedure = None, draft.procedure
    [heard] = Stage.objects.bulk_create([heard])
    row = Outcome.objects.get(stage=decision, key="clear")
    row.pk, row.key, row.label, row.next_stage, row.names_day = None, "hear", "先听取陈述", heard, True
    Outcome.objects.bulk_create([row])
    steps.save_exit(draft, facts="业务调整", acknowledged=True, at=NOW)
    RequiredMaterial.objects.filter(procedure=draft.procedure).delete()
    case = case_steps.submit(engine.load(draft.pk), by=provider, at=NOW)
    case_steps.decide(case, "hear", by=decider, at=NOW, named_day=NOW.date(), opinion="退出以后项目由谁接手")
    letter = Letter.objects.get(case=case, kind="clearance_heard")
    assert "退出以后项目由谁接手" in letter.body
    assert not Letter.objects.filter(case=case, kind="approved").exists()
