"""The page where a dossier is asked for: who may, what for, and what is handed out."""

import pytest
from django.urls import reverse

from accounts import roles
from cities.models import RequiredMaterial
from tests.cases.dossier.taking import files_of
from tests.conftest import NOW, office, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stopped_clock")]


def address(case):
    return reverse("admin:cases_case_dossier", args=[case.pk])


def typed(**other):
    return {"form": "zip", "purpose": "archive", "detail": "", **other}


def test_case_page_leads_there_for_whoever_sees_the_cases(client, submitted_case, auditor):
    client.force_login(auditor)
    page = client.get(reverse("admin:cases_case_change", args=[submitted_case.pk])).content.decode()
    assert f'href="{address(submitted_case)}">导出案卷</a>' in page


@pytest.mark.parametrize("who", ["clerk", "decider", "auditor"])
def test_who_sees_the_cases_takes_it_out(client, request, submitted_case, who):
    user = request.getfixturevalue(who)
    client.force_login(user)
    assert "导出成什么" in client.get(address(submitted_case)).content.decode()
    response = client.post(address(submitted_case), typed())
    assert response.status_code == 200
    assert response["Content-Type"] == "application/zip"
    assert "attachment" in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]
    assert "manifest.json" in files_of(b"".join(response))
    assert submitted_case.events.get(verb="dossier.export").actor == user


@pytest.mark.parametrize("who", ["provider", "stranger", "other_clerk"])
def test_others_are_told_nothing(client, request, submitted_case, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(address(submitted_case)).status_code == 404
    assert client.post(address(submitted_case), typed()).status_code == 404
    assert not submitted_case.events.filter(verb="dossier.export").exists()


def test_draft_has_none(client, apply, registration, clerk):
    draft = apply(registration, clerk, channel="paper", received_on=NOW.date())
    client.force_login(clerk)
    assert client.get(address(draft)).status_code == 404


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"purpose": ""}, "选一项用途"),
        ({"purpose": "review"}, "从列出的用途中选一项"),
        ({"purpose": "other"}, "写明做什么用"),
        ({"detail": "给 13800138000"}, "这里有手机号码"),
        ({"form": "doc"}, "从列出的形式中选一种"),
    ],
)
def test_without_a_purpose_nothing_is_handed_out(client, submitted_case, clerk, given, why):
    client.force_login(clerk)
    response = client.post(address(submitted_case), typed(**given))
    assert response.status_code == 422
    assert why in response.content.decode()
    assert not submitted_case.events.filter(verb="dossier.export").exists()


def test_pdf_is_one_file(client, submitted_case, clerk):
    client.force_login(clerk)
    response = client.post(address(submitted_case), typed(form="pdf"))
    assert response["Content-Type"] == "application/pdf"
    assert b"".join(response).startswith(b"%PDF-")


def test_sensitive_materials_are_asked_of_whoever_may_open_them(
    client, programme, apply, registration, provider, clerk
):
    RequiredMaterial.objects.filter(key="application").update(sensitive=True)
    case = submitted(apply(registration, provider), by=provider, at=NOW)
    client.force_login(clerk)
    assert "含个人信息的材料" in client.get(address(case)).content.decode()
    assert client.post(address(case), typed()).status_code == 422  # one of the two is chosen, never assumed
    response = client.post(address(case), typed(sensitive="include"))
    assert [name for name in files_of(b"".join(response)) if name.startswith("材料/03-01")]
    client.force_login(office("issuer", "钱签发", roles.NOTICE_ISSUER, programme))
    assert "含个人信息的材料" not in client.get(address(case)).content.decode()
    response = client.post(address(case), typed(sensitive="include"))
    assert not [name for name in files_of(b"".join(response)) if name.startswith("材料/03-01")]
