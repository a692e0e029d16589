"""Deciding on the case page: outcomes, what is refused, waivers."""

from cases import engine, steps
from cases.models import Waiver
from tests.cases.desk.page import act, seen, summary, url
from tests.conftest import NOW, at


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
    act(client, clerk, submitted_case, "decide", outcome="return", opinion="缺一页", named_day="2026-09-22")

    case = engine.load(submitted_case.pk)
    assert (case.stage.key, case.attention, case.waiting_for) == ("submit", "缺一页", "provider")
    assert case.deadlines.get().closes_on.isoformat() == "2026-09-22"
    assert "等示例智造科技有限公司补正。" in seen(client, clerk, case)


def test_wrong_choice_or_day_is_named(client, submitted_case, clerk):
    response = act(client, clerk, submitted_case, "decide", outcome="upheld", named_day="下周")

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
