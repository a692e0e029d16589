"""Objections on paper, taken in by the office."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases.sweep import sweep
from cities.models import Stage
from publicity.models import Objection
from tests.conftest import PDF, at
from tests.publicity.conftest import DURING, OBJECTOR, settle, typed

OVER = at("2026-10-04 00:00:00")
AFTER = at("2026-10-09 09:00")


@pytest.mark.parametrize(
    ("received_on", "status", "said"),
    [
        ("2026-10-03", 302, ""),
        ("2026-10-04", 422, "不在公示期内"),
        ("2026-09-27", 422, "不在公示期内"),
        ("2026-10-10", 422, "收到日期不能晚于今天"),
        ("昨天", 422, "日期写成 2026-09-17 这样"),
        ("", 422, "写明收到书面异议的日期"),
    ],
)
def test_paper_objection_is_in_time_by_its_day_of_receipt(
    seen_by, stopped_clock, item, received_on, status, said
):
    client = seen_by("clerk")
    stopped_clock(AFTER)
    response = client.post(reverse("admin:publicity_objection_add"), typed(item, received_on=received_on))
    assert response.status_code == status
    assert Objection.objects.filter(channel="paper").exists() is (status == 302)
    assert said in response.content.decode()


def test_paper_objection_names_who_entered_it_and_holds_the_case(seen_by, stopped_clock, item, clerk):
    client = seen_by("clerk")
    client.post(reverse("admin:publicity_objection_add"), typed(item, received_on="2026-09-30"))
    objection = Objection.objects.get()
    assert (objection.entered_by, objection.entered_at) == (clerk, DURING)
    assert sweep(AFTER).done == []


def test_paper_form_offers_only_cases_of_ones_own_programmes(seen_by, item):
    address = reverse("admin:publicity_objection_add")
    assert "现在没有可以登记异议的公示" in seen_by("other_clerk").get(address).content.decode()
    refused = seen_by("other_clerk").post(address, typed(item, received_on="2026-09-30"))
    assert (refused.status_code, Objection.objects.count()) == (422, 0)


def test_paper_form_offers_nothing_that_has_gone_on(seen_by, item):
    client = seen_by("clerk")
    assert (
        str(item.case.organisation) in client.get(reverse("admin:publicity_objection_add")).content.decode()
    )
    sweep(OVER)
    page = client.get(reverse("admin:publicity_objection_add")).content.decode()
    assert "现在没有可以登记异议的公示" in page


def test_paper_in_time_that_turns_up_after_publication_waits_for_a_correction(
    seen_by, stopped_clock, item, clerk
):
    client = seen_by("clerk")
    sweep(OVER)
    stopped_clock(AFTER)
    period_page = client.get(reverse("admin:publicity_publicityperiod_change", args=[item.period_id]))
    add = f"{reverse('admin:publicity_objection_add')}?item={item.pk}"
    assert add in period_page.content.decode()
    assert str(item.case.organisation) in client.get(add).content.decode()
    said = client.post(add, typed(item, received_on="2026-10-03"), follow=True).content.decode()
    assert "第 2 版名单已发布，查实后更正，更正以前名单不变" in said
    objection = Objection.objects.get()
    open_page = client.get(reverse("admin:publicity_objection_change", args=[objection.pk])).content.decode()
    assert "名单已发布，本件没有暂缓；不予受理的，名单不变" in open_page
    assert "不再因它暂缓" not in open_page
    settle(objection, upheld=True, conclusion="查实", by=clerk, at=AFTER)
    listed = client.get(reverse("admin:cases_groundfound_changelist")).content.decode()
    assert objection.receipt in listed
    own = client.get(reverse("admin:publicity_objection_change", args=[objection.pk])).content.decode()
    assert "第 2 版名单需要更正，等工作人员立案" in own
    case_page = client.get(reverse("admin:cases_case_change", args=[item.case_id])).content.decode()
    assert "发布后成立" in case_page


def test_paper_form_offers_what_waits_to_be_published(seen_by, item):
    Stage.objects.filter(pk=item.period.stage_id).update(release=Stage.Release.CONFIRMED)
    sweep(OVER)
    page = seen_by("clerk").get(reverse("admin:publicity_objection_add")).content.decode()
    assert str(item.case.organisation) in page


def test_a_paper_refusal_keeps_what_was_typed_and_uploaded(seen_by, item):
    upload = SimpleUploadedFile("扫描件.pdf", PDF, "application/pdf")
    data = {**typed(item, received_on="2026-09-27"), "evidence": upload}
    page = seen_by("clerk").post(reverse("admin:publicity_objection_add"), data).content.decode()
    assert [
        word for word in (OBJECTOR, typed(item)["matter"], "2026-09-27", "扫描件.pdf") if word not in page
    ] == []
