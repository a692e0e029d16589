"""A unit that wants to leave is told what it means before it can confirm; the office may enter it from paper."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases import engine, grounds, materials, paper
from cases import steps as case_steps
from cases.errors import Refused
from cases.models import Case
from cases.queries import required_materials
from cities.models import Limit, OfficeDecision, Outcome, RequiredMaterial, Stage
from cities.queries import procedure_in_force
from clearance import queries, steps
from records.models import Letter
from tests.clearance.conftest import begun
from tests.conftest import NOW, PDF, at, person


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
    assert "以后不得再次申请成为牵引单位" in page
    assert "第十条" in page
    Limit.objects.filter(measure="reentry_after_clearance").update(after=["clearance"])
    page = client.get(address).content.decode()
    assert "以后不得再次申请成为牵引单位" not in page
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


@pytest.fixture
def filed(draft: Case, procedure: Any, provider: Any) -> Case:
    steps.save_exit(draft, facts="业务调整", acknowledged=True, at=NOW)
    for document in required_materials(draft):
        upload = SimpleUploadedFile("请求.pdf", PDF, "application/pdf")
        assert materials.keep(draft, document, upload, by=provider, at=NOW) == []
    return case_steps.submit(draft, by=provider, at=NOW)


def test_wish_ends_with_its_withdrawal(filed: Case, provider: Any, clerk: Any) -> None:
    found = filed.grounds.get()
    case_steps.withdraw(filed, by=provider, at=NOW, reason="不退了")
    found.refresh_from_db()
    assert (found.state, found.case) == ("set_aside", None)
    assert str(filed) in found.reason
    assert grounds.waiting([filed.programme_id]) == 0


def test_office_begins_nothing_that_a_unit_applies_for(filed: Case, clerk: Any, client: Any) -> None:
    """As it may have been left before: in the inbox."""
    found = filed.grounds.get()
    found.state, found.case = "open", None
    found.save()
    [opening] = grounds.openings(found, NOW)
    assert opening.url == ""
    assert "“申请退出”由单位申请（第十条（一）），工作机构不能立案" in opening.why_not
    with pytest.raises(Refused, match="由单位申请"):
        steps.begin(found, by=clerk, at=NOW)


def test_list_leads_to_the_page_there_is(filed: Case, registration: Any, clerk: Any, client: Any) -> None:
    """An application to leave has no draft in the office, what the office writes has."""
    written = begun(registration, clerk, "ground_fraud")
    client.force_login(clerk)
    page = client.get(reverse("admin:clearance_measure_changelist")).content.decode()
    shown = reverse("admin:cases_case_change", args=[filed.pk])
    assert f'href="{shown}"' in page
    assert client.get(shown).status_code == 200
    assert f'href="{reverse("admin:clearance_measure_change", args=[written.pk])}"' in page
    assert reverse("admin:clearance_measure_change", args=[filed.pk]) not in page


def test_what_it_means_is_told_as_the_office_has_decided(
    address: str, procedure: Any, client: Any, provider: Any
) -> None:
    """Only marked, by the office's decision, it keeps nobody out."""
    barred = queries.reentry_after(procedure, NOW)
    assert barred is not None
    Limit.objects.filter(pk=barred.pk).update(
        interpretations=[{"question": "问", "reading": "答", "alternatives": [SOFTER]}]
    )
    client.force_login(provider)
    assert "以后不得再次申请成为牵引单位" in client.get(address).content.decode()
    decided(procedure.rulebook.programme, barred.key)
    assert queries.reentry_after(procedure, NOW) is None
    assert "以后不得再次申请成为牵引单位" not in client.get(address).content.decode()
    assert queries.reentry_after(procedure, at("2026-09-14 09:00")) is not None


SOFTER: dict[str, Any] = {"reading": "只标注", "sets": {"strictness": "flagged"}}


def decided(programme: Any, key: str) -> None:
    OfficeDecision.objects.create(
        programme=programme,
        section="limits",
        place=key,
        matter="问",
        article="第十条",
        value=SOFTER["sets"],
        wording=SOFTER["reading"],
        basis="会议纪要第 3 号",
        decided_on=date(2026, 9, 15),
        effective_from=date(2026, 9, 15),
        proposed_at=NOW,
        proposed_by=person("one", "甲登记"),
        settled_at=NOW,
        settled_by=person("two", "乙确认"),
        is_confirmed=True,
    )


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
