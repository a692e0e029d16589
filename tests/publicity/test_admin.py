import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts import roles
from cases import page
from cases.models import Case
from cases.sweep import sweep
from cities.models import Stage
from publicity import desk, steps
from publicity.models import Objection
from tests.conftest import PDF, at, office
from tests.publicity.conftest import CONTACT, OBJECTOR, settle, typed, what
from tests.publicity.pages.moments import text

DURING = at("2026-09-30 09:00")
OVER = at("2026-10-04 00:00:00")
AFTER = at("2026-10-09 09:00")


@pytest.fixture
def objection(item):
    return steps.lodge(item, at=DURING, **what())


@pytest.fixture
def seen_by(client, stopped_clock, request):
    """A browser in which somebody of the office is logged in, on a day in the publicity."""

    def log_in(name):
        stopped_clock(DURING)
        client.force_login(request.getfixturevalue(name) if isinstance(name, str) else name)
        return client

    return log_in


def addresses(period: Any, objection: Any) -> list[str]:
    return [
        reverse("admin:publicity_publicityperiod_changelist"),
        reverse("admin:publicity_publicityperiod_change", args=[period.pk]),
        reverse("admin:publicity_objection_changelist"),
        reverse("admin:publicity_objection_change", args=[objection.pk]),
    ]


def paper_of(objection: Any) -> str:
    return reverse("admin:publicity_objection_file", args=[objection.pk, objection.files.get().pk])


@pytest.fixture
def looked_into(objection, clerk):
    steps.accept(objection, by=clerk, at=DURING)
    steps.note(objection, words="已到现场核实", by=clerk, at=DURING)
    objection.refresh_from_db()
    return objection


def test_worklist_puts_what_an_objection_holds_in_a_group_of_its_own(seen_by, period, objection):
    page = text(seen_by("clerk").get(reverse("admin:cases_case_changelist")))
    assert "待办 1 件，1 件有异议等处理" in page


@pytest.mark.parametrize("who", ["clerk", "decider", "auditor"])
def test_the_office_of_the_programme_reads_everything(seen_by, period, objection, who):
    client = seen_by(who)
    assert [client.get(url).status_code for url in addresses(period, objection)] == [200] * 4


def test_a_clerk_of_another_city_finds_nothing(seen_by, period, objection):
    client = seen_by("other_clerk")
    periods, period_page, objections, objection_page = addresses(period, objection)
    evidence = reverse("admin:publicity_objection_file", args=[objection.pk, 1])
    take_down = reverse("admin:publicity_publicityperiod_take_down", args=[period.pk])
    found = [client.get(url).status_code for url in (period_page, objection_page, evidence)]
    assert [*found, client.post(take_down, {"reason": "有误"}).status_code] == [404] * 4
    assert period.number not in client.get(periods).content.decode()
    assert objection.receipt not in client.get(objections).content.decode()
    posted = client.post(objection_page, {"act": "accept"})
    objection.refresh_from_db()
    assert (posted.status_code, objection.state) == (404, "received")


def test_office_people_without_cases_find_nothing(seen_by, period, objection, programme):
    editor = office("editor", "许编辑", roles.RULEBOOK_EDITOR, programme)
    client = seen_by(editor)
    assert [client.get(url).status_code for url in addresses(period, objection)] == [404] * 4


@pytest.mark.parametrize(("who", "is_told"), [("clerk", True), ("auditor", False), ("decider", False)])
def test_who_objected_is_told_to_the_desk_alone_and_kept_once(seen_by, request, item, who, is_told):
    upload = SimpleUploadedFile("证据.pdf", PDF, "application/pdf")
    client = seen_by(who)
    client.post(reverse("object", args=[item.period_id]), {**typed(item), "evidence": upload})
    objection = Objection.objects.get()
    page = reverse("admin:publicity_objection_change", args=[objection.pk])
    said = [client.get(page).content.decode() for _ in range(2)][1]
    assert objection.matter in said
    shown = [word for word in (OBJECTOR, CONTACT, "证据.pdf", "/publicity/receipt/") if word in said]
    assert len(shown) == (4 if is_told else 0)
    evidence = client.get(paper_of(objection))
    b"".join(evidence)  # read to its end, which closes it
    assert evidence.status_code == (200 if is_told else 404)
    opened = item.case.events.filter(verb="objection.open")
    assert [event.actor for event in opened] == [request.getfixturevalue(who)] * is_told


def test_auditor_says_what_for_before_he_is_told_who_objected(
    seen_by, auditor, item, objection, stopped_clock
):
    client = seen_by("auditor")
    page = reverse("admin:publicity_objection_change", args=[objection.pk])
    opened = item.case.events.filter(verb="objection.open")

    def is_told():
        said = client.get(page).content.decode()
        assert objection.matter in said
        return OBJECTOR in said

    assert not is_told()
    for given, why in (
        ({}, "选一项用途"),
        ({"purpose": "other"}, "写明做什么用"),
        ({"purpose": "audit", "detail": f"查{OBJECTOR}其人"}, "提出人保密"),
    ):
        refused = client.post(page, {"act": "look", **given})
        assert (refused.status_code, opened.count()) == (422, 0)
        assert why in refused.content.decode()
        assert OBJECTOR not in refused.content.decode().replace(f"查{OBJECTOR}其人", "")

    assert client.post(page, {"act": "look", "purpose": "audit", "detail": "年度抽查"}).status_code == 302
    assert is_told()
    assert is_told()
    assert [(event.actor, event.data["purpose"]) for event in opened] == [(auditor, "审计检查（年度抽查）")]

    stopped_clock(at("2026-09-30 23:59:59"))
    client.force_login(auditor)
    assert is_told()
    stopped_clock(at("2026-10-01 00:00"))
    client.force_login(auditor)
    assert not is_told()


def test_papers_open_to_an_auditor_with_the_purpose_and_no_other_objection_with_them(
    seen_by, item, objection
):
    upload = SimpleUploadedFile("证据.pdf", PDF, "application/pdf")
    client = seen_by("auditor")
    client.post(reverse("object", args=[item.period_id]), {**typed(item), "evidence": upload})
    other = Objection.objects.exclude(pk=objection.pk).get()

    client.post(
        reverse("admin:publicity_objection_change", args=[objection.pk]), {"act": "look", "purpose": "audit"}
    )
    assert client.get(paper_of(other)).status_code == 404
    client.post(
        reverse("admin:publicity_objection_change", args=[other.pk]), {"act": "look", "purpose": "audit"}
    )
    evidence = client.get(paper_of(other))
    b"".join(evidence)
    assert evidence.status_code == 200


@pytest.mark.parametrize("who", ["clerk", "decider", "other_clerk", "provider"])
def test_nobody_but_the_auditor_there_looks_by_saying_what_for(seen_by, objection, item, who):
    client = seen_by(who)
    page = reverse("admin:publicity_objection_change", args=[objection.pk])

    assert client.post(page, {"act": "look", "purpose": "audit"}).status_code == 404
    assert not item.case.events.filter(verb="objection.open").exists()


def test_that_somebody_looked_is_not_told_to_the_unit(seen_by, item, objection):
    seen_by("clerk").get(reverse("admin:publicity_objection_change", args=[objection.pk]))
    assert item.case.events.filter(verb="objection.open").count() == 1
    assert [row for row in page.story(item.case) if "提出人" in row["summary"]] == []


@pytest.mark.parametrize("who", ["decider", "auditor"])
def test_who_only_reads_is_offered_no_step_and_refused_one(seen_by, period, objection, who):
    client = seen_by(who)
    _, period_page, _, objection_page = addresses(period, objection)
    assert "撤下公示" not in client.get(period_page).content.decode()
    assert "受理</button>" not in client.get(objection_page).content.decode()
    take_down = reverse("admin:publicity_publicityperiod_take_down", args=[period.pk])
    assert client.post(take_down, {"reason": "有误"}).status_code == 404
    assert client.post(objection_page, {"act": "accept"}).status_code == 404
    assert client.get(reverse("admin:publicity_objection_add")).status_code == 404
    period.refresh_from_db()
    objection.refresh_from_db()
    assert (period.taken_down_at, objection.state) == (None, "received")


def test_take_down_with_a_reason(seen_by, period):
    client = seen_by("clerk")
    response = client.post(
        reverse("admin:publicity_publicityperiod_take_down", args=[period.pk]),
        {"reason": "附件有误"},
        follow=True,
    )
    period.refresh_from_db()
    assert (period.taken_down_at, period.taken_down_reason) == (DURING, "附件有误")
    assert "已撤下，公示页只显示原因" in response.content.decode()


@pytest.mark.parametrize(
    ("reason", "said"), [("", "写明撤下的原因，不能留空"), ("441900199001011231 有误", "不能有身份证号码")]
)
def test_take_down_without_a_fit_reason_is_refused(seen_by, period, reason, said):
    response = seen_by("clerk").post(
        reverse("admin:publicity_publicityperiod_take_down", args=[period.pk]), {"reason": reason}
    )
    period.refresh_from_db()
    assert (response.status_code, period.taken_down_at) == (422, None)
    assert said in response.content.decode()


def test_take_down_after_it_has_ended_is_refused(seen_by, stopped_clock, period):
    client = seen_by("clerk")
    sweep(OVER)
    stopped_clock(OVER)
    url = reverse("admin:publicity_publicityperiod_take_down", args=[period.pk])
    assert client.post(url, {"reason": "附件有误"}).status_code == 422
    period.refresh_from_db()
    assert period.taken_down_at is None


def test_an_objection_goes_its_way_by_the_forms_of_its_page(seen_by, stopped_clock, item, objection):
    client = seen_by("clerk")
    stopped_clock(AFTER)
    assert sweep(AFTER).done == []
    page = reverse("admin:publicity_objection_change", args=[objection.pk])
    said = [
        client.post(page, data, follow=True).content.decode()
        for data in (
            {"act": "accept"},
            {"act": "note", "words": "已到现场"},
            {"act": "note", "words": "看了合同"},
            {"act": "conclude", "conclusion": "dismissed", "words": "已核实，仍在经营"},
            {"act": "tell", "how": "phone", "on": "2026-10-09", "words": ""},
        )
    ]
    assert ["登记核实</button>" in page for page in said] == [True, True, True, False, False]
    assert [word for word in ("已到现场", "看了合同") if word not in said[2]] == []
    assert "2026年10月9日，电话" in said[4]
    assert sweep(AFTER).done == [item.case.number]


def test_not_accepted_with_its_reason_frees_the_case(seen_by, stopped_clock, item, objection):
    client = seen_by("clerk")
    stopped_clock(AFTER)
    page = reverse("admin:publicity_objection_change", args=[objection.pk])
    data = {"act": "not_accept", "refusal": "no_facts", "words": "没有写哪一项不符"}
    assert "没有具体的事实和理由" in client.post(page, data, follow=True).content.decode()
    objection.refresh_from_db()
    assert (objection.state, objection.conclusion) == ("not_accepted", "没有写哪一项不符")
    assert sweep(AFTER).done == [item.case.number]


@pytest.mark.parametrize("conclusion", ["upheld", "upheld_in_part"])
def test_upheld_and_the_desk_has_it_back(seen_by, item, looked_into, conclusion):
    page = reverse("admin:publicity_objection_change", args=[looked_into.pk])
    data = {"act": "conclude", "conclusion": conclusion, "words": "查实已停止经营"}
    response = seen_by("clerk").post(page, data, follow=True)
    case = Case.objects.select_related("stage").get(pk=item.case_id)
    assert case.stage.kind == "review"
    assert f"已退回“{case.stage}”" in response.content.decode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"conclusion": "dismissed", "words": ""}, "写明处理意见，不能留空"),
        ({"words": "已核实"}, "选结论"),
        (
            {"conclusion": "upheld", "words": f"{OBJECTOR}反映属实"},
            "这里有提出异议的人的姓名、单位或联系方式",
        ),
        ({"conclusion": "upheld", "words": "来电 13900002222 反映属实"}, "这里有手机号码"),
    ],
)
def test_conclusion_that_is_wrong_is_refused(seen_by, looked_into, data, said):
    address = reverse("admin:publicity_objection_change", args=[looked_into.pk])
    response = seen_by("clerk").post(address, {"act": "conclude", **data})
    looked_into.refresh_from_db()
    assert (response.status_code, looked_into.state) == (422, "investigated")
    assert said in response.content.decode()
    assert data.get("words", "") in response.content.decode()


def test_conclude_twice_is_refused(seen_by, clerk, looked_into):
    client = seen_by("clerk")
    steps.conclude(looked_into, conclusion="dismissed", words="已核实", by=clerk, at=DURING)
    page = reverse("admin:publicity_objection_change", args=[looked_into.pk])
    refused = client.post(page, {"act": "conclude", "conclusion": "upheld", "words": "查实"})
    looked_into.refresh_from_db()
    assert refused.status_code == 422
    assert "已经处理过：不成立" in refused.content.decode()
    assert (looked_into.state, looked_into.conclusion) == ("dismissed", "已核实")


def test_identity_and_evidence_are_for_the_desk(seen_by, item):
    upload = SimpleUploadedFile("证据.pdf", PDF, "application/pdf")
    client = seen_by("clerk")
    client.post(reverse("object", args=[item.period_id]), {**typed(item), "evidence": upload})
    objection = Objection.objects.get()
    page = client.get(reverse("admin:publicity_objection_change", args=[objection.pk])).content.decode()
    assert OBJECTOR in page
    evidence = client.get(paper_of(objection))
    assert b"".join(evidence.streaming_content) == PDF
    assert evidence["Content-Disposition"].startswith("attachment")


def test_objection_without_evidence_has_none_to_download(seen_by, objection):
    client = seen_by("clerk")
    assert client.get(reverse("admin:publicity_objection_file", args=[objection.pk, 1])).status_code == 404


def test_list_has_open_objections_first(seen_by, item, clerk):
    first, last = (steps.lodge(item, at=at(f"2026-09-30 0{hour}:00"), **what()) for hour in (7, 8))
    settle(first, upheld=False, conclusion="已核实", by=clerk, at=DURING)
    page = seen_by("clerk").get(reverse("admin:publicity_objection_changelist")).content.decode()
    assert page.index(last.receipt) < page.index(first.receipt)


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


def test_case_taken_down_is_sent_back_from_its_page(seen_by, item, clerk):
    client, address = seen_by("clerk"), reverse("admin:cases_case_change", args=[item.case_id])
    assert 'value="send_back"' not in client.get(address).content.decode()
    steps.take_down(item.period, by=clerk, at=DURING, reason="附件有误")
    page = client.get(address).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    refused = client.post(address, {**hidden, "action": "send_back", "reason": ""})
    assert "写明退回的原因，不能留空" in refused.content.decode()
    response = client.post(address, {**hidden, "action": "send_back", "reason": "名称写错"}, follow=True)
    assert "没有公示，已退回“审定”" in response.content.decode()


def test_standing_after_the_last_day_says_that_the_system_has_it(case_in_publicity, stopped_clock):
    deadline = case_in_publicity.deadlines.get()
    said = []
    for moment in (OVER - timedelta(seconds=1), OVER):
        stopped_clock(moment)
        said.append(desk.standing(case_in_publicity, deadline))
    assert said == ["公示中", "公示已到期，等系统办理"]


def test_long_texts_are_not_cut_by_the_browser(seen_by, objection):
    page = seen_by("clerk").get(reverse("admin:publicity_objection_change", args=[objection.pk]))
    (area,) = re.findall(r"<textarea[^>]*>", page.content.decode())
    assert "maxlength" not in area


def test_a_provider_is_kept_out(seen_by, provider, period, objection):
    client = seen_by(provider)
    answers = [client.get(url, follow=True) for url in addresses(period, objection)]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert [answer for answer in answers if OBJECTOR in answer.content.decode()] == []


def test_a_paper_refusal_keeps_what_was_typed_and_uploaded(seen_by, item):
    upload = SimpleUploadedFile("扫描件.pdf", PDF, "application/pdf")
    data = {**typed(item, received_on="2026-09-27"), "evidence": upload}
    page = seen_by("clerk").post(reverse("admin:publicity_objection_add"), data).content.decode()
    assert [
        word for word in (OBJECTOR, typed(item)["matter"], "2026-09-27", "扫描件.pdf") if word not in page
    ] == []
