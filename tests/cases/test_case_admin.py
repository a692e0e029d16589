import re

import pytest
from django.urls import reverse

from cases import engine, steps
from cases.models import Case, Waiver
from cases.sweep import sweep
from cities.models import RequiredMaterial, Stage
from providers.models import Registration
from publicity import steps as publicity_steps
from publicity.models import PublicityPeriod
from records.models import Event
from tests.conftest import NOW, add, at, review


@pytest.fixture(autouse=True)
def clock_stands_at_now(stopped_clock):
    return stopped_clock


def url(case):
    return f"/admin/cases/case/{case.pk}/change/"


def seen(client, user, case):
    client.force_login(user)
    return client.get(url(case)).content.decode()


def act(client, user, case, action, guard=None, **typed):
    """What the browser sends: the form of the page as it was when it was opened."""
    client.force_login(user)
    case = engine.load(case.pk)
    stamp = guard or {"stage": str(case.stage_id), "since": case.stage_since.isoformat()}
    return client.post(url(case), {"action": action, **stamp, **typed})


def buttons(page):
    return re.findall(r'name="action" value="(\w+)"', page)


def summary(response):
    page = response.content.decode()
    box = page[page.index('class="error-summary"') :]
    return [
        re.sub(r"<[^>]+>", "", row)
        for row in re.findall(r"<li>(.*?)</li>", box[: box.index("</ul>")], re.DOTALL)
    ]


@pytest.fixture
def verified_case(submitted_case, clerk):
    for material in submitted_case.materials.all():
        steps.verify_seal(material, by=clerk, at=NOW)
    return submitted_case


@pytest.fixture
def reported_case(verified_case, clerk):
    return steps.decide(verified_case, "support", by=clerk, at=NOW, opinion="材料齐全")


@pytest.fixture
def crowded_case(apply, registration, provider, clerk, stopped_clock):
    """The second change within six months, which is allowed with a reason: reported to the decider."""
    first = at("2026-06-01 10:00")
    change = steps.submit(apply(registration, provider, moment=first), by=provider, at=first)
    engine.end(
        engine.load(change.pk), Case.Result.PUBLISHED, by=None, at=first, verb="publish", summary="发布"
    )
    case = apply(registration, provider, [add("other", registration)])
    case.partner_change.explanation = "在建项目须接续"
    case.partner_change.save()
    case = steps.submit(case, by=provider, at=NOW)
    for material in case.materials.all():
        steps.verify_seal(material, by=clerk, at=NOW)
    return steps.decide(case, "support", by=clerk, at=NOW, opinion="材料齐全")


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
    case = steps.submit(case, by=clerk, at=NOW)

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


def test_clerk_reports_a_case_to_the_decider(client, verified_case, clerk):
    response = act(client, clerk, verified_case, "decide", outcome="support", opinion="材料齐全")

    case = engine.load(verified_case.pk)
    assert (response.status_code, response.headers["Location"]) == (302, url(case))
    assert (case.stage.key, case.decisions.get().opinion) == ("approval", "材料齐全")
    assert "“审定”由审定人办理" in seen(client, clerk, case)


def test_decision_with_seals_unseen_is_refused_and_keeps_the_words(client, submitted_case, clerk):
    response = act(client, clerk, submitted_case, "decide", outcome="support", opinion="材料都齐了")

    sealed = submitted_case.procedure.materials.filter(sealed=True).count()
    assert response.status_code == 422
    assert len(summary(response)) == sealed
    assert "还没有核对盖章" in summary(response)[0]
    assert "材料都齐了" in response.content.decode()
    assert engine.load(submitted_case.pk).stage.key == "review"


def test_return_needs_a_reason_and_a_day_and_says_both_at_once(client, submitted_case, clerk):
    response = act(client, clerk, submitted_case, "decide", outcome="return")

    assert response.status_code == 422
    assert summary(response) == [
        "写明补正到哪一天（第十五条（二））",
        "意见：“退回补正”要写明理由（第十五条（二））",
    ]


def test_return_sends_the_case_back_with_its_day(client, submitted_case, clerk):
    act(client, clerk, submitted_case, "decide", outcome="return", opinion="缺一页", correct_by="2026-09-22")

    case = engine.load(submitted_case.pk)
    assert (case.stage.key, case.attention, case.waiting_for) == ("submit", "缺一页", "provider")
    assert case.deadlines.get().closes_on.isoformat() == "2026-09-22"
    assert "等示例智造科技有限公司补正。" in seen(client, clerk, case)


def test_wrong_choice_or_day_is_named(client, submitted_case, clerk):
    response = act(client, clerk, submitted_case, "decide", outcome="upheld", correct_by="下周")

    assert response.status_code == 422
    assert summary(response) == [
        "这个环节没有这个结果，重新选一个",
        "补正到哪一天：日期写得不对，写成 2026-09-22 这样",
    ]


def test_no_such_action_is_400(client, submitted_case, clerk):
    response = act(client, clerk, submitted_case, "erase")

    assert (response.status_code, summary(response)) == (400, ["没有这个操作。在下面选一个。"])


def test_outdated_page_is_refused_and_keeps_the_opinion(client, verified_case, clerk, decider):
    old = {"stage": str(verified_case.stage_id), "since": verified_case.stage_since.isoformat()}
    steps.decide(verified_case, "support", by=clerk, at=NOW)

    response = act(client, clerk, verified_case, "decide", old, outcome="support", opinion="我写了很久的意见")

    page = response.content.decode()
    assert response.status_code == 422
    assert "您打开页面以后，DG-2026-0001 有了变化，现在在“审定”" in summary(response)[0]
    assert "我写了很久的意见" in page
    assert "您写的内容保留在下面" in page
    assert page.count("您打开页面以后") == 1
    assert verified_case.decisions.count() == 1


def test_outdated_page_with_nothing_written_promises_to_keep_nothing(client, verified_case, clerk):
    old = {"stage": str(verified_case.stage_id), "since": verified_case.stage_since.isoformat()}
    steps.decide(verified_case, "support", by=clerk, at=NOW)

    response = act(client, clerk, verified_case, "decide", old, outcome="support")

    assert summary(response)[0].endswith("看过现在的情况再办。")


def test_page_opened_before_a_round_trip_is_outdated_too(client, reported_case, decider, clerk):
    old = {"stage": str(reported_case.stage_id), "since": reported_case.stage_since.isoformat()}
    steps.decide(reported_case, "back", by=decider, at=at("2026-09-17 10:40"), opinion="再核")
    steps.decide(reported_case, "support", by=clerk, at=at("2026-09-17 10:50"))

    response = act(client, decider, reported_case, "decide", old, outcome="approve", opinion="同意")

    assert (response.status_code, 'rows="4"' in response.content.decode()) == (422, True)
    assert engine.load(reported_case.pk).stage.key == "approval"
    assert ">\n同意</textarea>" in response.content.decode()


def test_returned_case_says_why(client, reported_case, decider, clerk):
    steps.decide(reported_case, "back", by=decider, at=NOW, opinion="请核实原因")

    page = seen(client, clerk, reported_case)
    assert "请核实原因" in page


def test_decider_must_waive_each_finding_with_a_reason(client, crowded_case, decider):
    page = seen(client, decider, crowded_case)
    assert 'name="waive-change_interval"' in page
    assert "两次变更间隔" in page

    bare = act(client, decider, crowded_case, "decide", outcome="approve")
    unreasoned = act(
        client, decider, crowded_case, "decide", outcome="approve", **{"waive-change_interval": "on"}
    )
    assert "同意突破的，勾选并写明理由" in summary(bare)[0]
    assert summary(unreasoned) == ["同意的理由（公示时公开）：写明同意的理由，不能留空"]
    assert Waiver.objects.count() == 0


def test_decider_waives_and_the_case_goes_on(client, crowded_case, decider, clerk):
    given = {"waive-change_interval": "on", "reason-change_interval": "在建项目须接续"}
    response = act(client, decider, crowded_case, "decide", outcome="approve", **given)

    assert response.status_code == 302
    assert engine.load(crowded_case.pk).stage.key == "publicity"
    page = seen(client, clerk, crowded_case)
    assert "已同意突破" in page
    assert "何审定，9月17日 10:32：在建项目须接续" in page


def test_clerk_is_not_asked_for_waivers(client, crowded_case, decider, clerk):
    steps.decide(crowded_case, "back", by=decider, at=NOW, opinion="再核")

    assert 'name="waive-' not in seen(client, clerk, crowded_case)


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
    one = steps.submit(apply(registration, provider), by=provider, at=NOW)
    other = steps.submit(apply(second, provider, [add("other", second)]), by=provider, at=NOW)
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


def test_publicity_shows_its_days_before_it_is_opened(client, approved_case, clerk, stopped_clock):
    stopped_clock(at("2026-09-28 10:00"))
    page = seen(client, clerk, approved_case)

    assert buttons(page) == ["open_period", "send_back", "assign"]
    assert "公示 <b>9月29日</b> 至 <b>10月3日 24:00</b>，5 天" in page
    assert page.count('<li class="is-out') == 1


def test_clerk_opens_publicity_and_takes_it_down_with_a_reason(
    client, approved_case, clerk, decider, stopped_clock
):
    stopped_clock(at("2026-09-28 10:00"))
    act(client, clerk, approved_case, "open_period")
    assert PublicityPeriod.objects.get().closes_on.isoformat() == "2026-10-03"
    page = seen(client, clerk, approved_case)
    assert buttons(page) == ["take_down"]
    assert "2026年10月3日 24:00 以后由系统自动办理" in page

    assert summary(act(client, clerk, approved_case, "take_down")) == ["写明撤下的原因，不能留空"]
    act(client, clerk, approved_case, "take_down", reason="名单有误")
    assert PublicityPeriod.objects.get().taken_down_reason == "名单有误"
    assert buttons(seen(client, clerk, approved_case)) == ["open_period", "send_back", "assign"]
    assert buttons(seen(client, decider, approved_case)) == ["assign"]


def test_publicity_that_cannot_be_counted_says_why(client, approved_case, clerk, stopped_clock):
    Stage.objects.filter(kind="publicity").update(
        span_number=None, counting_rule=None, span_set_by_office=True
    )

    page = seen(client, clerk, approved_case)
    assert "第十五条（三）没有规定“公示”的天数，工作专班也还没有确定" in page
    assert "open_period" not in buttons(page)


def test_publicity_on_another_platform_is_recorded_and_not_begun_here(
    client, approved_case, clerk, stopped_clock
):
    Stage.objects.filter(kind="publicity").update(channel=Stage.Channel.EXTERNAL)

    page = seen(client, clerk, approved_case)
    assert "公示在外部平台进行" in page
    assert "open_period" not in buttons(page)
    assert "record_period" in buttons(page)


def test_open_objection_is_named_on_the_page(client, case_in_publicity, clerk, auditor, stopped_clock):
    stopped_clock(at("2026-09-30 09:00"))
    objection = publicity_steps.lodge(
        case_in_publicity.publicity_items.get(),
        at=at("2026-09-29 09:00"),
        person="individual",
        name="王异议",
        contact="13800001111",
        matter="已停业",
    )

    page, read = seen(client, clerk, case_in_publicity), seen(client, auditor, case_in_publicity)
    assert "1 件异议没有处理，本件暂缓" in page
    assert (str(objection) in page, "王异议" in page) == (True, False)
    assert (str(objection) in read, f"/admin/publicity/objection/{objection.pk}/change/" in read) == (
        True,
        False,
    )


def test_release_after_confirmation_is_a_clerks(client, case_in_publicity, clerk, decider, stopped_clock):
    Stage.objects.filter(kind="publicity").update(release=Stage.Release.CONFIRMED)
    closes = at("2026-10-04 00:00")
    sweep(closes)
    stopped_clock(closes)
    assert buttons(seen(client, decider, case_in_publicity)) == ["assign"]

    response = act(client, clerk, case_in_publicity, "publish")
    case = engine.load(case_in_publicity.pk)
    assert (response.status_code, case.result, case.edition.number) == (302, Case.Result.PUBLISHED, 2)
    page = seen(client, clerk, case)
    assert ("已发布，没有要办的了。" in page, buttons(page)) == (True, [])


def test_release_that_fails_goes_back_and_says_so(
    client, apply, registration, second, provider, clerk, decider, stopped_clock
):
    """Two cases for the same partner, of whom one is published first."""
    Stage.objects.filter(kind="publicity").update(release=Stage.Release.CONFIRMED)
    case = review(steps.submit(apply(registration, provider), by=provider, at=NOW), clerk, decider, NOW)
    publicity_steps.open_period(case, by=clerk, at=at("2026-09-28 10:00"))
    closes = at("2026-10-04 00:00")
    sweep(closes)
    stopped_clock(closes)
    case.partner_change.operations.update(action="end_partner")

    client.force_login(clerk)
    case = engine.load(case.pk)
    guard = {"stage": str(case.stage_id), "since": case.stage_since.isoformat()}
    page = client.post(url(case), {"action": "publish", **guard}, follow=True).content.decode()

    assert engine.load(case.pk).stage.key == "approval"
    assert "没有发布，名单没有变动，已退回“审定”" in page
    assert "回到这一环节的原因" in page


def test_case_set_aside_is_taken_up_again(client, case_in_publicity, clerk, decider):
    engine.set_aside(case_in_publicity, "查无此行", at=NOW)
    page = seen(client, clerk, case_in_publicity)
    assert "查无此行" in page
    assert "第 1 次失败，系统 9月17日 10:33 再试一次。" in page
    assert "retry" in buttons(page)
    assert "retry" not in buttons(seen(client, decider, case_in_publicity))

    act(client, clerk, case_in_publicity, "retry")
    assert engine.load(case_in_publicity.pk).set_aside_at is None


def test_case_that_is_not_tried_again_by_itself_says_so(client, case_in_publicity, clerk, decider):
    for _ in range(6):
        engine.set_aside(case_in_publicity, "查无此行", at=NOW)

    assert "已经失败 6 次，系统不再自动重试。" in seen(client, clerk, case_in_publicity)
    assert "已搁置，不再自动重试；经办人查明原因以后可以重新办理。" in seen(
        client, decider, case_in_publicity
    )


def test_error_that_set_a_case_aside_is_told_in_words(client, case_in_publicity, clerk):
    engine.set_aside(case_in_publicity, "KeyError：'industry_name'", at=NOW)
    for page in (seen(client, clerk, case_in_publicity), client.get("/admin/cases/case/").content.decode()):
        assert "系统出错，原因已记入日志" in page
        assert '"note code">KeyError<' in page
        assert "industry_name" not in page


def test_refusal_that_set_a_case_aside_is_told_as_it_is(client, case_in_publicity, clerk):
    engine.set_aside(case_in_publicity, "Refused：算不出期限：缺上班日历", at=NOW)
    assert "<p>算不出期限：缺上班日历</p>" in seen(client, clerk, case_in_publicity)


def test_closed_case_shows_what_was_last_checked(client, case_in_publicity, clerk, stopped_clock):
    closes = at("2026-10-04 00:00")
    sweep(closes)
    stopped_clock(at("2026-12-01 09:00"))

    page = seen(client, clerk, case_in_publicity)
    assert "最后一次查验（10月4日 00:00）" in page
    assert "名单第 2 版" in page


def test_paper_application_begins_with_the_unit(client, registration, clerk):
    client.force_login(clerk)
    place = reverse("admin:cases_case_paper")
    found = client.get(place, {"q": "示例智造"}).content.decode()
    assert f"?registration={registration.pk}" in found
    assert "名单里没有“无此单位”" in client.get(place, {"q": "无此单位"}).content.decode()

    form = client.get(place, {"registration": registration.pk}).content.decode()
    procedure = re.search(r'<option value="(\d+)" selected>变更合作伙伴', form)[1]
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
