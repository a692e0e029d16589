"""A case as its organisation sees it."""

import re
from typing import Any

import pytest
from django.urls import reverse

from cases import engine, materials, page, steps
from cases.models import Case
from cases.sweep import sweep
from publicity import steps as publicity_steps
from tests.conftest import NOW, PDF, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(client, provider, stopped_clock) -> Any:
    def get(case, moment=NOW):
        stopped_clock(moment)
        client.force_login(provider)
        response = client.get(reverse("case", args=[case.pk]))
        body = re.findall(r"<main.*</main>", response.content.decode(), re.DOTALL)[0]
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", body))

    return get


def verify_seals(case, clerk):
    for material in case.materials.all():
        steps.verify_seal(material, by=clerk, at=NOW)


def test_draft_leads_to_its_form(client, apply, registration, provider):
    draft = apply(registration, provider)
    client.force_login(provider)
    assert client.get(reverse("case", args=[draft.pk])).url == reverse("change", args=[draft.pk])


def test_provider_is_not_told_what_the_office_does_within(read, submitted_case, clerk, decider):
    materials.note_opening(submitted_case, submitted_case.materials.first(), by=clerk, at=NOW)
    steps.assign(submitted_case, clerk, by=clerk, at=NOW)
    engine.set_aside(engine.load(submitted_case.pk), "数据库断开", at=NOW)
    engine.take_up_again(engine.load(submitted_case.pk), by=clerk, at=NOW)
    verify_seals(submitted_case, clerk)
    sealed = submitted_case.events.filter(verb="material.seal", actor=clerk)
    assert sealed.count() == submitted_case.materials.count()
    steps.decide(submitted_case, "support", by=clerk, at=NOW, opinion="内部意见")
    steps.decide(submitted_case, "back", by=decider, at=NOW, opinion="再核一核")

    said = read(submitted_case)

    assert [row["summary"] for row in page.story(engine.load(submitted_case.pk))] == [
        "经办审核：同意，报审定",
        "提交",
    ]
    for within in (
        "打开材料",
        "盖章",
        "分派给",
        "搁置",
        "数据库断开",
        "重新交给系统",
        "内部意见",
        "退回经办",
        "再核一核",
    ):
        assert within not in said


def test_refusal_tells_its_reason(read, submitted_case, clerk, decider):
    steps.decide(submitted_case, "oppose", by=clerk, at=NOW, opinion="经办的内部理由")
    steps.decide(submitted_case, "refuse", by=decider, at=NOW, opinion="合作伙伴没有相关案例")
    said = read(submitted_case)
    assert "未通过" in said
    assert "合作伙伴没有相关案例" in said
    assert "经办的内部理由" not in said


def test_return_says_what_until_when_and_leads_to_the_form(read, submitted_case, clerk, client):
    day = at("2026-09-22 09:00").date()
    steps.decide(submitted_case, "return", by=clerk, at=NOW, opinion="补股东会决议", correct_by=day)
    said = read(submitted_case)
    assert "退回补正：补股东会决议" in said
    assert "还有 5 天" in said
    assert "去补正" in said


def test_each_desk_shows_the_day_it_was_left(submitted_case, clerk, decider):
    verify_seals(submitted_case, clerk)
    steps.decide(submitted_case, "support", by=clerk, at=at("2026-09-18 10:00"))
    steps.decide(submitted_case, "approve", by=decider, at=at("2026-09-21 16:30"))
    line = page.stage_line(engine.load(submitted_case.pk), at("2026-09-22 09:00"))
    assert [(row["label"], row["state"], row["note"]) for row in line] == [
        ("提交申请", "done", "9月17日 10:32"),
        ("经办审核", "done", "9月18日 10:00"),
        ("审定", "done", "9月21日 16:30"),
        ("公示", "now", "待开始公示"),
        ("发布", "", ""),
    ]


def test_line_of_a_case_in_publicity_begins_with_its_period(case_in_publicity):
    line = page.stage_line(case_in_publicity, at("2026-09-30 09:00"))
    assert line[3] == {"label": "公示", "state": "now", "note": "公示期 2026年9月29日 至 2026年10月3日 24:00"}


@pytest.mark.parametrize(
    ("moment", "is_over"),
    [("2026-10-03 23:59:59", False), ("2026-10-04 00:00", True), ("2026-10-04 00:00:59", True)],
)
def test_publicity_whose_days_are_over_is_nobodys_lateness_before_the_sweep_has_come(
    read, case_in_publicity, client, moment, is_over
):
    said = read(case_in_publicity, at(moment))
    mine = client.get(reverse("my")).content.decode()

    for shown in (said, mine):
        assert ("已期满" in shown) is is_over
        assert "逾期" not in shown
    assert ("公示期 2026年9月29日 至 2026年10月3日 24:00，已期满，等系统办理" in said) is is_over


def test_line_of_a_withdrawn_case_ends_there(submitted_case, provider):
    steps.withdraw(submitted_case, by=provider, at=at("2026-09-18 09:00"), reason="改主意")
    line = page.stage_line(engine.load(submitted_case.pk), NOW)
    assert [(row["label"], row["state"]) for row in line] == [("提交申请", "done"), ("已撤回", "ended")]


def test_published_case_links_its_edition(read, client, case_in_publicity):
    sweep(at("2026-10-04 00:00"))
    assert "第 2 版名单" in read(case_in_publicity, at("2026-10-05 09:00"))


def test_office_is_led_back_to_its_desk(client, submitted_case, clerk, stopped_clock):
    client.force_login(clerk)
    shown = client.get(reverse("case", args=[submitted_case.pk])).content.decode()
    assert reverse("admin:cases_case_change", args=[submitted_case.pk]) in shown
    assert reverse("my_members") not in shown
    assert reverse("case_withdraw", args=[submitted_case.pk]) not in shown


def test_material_is_downloaded_as_it_was_filed(client, submitted_case, provider):
    client.force_login(provider)
    material = submitted_case.materials.first()
    response = client.get(reverse("case_material", args=[submitted_case.pk, material.pk]))
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"


def test_material_of_another_case_is_not_found(client, submitted_case, apply, second, stranger, provider):
    other = apply(second, stranger).materials.first()
    client.force_login(provider)
    assert client.get(reverse("case_material", args=[submitted_case.pk, other.pk])).status_code == 404


@pytest.mark.parametrize(("who", "kept"), [("provider", 0), ("clerk", 1), ("auditor", 1)])
def test_opening_by_the_office_is_kept_on_this_page_too(
    client, request, submitted_case, stopped_clock, who, kept
):
    client.force_login(request.getfixturevalue(who))
    place = reverse("case_material", args=[submitted_case.pk, submitted_case.materials.first().pk])
    assert b"".join(client.get(place))
    assert submitted_case.events.filter(verb="material.open").count() == kept


def test_material_whose_file_is_gone_is_said_to_be(client, submitted_case, provider):
    client.force_login(provider)
    material = submitted_case.materials.first()
    material.file.content.storage.delete(material.file.content.name)
    response = client.get(reverse("case_material", args=[submitted_case.pk, material.pk]))
    assert response.status_code == 404
    assert f"“{material.file}”在服务器上找不到了" in response.content.decode()


def test_publicity_is_linked_and_an_objection_told_without_saying_whose(read, client, case_in_publicity):
    item = case_in_publicity.publicity_items.get()
    read(case_in_publicity, at("2026-09-30 09:00"))
    place = reverse("case", args=[case_in_publicity.pk])
    assert reverse("period", args=[item.period_id]) in client.get(place).content.decode()
    told = "收到异议，处理完以前不往下办"
    assert told not in read(case_in_publicity, at("2026-09-30 09:00"))

    publicity_steps.lodge(
        item, at=at("2026-09-30 10:00"), person="individual", name="王异议", contact="138", matter="已停业"
    )
    said = read(case_in_publicity, at("2026-09-30 11:00"))
    mine = client.get(reverse("my")).content.decode()
    assert (told in said, told in mine) == (True, True)
    assert ("王异议" in said, "王异议" in mine) == (False, False)


# Beginning an application


def begin(client, registration, procedure="partner_change"):
    return client.post(reverse("apply", args=[registration.pk, procedure]), follow=True)


def test_applying_twice_goes_on_with_the_draft(client, registration, provider, stopped_clock):
    client.force_login(provider)
    first, again = begin(client, registration), begin(client, registration)
    assert first.redirect_chain == again.redirect_chain
    assert Case.objects.count() == 1


def test_procedure_that_is_not_built_opens_nothing(client, registration, provider, stopped_clock):
    client.force_login(provider)
    response = begin(client, registration, "unit_change")
    assert "还没有在平台开通，现在不能在线办理" in response.content.decode()
    assert Case.objects.count() == 0


def test_procedure_that_is_not_there(client, registration, provider, stopped_clock):
    client.force_login(provider)
    assert begin(client, registration, "anything").status_code == 404


def test_applying_where_no_rules_bind(client, registration, provider, programme, stopped_clock):
    stopped_clock(at("2024-01-01 09:00"))
    client.force_login(provider)
    assert begin(client, registration).status_code == 404
