"""Documents and people on the case page."""

import pytest
from django.urls import reverse

from cases import engine, steps
from cities.models import RequiredMaterial
from records.models import Event
from tests.cases.desk.page import act, seen, summary, url
from tests.conftest import NOW, add, submitted


def test_material_is_handed_out_and_its_first_opening_kept(client, submitted_case, clerk, auditor):
    material = submitted_case.materials.order_by("pk")[0]
    place = reverse("admin:cases_case_material", args=[submitted_case.pk, material.pk])
    client.force_login(auditor)
    assert b"".join(client.get(place))
    material.refresh_from_db()
    assert material.opened_at is None

    client.force_login(clerk)
    response = client.get(place)
    assert b"".join(response.streaming_content).startswith(b"%PDF-")
    assert b"".join(client.get(place))
    material.refresh_from_db()
    assert (material.opened_at, material.opened_by) == (NOW, clerk)
    opened = Event.objects.filter(case=submitted_case, verb="material.open")
    assert sorted(opened.values_list("actor_name", flat=True)) == ["林经办", "苏审计"]


def test_material_of_another_case_is_not_found(client, apply, registration, second, provider, clerk):
    one = submitted(apply(registration, provider), by=provider, at=NOW)
    other = submitted(apply(second, provider, [add("other", second)]), by=provider, at=NOW)
    client.force_login(clerk)

    place = reverse("admin:cases_case_material", args=[one.pk, other.materials.first().pk])
    assert client.get(place).status_code == 404


def test_seal_is_confirmed_document_by_document(client, submitted_case, clerk, decider):
    material = submitted_case.materials.first()
    client.force_login(decider)
    refused = client.post(url(submitted_case), {"seal": material.pk})
    client.force_login(clerk)
    done = client.post(url(submitted_case), {"seal": material.pk})

    material.refresh_from_db()
    assert (refused.status_code, done.status_code) == (422, 302)
    assert (material.seal_checked_by, material.seal_checked_at) == (clerk, NOW)
    assert "还没有打开看过" in client.get(url(submitted_case)).content.decode()


def test_seals_confirmed_unread_are_told_at_the_check_and_to_who_decides(
    client, submitted_case, clerk, decider
):
    for material in submitted_case.materials.all():
        steps.verify_seal(material, by=clerk, at=NOW)
    steps.decide(submitted_case, "support", by=clerk, at=NOW, opinion="同意")
    page = seen(client, decider, submitted_case)
    assert page.count("份都已核对；核章时文件还没有打开看过：") == 1
    assert '<p class="bad-text">核章时文件还没有打开看过：' in page

    submitted_case.materials.update(opened_at=NOW, opened_by=decider)
    assert "还没有打开看过" not in seen(client, decider, submitted_case)


@pytest.mark.parametrize("seal", ["x", "²", "99999999999999999999", "-1", ""])
def test_seal_of_what_is_no_document_is_not_found(client, submitted_case, clerk, seal):
    client.force_login(clerk)
    assert client.post(url(submitted_case), {"seal": seal}).status_code == 404


def test_case_is_assigned_to_somebody_of_the_desk(client, submitted_case, clerk, decider):
    wrong = act(client, clerk, submitted_case, "assign", owner=decider.pk)
    act(client, clerk, submitted_case, "assign", owner=clerk.pk)

    assert summary(wrong) == ["分派给：选列出的办理人：其他人没有这个角色"]
    assert engine.load(submitted_case.pk).owner == clerk


def test_material_of_a_group_is_not_said_to_be_needed_by_itself(client, submitted_case, clerk):
    rows = RequiredMaterial.objects.filter(procedure=submitted_case.procedure)
    assert "同组任选其一" not in seen(client, clerk, submitted_case)
    needed = seen(client, clerk, submitted_case).count("必交")

    rows.filter(key__in=["application", "catalogue"]).update(either_or="papers")

    page = seen(client, clerk, submitted_case)
    assert (page.count("同组任选其一"), page.count("必交")) == (2, needed - 2)
