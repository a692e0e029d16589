"""The case page in the office: who sees it and what it says."""

from django.urls import reverse

from cases import engine
from cases.models import Case
from tests.cases.desk.page import act, buttons, seen, url
from tests.conftest import NOW, at, submitted


def test_page_shows_the_case_as_it_stands(client, submitted_case, clerk):
    page = seen(client, clerk, submitted_case)

    assert "示例智造科技有限公司：<wbr>变更合作伙伴、产品和服务目录" in page
    assert '<span class="tag is-now">经办审核</span>' in page
    assert "未规定" in page
    assert "样板工艺软件有限公司" in page
    assert "补充能力" in page
    assert "材料加盖公章" in page
    assert buttons(page) == ["decide", "assign"]


def test_page_says_on_paper_which_day_it_came(client, apply, registration, clerk):
    case = apply(registration, clerk, channel=Case.Channel.PAPER, received_on=at("2026-09-15").date())
    case = submitted(case, by=clerk, at=NOW)

    assert "2026年9月15日 收到" in seen(client, clerk, case)


def test_strangers_get_404_everywhere(client, submitted_case, other_clerk, provider, stranger):
    material = submitted_case.materials.first()
    places = [
        url(submitted_case),
        reverse("admin:cases_case_material", args=[submitted_case.pk, material.pk]),
    ]
    for user in (other_clerk, provider, stranger):
        client.force_login(user)
        assert [client.get(place).status_code for place in places] == [404, 404]
        assert act(client, user, submitted_case, "decide", outcome="support").status_code == 404
    client.logout()
    assert [client.get(place).status_code for place in places] == [302, 302]


def test_draft_of_a_provider_is_not_there_for_the_office(client, apply, registration, provider, clerk):
    draft = apply(registration, provider)
    client.force_login(clerk)

    assert client.get(url(draft)).status_code == 404


def test_paper_draft_leads_to_its_form(client, apply, registration, clerk, auditor):
    draft = apply(registration, clerk, channel=Case.Channel.PAPER, received_on=at("2026-09-15").date())
    client.force_login(clerk)
    assert client.get(url(draft)).headers["Location"] == reverse("change", args=[draft.pk])
    client.force_login(auditor)
    assert client.get(url(draft)).status_code == 404


def test_nothing_of_the_stock_pages_is_there(client, submitted_case, clerk):
    client.force_login(clerk)
    base = f"/admin/cases/case/{submitted_case.pk}"

    assert [client.get(f"{base}/{page}/").status_code for page in ("delete", "history")] == [404, 404]
    assert client.get("/admin/cases/case/add/").status_code == 404


def test_auditor_reads_and_acts_on_nothing(client, submitted_case, auditor):
    page = seen(client, auditor, submitted_case)
    response = act(client, auditor, submitted_case, "decide", outcome="support")

    assert (buttons(page), "“经办审核”由经办人办理，您没有这个角色。" in page) == ([], True)
    assert (response.status_code, engine.load(submitted_case.pk).stage.key) == (422, "review")


def test_decider_is_told_that_the_clerk_acts(client, submitted_case, clerk, decider):
    page = seen(client, decider, submitted_case)

    assert "“经办审核”由经办人办理，您没有这个角色。可以办理的：林经办。" in page
    assert "decide" not in buttons(page)
