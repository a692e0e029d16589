"""Applications brought in on paper."""

import re

import pytest
from django.urls import reverse

from cases.models import Case
from providers.models import Registration
from tests.cases.desk.page import summary


def test_paper_application_begins_with_the_unit(client, registration, clerk):
    client.force_login(clerk)
    place = reverse("admin:cases_case_paper")
    found = client.get(place, {"q": "示例智造"}).content.decode()
    assert f"?registration={registration.pk}" in found
    assert "名单里没有“无此单位”" in client.get(place, {"q": "无此单位"}).content.decode()

    form = client.get(place, {"registration": registration.pk}).content.decode()
    procedure = re.search(r'<option value="(\d+)">变更合作伙伴', form)[1]
    filled = {"procedure": procedure, "received_on": "2026-09-15"}
    response = client.post(f"{place}?registration={registration.pk}", filled)
    draft = Case.objects.get()
    assert response.headers["Location"] == reverse("change", args=[draft.pk])
    assert (draft.channel, draft.received_on.isoformat(), draft.created_by) == (
        Case.Channel.PAPER,
        "2026-09-15",
        clerk,
    )


def test_paper_application_is_refused_a_day_to_come_and_a_unit_that_drafts_online(
    client, apply, registration, provider, clerk, programme
):
    client.force_login(clerk)
    place = f"{reverse('admin:cases_case_paper')}?registration={registration.pk}"
    procedure = programme.rulebooks.get().procedures.get(key="partner_change").pk

    early = client.post(place, {"procedure": procedure, "received_on": "2026-09-18"})
    assert (early.status_code, summary(early)) == (
        422,
        ["收到日期 2026年9月18日 还没有到，今天是 2026年9月17日"],
    )
    empty = client.post(place, {})
    assert summary(empty) == ["办什么：选一项", "收到日期：写明哪一天收到"]
    apply(registration, provider)
    taken = client.post(place, {"procedure": procedure, "received_on": "2026-09-15"})
    assert "自己在网上有一份" in summary(taken)[0]
    assert Case.objects.count() == 1

    dropped = client.post(place, {"procedure": procedure, "received_on": "2026-09-15", "drop_draft": "on"})
    assert dropped.status_code == 302
    assert Case.objects.get(status=Case.Status.DRAFT).channel == Case.Channel.PAPER
    assert Case.objects.get(result=Case.Result.DISCARDED).events.get(verb="discard").actor == clerk


@pytest.mark.parametrize(
    ("entered", "received", "said"),
    [
        ("2026-03-01", "2026-02-28", "示例智造科技有限公司 2026年3月1日 才入库"),
        ("2023-12-15", "2024-03-26", "2024年3月27日 才施行"),
    ],
)
def test_paper_received_too_early_is_refused_with_the_day(
    client, registration, clerk, programme, entered, received, said
):
    Registration.objects.filter(pk=registration.pk).update(entered_on=entered)
    client.force_login(clerk)
    place = f"{reverse('admin:cases_case_paper')}?registration={registration.pk}"
    procedure = programme.rulebooks.get().procedures.get(key="partner_change").pk

    response = client.post(place, {"procedure": procedure, "received_on": received})

    assert response.status_code == 422
    assert said in summary(response)[0]
    assert Case.objects.count() == 0


def test_paper_page_is_the_clerks(client, registration, decider, auditor, other_clerk):
    place = reverse("admin:cases_case_paper")
    for user in (decider, auditor):
        client.force_login(user)
        assert client.get(place).status_code == 404
    client.force_login(other_clerk)
    assert client.get(place, {"registration": registration.pk}).status_code == 404
    for wrong in ("x", "²", "9" * 20, "9" * 5000, "\0"):
        assert client.get(place, {"registration": wrong}).status_code == 404
