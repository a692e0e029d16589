"""Opening, taking down and releasing publicity from the case page, and what the sweep could not do."""

from cases import engine
from cases.models import Case
from cases.sweep import sweep
from cities.models import OfficeDecision, Stage
from cities.rulebooks.content import place_of
from publicity import steps as publicity_steps
from publicity.models import PublicityPeriod
from tests.cases.desk.page import act, buttons, seen, summary, url
from tests.conftest import NOW, at, review, submitted


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


def test_days_that_the_office_decided_are_said_before_the_publicity_begins(
    client, approved_case, clerk, decider, stopped_clock
):
    stages = Stage.objects.filter(kind="publicity")
    stages.update(span_number=None, counting_rule=None, span_set_by_office=True)
    stage = stages.get(pk=approved_case.stage_id)
    OfficeDecision.objects.create(
        programme=approved_case.programme,
        section=stage.section,
        place=place_of(stage),
        matter="span",
        article=stage.article.number,
        value={
            "span_number": 7,
            "counting_rule": {"unit": "working", "first_day": "next", "roll": "none"},
        },
        wording="7 个工作日",
        basis="纪要",
        decided_on=NOW.date(),
        effective_from=NOW.date(),
        proposed_by=clerk,
        proposed_at=NOW,
        settled_by=decider,
        settled_at=NOW,
        is_confirmed=True,
    )
    page = seen(client, clerk, approved_case)
    assert "7 个工作日，还没有开始" in page
    assert " 24:00</b>，7 个工作日　" in page
    assert "7 个工作日，还没有开始" in client.get("/admin/cases/case/").content.decode()


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
    case = review(submitted(apply(registration, provider), by=provider, at=NOW), clerk, decider, NOW)
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
