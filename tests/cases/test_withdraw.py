"""Withdrawing an application, while the row still allows it; and throwing a draft away."""

import pytest
from django.urls import reverse

from cases import engine, steps
from cases.errors import Refused
from cases.models import Case, Deadline
from cases.sweep import sweep
from cities.models import Procedure
from publicity import steps as publicity_steps
from tests.conftest import NOW, at, review, submitted

pytestmark = pytest.mark.django_db


def until(stage):
    """The row is frozen for everybody else; a test reaches past that to see what hangs on it."""
    Procedure.objects.filter(key="partner_change").update(withdrawable_until=stage)


def at_stage(stage, case, clerk, decider):
    """Walk the case to a stage."""
    if stage == "review":
        return case
    if stage == "approval":
        for material in case.materials.all():
            steps.verify_seal(material, by=clerk, at=NOW)
        return steps.decide(case, "support", by=clerk, at=NOW)
    case = review(case, clerk, decider, NOW)
    publicity_steps.open_period(case, by=clerk, at=NOW)
    return engine.load(case.pk)


@pytest.mark.parametrize(
    ("row", "stage", "allowed"),
    [
        ("submit", "review", False),
        ("review", "review", True),
        ("review", "approval", False),
        ("approval", "approval", True),
        ("approval", "publicity", False),
        ("publicity", "publicity", True),
    ],
)
def test_row_says_until_when(submitted_case, clerk, decider, provider, row, stage, allowed):
    until(row)
    case = engine.load(at_stage(stage, submitted_case, clerk, decider).pk)
    if allowed:
        steps.withdraw(case, by=provider, at=NOW, reason="改主意")
    else:
        with pytest.raises(Refused, match=f"已到“{case.stage}”环节，不能再撤回"):
            steps.withdraw(case, by=provider, at=NOW, reason="改主意")
    assert engine.load(case.pk).result == (Case.Result.WITHDRAWN if allowed else "")


def test_withdrawing_ends_the_case_and_its_clock(submitted_case, clerk, decider, provider):
    until("publicity")
    case = at_stage("publicity", submitted_case, clerk, decider)
    steps.withdraw(case, by=provider, at=at("2026-09-18 09:00"), reason="改主意")
    sweep(at("2026-12-01 09:00"))
    case = engine.load(case.pk)
    assert (case.status, case.wake_at, case.waiting_for, case.edition) == (Case.Status.CLOSED, None, "", None)
    assert [deadline.state for deadline in case.deadlines.all()] == [Deadline.State.VOID]
    assert case.events.first().summary == "撤回申请：改主意"


def test_withdrawing_twice_is_refused(submitted_case, provider):
    steps.withdraw(submitted_case, by=provider, at=NOW, reason="改主意")
    with pytest.raises(Refused, match="不在办理中"):
        steps.withdraw(submitted_case, by=provider, at=NOW, reason="再一次")


def test_draft_is_thrown_away_and_another_can_be_begun(apply, registration, provider):
    draft = apply(registration, provider)
    with pytest.raises(Refused, match="不在办理中"):
        steps.withdraw(draft, by=provider, at=NOW, reason="改主意")
    steps.discard(draft, by=provider, at=NOW)
    another = steps.draft(draft.procedure, registration, by=provider, at=NOW)
    assert engine.load(draft.pk).result == Case.Result.DISCARDED
    assert another.pk != draft.pk


def test_filed_application_is_not_thrown_away(submitted_case, provider):
    with pytest.raises(Refused, match="已经提交，不能删除"):
        steps.discard(submitted_case, by=provider, at=NOW)


# The page


def press(client, case, **typed):
    return client.post(reverse("case_withdraw", args=[case.pk]), typed)


def test_page_withdraws_with_a_reason(client, submitted_case, provider, stopped_clock):
    client.force_login(provider)
    page = client.get(reverse("case", args=[submitted_case.pk])).content.decode()
    assert "撤回的申请也算一次" in page
    response = press(client, submitted_case, reason="改主意")
    assert "已撤回 DG-2026-0001" in client.get(response.url).content.decode()
    assert engine.load(submitted_case.pk).result == Case.Result.WITHDRAWN


@pytest.mark.parametrize(
    ("reason", "said"),
    [("", "写明为什么撤回"), ("　", "写明为什么撤回"), ("长" * 401, "最多 400 字，现在 401 字")],
)
def test_page_refuses_a_wrong_reason_and_keeps_it(
    client, submitted_case, provider, stopped_clock, reason, said
):
    client.force_login(provider)
    response = press(client, submitted_case, reason=reason)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert response.context["reason"] == reason
    assert engine.load(submitted_case.pk).status == Case.Status.OPEN


def test_page_says_why_it_is_too_late(client, case_in_publicity, provider, stopped_clock):
    client.force_login(provider)
    page = client.get(reverse("case", args=[case_in_publicity.pk])).content.decode()
    assert "已到“公示”环节，不能再撤回（“审定”之前可以）。" in page
    assert reverse("case_withdraw", args=[case_in_publicity.pk]) not in page
    response = press(client, case_in_publicity, reason="改主意")
    assert response.status_code == 409
    assert "已到“公示”环节" in response.content.decode()


def test_unit_withdraws_what_the_office_filed_for_it_from_paper(
    client, apply, registration, provider, clerk, stopped_clock
):
    case = apply(registration, clerk, channel=Case.Channel.PAPER, received_on=at("2026-09-15").date())
    case = submitted(case, by=clerk, at=NOW)
    client.force_login(provider)
    assert (
        reverse("case_withdraw", args=[case.pk])
        in client.get(reverse("case", args=[case.pk])).content.decode()
    )
    press(client, case, reason="改主意")
    assert engine.load(case.pk).result == Case.Result.WITHDRAWN
