from datetime import date

import pytest

from cases import engine
from cases import steps as steps_of_a_case
from cases.errors import Refused
from cases.models import Case, Deadline
from cases.steps import submit
from cases.sweep import sweep
from cities.models import Stage
from publicity import steps
from publicity.models import Objection, PublicityItem
from publicity.stage import showing
from records.models import Event
from tests.conftest import NOW, add, at, review
from tests.publicity.conftest import OBJECTOR, settle, what

LAST_SECOND = at("2026-10-03 23:59:59")
OVER = at("2026-10-04 00:00:00")


def test_lodge_in_the_last_second_of_the_last_day_is_in_time(item):
    objection = steps.lodge(item, at=LAST_SECOND, **what())
    assert (objection.state, objection.channel, objection.received_on) == (
        "received",
        "online",
        date(2026, 10, 3),
    )


def test_lodge_when_the_last_day_is_over_is_refused_although_no_sweep_has_run(item):
    with pytest.raises(Refused, match="公示已在 2026年10月3日 24:00 结束"):
        steps.lodge(item, at=OVER, **what())
    assert Objection.objects.count() == 0


@pytest.mark.parametrize(
    ("received_on", "is_in_time"),
    [
        (date(2026, 9, 27), False),
        (date(2026, 9, 28), True),
        (date(2026, 10, 3), True),
        (date(2026, 10, 4), False),
    ],
)
def test_lodge_on_paper_is_in_time_by_the_day_it_was_received(item, clerk, received_on, is_in_time):
    entered = at("2026-10-04 09:00")
    if not is_in_time:
        with pytest.raises(Refused, match="不在公示期内"):
            steps.lodge(item, at=entered, by=clerk, received_on=received_on, **what())
        return
    assert steps.lodge(item, at=entered, by=clerk, received_on=received_on, **what()).channel == "paper"


def test_lodge_on_paper_before_the_day_it_says_it_was_received_is_refused(item, clerk):
    with pytest.raises(Refused, match="收到日期不能晚于今天"):
        steps.lodge(item, at=at("2026-09-29 09:00"), by=clerk, received_on=date(2026, 9, 30), **what())


def test_lodge_on_paper_once_the_list_is_published_stands_against_its_edition(item, clerk):
    sweep(OVER)
    objection = steps.lodge(item, at=OVER, by=clerk, received_on=date(2026, 10, 3), **what())
    case = engine.load(item.case_id)
    assert (objection.state, objection.edition, case.status) == ("received", case.edition, "closed")
    settle(objection, upheld=True, conclusion="查实已停止经营", by=clerk, at=OVER)
    objection.refresh_from_db()
    after = engine.load(item.case_id)
    assert (objection.asks_for_correction, after.status, after.result) == (True, "closed", "published")
    event = case.events.get(verb="objection.uphold")
    assert event.summary == f"异议 {objection} 成立，第 2 版名单需要更正"
    assert event.data == {"edition": 2, "objection": objection.receipt, "verdict": "成立"}


@pytest.mark.parametrize("received_on", [None, date(2026, 10, 4)])
def test_lodge_out_of_time_is_refused_also_once_the_list_is_published(item, clerk, received_on):
    sweep(OVER)
    with pytest.raises(Refused):
        steps.lodge(item, at=at("2026-10-05 09:00"), by=clerk, received_on=received_on, **what())
    assert Objection.objects.count() == 0


@pytest.fixture
def waiting_for_the_clerk(item):
    """Its days are over and nobody has confirmed the publication yet."""
    Stage.objects.filter(pk=item.period.stage_id).update(release=Stage.Release.CONFIRMED)
    sweep(OVER)
    item.refresh_from_db()
    case = engine.load(item.case_id)
    assert (case.stage.kind, item.released_at) == ("publication", OVER)
    return case


def test_lodge_on_paper_takes_back_a_case_that_waits_to_be_published(waiting_for_the_clerk, item, clerk):
    entered = at("2026-10-05 09:00")
    steps.lodge(item, at=entered, by=clerk, received_on=date(2026, 10, 3), **what())
    case = engine.load(item.case_id)
    item.refresh_from_db()
    assert (case.stage.kind, case.waiting_for, case.wake_at, item.released_at) == (
        "publicity",
        "clerk",
        None,
        None,
    )
    assert [(row.state, row.done_at) for row in case.deadlines.filter(stage=case.stage)] == [("held", None)]
    assert sweep(at("2026-10-06 09:00")).done == []


def test_case_taken_back_waits_to_be_published_again_once_the_objection_is_dismissed(
    waiting_for_the_clerk, item, clerk
):
    entered = at("2026-10-05 09:00")
    objection = steps.lodge(item, at=entered, by=clerk, received_on=date(2026, 10, 3), **what())
    settle(objection, upheld=False, conclusion="已核实，仍在经营", by=clerk, at=entered)
    assert sweep(entered).done == [item.case.number]
    case = engine.load(item.case_id)
    assert (case.stage.kind, case.waiting_for, case.deadlines.get().state) == ("publication", "clerk", "met")


def test_case_taken_back_goes_to_its_desk_when_the_objection_is_upheld(waiting_for_the_clerk, item, clerk):
    entered = at("2026-10-05 09:00")
    objection = steps.lodge(item, at=entered, by=clerk, received_on=date(2026, 10, 3), **what())
    settle(objection, upheld=True, conclusion="查实已停止经营", by=clerk, at=entered)
    assert engine.load(item.case_id).stage.kind == "review"


@pytest.mark.parametrize("received_on", [None, date(2026, 10, 4)])
def test_lodge_after_the_days_takes_nothing_back(waiting_for_the_clerk, item, clerk, received_on):
    with pytest.raises(Refused):
        steps.lodge(item, at=at("2026-10-05 09:00"), by=clerk, received_on=received_on, **what())
    assert engine.load(item.case_id).stage.kind == "publication"


def test_paper_in_time_against_what_failed_to_be_published_keeps_it_from_being_shown_again(
    waiting_for_the_clerk, item, clerk, decider
):
    case = waiting_for_the_clerk
    failed = case.stage.outcomes.get(role="failed")
    engine.follow(case, failed, by=clerk, at=OVER, summary="没有发布")
    objection = steps.lodge(item, at=OVER, by=clerk, received_on=date(2026, 10, 3), **what())
    case = steps_of_a_case.decide(engine.load(case.pk), "approve", by=decider, at=OVER, opinion="同意")
    steps.open_period(case, by=clerk, at=OVER)
    assert sweep(at("2026-11-09 09:00")).done == []
    settle(objection, upheld=False, conclusion="查无此事", by=clerk, at=at("2026-11-09 10:00"))
    assert sweep(at("2026-11-09 11:00")).done == [case.number]


def test_lodge_against_a_withdrawn_application_is_refused(item, provider):
    engine.end(
        item.case,
        Case.Result.WITHDRAWN,
        by=provider,
        at=at("2026-09-29 09:00"),
        verb="withdraw",
        summary="撤回",
    )
    with pytest.raises(Refused, match="已经结束，事项已撤回"):
        steps.lodge(item, at=at("2026-09-29 10:00"), **what())


def test_open_objection_holds_the_case_through_every_sweep(item):
    steps.lodge(item, at=LAST_SECOND, **what())
    for moment in (OVER, at("2026-10-09 09:00")):
        assert sweep(moment).done == []
    case = Case.objects.get(pk=item.case_id)
    assert (case.stage.kind, case.waiting_for, case.wake_at) == ("publicity", "clerk", None)


def test_two_open_objections_hold_the_case_until_both_are_dismissed(item, clerk):
    first, last = (steps.lodge(item, at=LAST_SECOND, **what()) for _ in range(2))
    settle(first, upheld=False, conclusion="已核实，仍在经营", by=clerk, at=OVER)
    assert sweep(OVER).done == []
    settle(last, upheld=False, conclusion="同上", by=clerk, at=OVER)
    assert sweep(OVER).done == [item.case.number]


def test_dismissed_before_the_end_the_case_waits_for_the_end(item, clerk):
    moment = at("2026-09-30 09:00")
    objection = steps.lodge(item, at=moment, **what())
    settle(objection, upheld=False, conclusion="已核实，仍在经营", by=clerk, at=moment)
    assert Case.objects.get(pk=item.case_id).wake_at == OVER
    assert sweep(LAST_SECOND).done == []
    assert sweep(OVER).done == [item.case.number]


def test_upheld_sends_the_case_back_to_the_desk_with_the_conclusion(item, clerk):
    objection = steps.lodge(item, at=LAST_SECOND, **what())
    settle(objection, upheld=True, conclusion="查实已停止经营", by=clerk, at=OVER)
    case = engine.load(item.case_id)
    item.refresh_from_db()
    assert (case.stage.kind, case.attention, item.upheld_at) == ("review", "异议成立：查实已停止经营", OVER)
    assert sweep(at("2026-10-09 09:00")).done == []


@pytest.mark.parametrize("last_upheld", [True, False])
def test_upheld_while_another_is_open_is_kept_and_leads_back_with_the_last(item, clerk, last_upheld):
    first, last = (steps.lodge(item, at=LAST_SECOND, **what()) for _ in range(2))
    settle(first, upheld=True, conclusion="查实", by=clerk, at=OVER)
    first.refresh_from_db()
    assert (first.state, engine.load(item.case_id).stage.kind) == (Objection.State.UPHELD, "publicity")
    assert sweep(OVER).done == []

    settle(last, upheld=last_upheld, conclusion="另一处", by=clerk, at=OVER)

    case = engine.load(item.case_id)
    assert (case.stage.kind, sweep(OVER).done) == ("review", [])
    assert case.attention == "异议成立：查实" + ("；异议成立：另一处" if last_upheld else "")
    last.refresh_from_db()
    assert last.state == (Objection.State.UPHELD if last_upheld else Objection.State.DISMISSED)


def test_upheld_leads_back_when_the_last_open_one_is_not_taken_up(item, clerk):
    first, last = (steps.lodge(item, at=LAST_SECOND, **what()) for _ in range(2))
    settle(first, upheld=True, conclusion="查实", by=clerk, at=OVER)
    steps.not_accept(last, refusal="no_facts", words="没有写明事实", by=clerk, at=OVER)
    assert engine.load(item.case_id).stage.kind == "review"


def test_paper_in_time_is_taken_in_also_when_the_case_is_back_at_its_desk(item, clerk, decider):
    first = steps.lodge(item, at=LAST_SECOND, **what())
    settle(first, upheld=True, conclusion="查实", by=clerk, at=OVER)
    second = steps.lodge(item, at=OVER, by=clerk, received_on=date(2026, 10, 3), **what())
    case = engine.load(item.case_id)
    assert (case.stage.kind, second.receipt != first.receipt) == ("review", True)
    assert "处理完以前不再公示" in case.events.filter(verb="objection.lodge").latest("pk").summary
    settle(second, upheld=True, conclusion="也查实", by=clerk, at=OVER)
    assert engine.load(item.case_id).stage == case.stage


def test_what_is_lodged_for_a_withdrawn_application_on_paper_is_answered(item, clerk, provider):
    engine.end(item.case, Case.Result.WITHDRAWN, by=provider, at=OVER, verb="withdraw", summary="撤回")
    objection = steps.lodge(item, at=OVER, by=clerk, received_on=date(2026, 10, 3), **what())
    settle(objection, upheld=False, conclusion="申请已撤回", by=clerk, at=OVER)
    objection.refresh_from_db()
    assert objection.state == "dismissed"


def test_settle_of_a_withdrawn_application_only_answers_the_objection(item, clerk, provider):
    objection = steps.lodge(item, at=LAST_SECOND, **what())
    engine.end(item.case, Case.Result.WITHDRAWN, by=provider, at=OVER, verb="withdraw", summary="撤回")
    settle(objection, upheld=True, conclusion="申请已撤回", by=clerk, at=OVER)
    objection.refresh_from_db()
    case = Case.objects.get(pk=item.case_id)
    assert (objection.state, case.status, case.result) == ("upheld", "closed", "withdrawn")


def test_objection_outlives_a_publicity_that_was_taken_down(item, clerk):
    objection = steps.lodge(item, at=at("2026-09-29 09:00"), **what())
    steps.take_down(item.period, by=clerk, at=at("2026-09-29 10:00"), reason="附件有误")
    steps.open_period(item.case, by=clerk, at=at("2026-09-29 11:00"))
    assert item.case.deadlines.get(state__in=Deadline.OPEN).state == "held"
    assert sweep(at("2026-10-09 09:00")).done == []
    settle(objection, upheld=True, conclusion="查实", by=clerk, at=at("2026-10-09 09:00"))
    case = engine.load(item.case_id)
    again = case.publicity_items.order_by("period__opened_at").last()
    assert (case.stage.kind, again.upheld_at) == ("review", at("2026-10-09 09:00"))
    assert showing(case) is None


@pytest.mark.parametrize("who", ["decider", "auditor", "other_clerk", "provider"])
def test_settle_and_take_down_are_the_clerks_alone(request, item, who):
    user = request.getfixturevalue(who)
    objection = steps.lodge(item, at=LAST_SECOND, **what())
    with pytest.raises(Refused, match="您没有这个角色"):
        settle(objection, upheld=False, conclusion="核实", by=user, at=OVER)
    with pytest.raises(Refused, match="您没有这个角色"):
        steps.take_down(item.period, by=user, at=OVER, reason="有误")


def test_events_never_say_who_objected(item, clerk):
    objection = steps.lodge(item, at=LAST_SECOND, **what())
    settle(objection, upheld=True, conclusion="查实", by=clerk, at=OVER)
    told = Event.objects.filter(case=item.case_id)
    assert "objection.lodge" in [event.verb for event in told]
    assert [event for event in told if OBJECTOR in f"{event.actor_name}{event.summary}{event.data}"] == []


@pytest.fixture
def two_shown(item, apply, second, clerk, decider):
    """A period of two cases."""
    other = apply(second, clerk, [add("other", second)], channel="paper", received_on=NOW.date())
    other = review(submit(other, by=clerk, at=NOW), clerk, decider, NOW)
    steps.open_period(other, by=clerk, at=at("2026-09-28 10:00"))
    shown = PublicityItem.objects.get(case=other)
    PublicityItem.objects.filter(pk=shown.pk).update(period=item.period)
    return [item, shown]


def test_take_down_of_two_cases_lets_both_wait_to_be_shown_again(two_shown, clerk):
    steps.take_down(two_shown[0].period, by=clerk, at=at("2026-09-29 10:00"), reason="附件有误")
    cases = [engine.load(item.case_id) for item in two_shown]
    assert [(case.waiting_for, case.wake_at, showing(case)) for case in cases] == [("clerk", None, None)] * 2
    assert [case.deadlines.get().state for case in cases] == ["void"] * 2


def test_take_down_when_one_of_two_has_passed_is_refused_and_changes_nothing(two_shown, clerk):
    PublicityItem.objects.filter(pk=two_shown[1].pk).update(released_at=OVER)
    with pytest.raises(Refused, match="已经结束，不能撤下"):
        steps.take_down(two_shown[0].period, by=clerk, at=OVER, reason="附件有误")
    period = two_shown[0].period
    period.refresh_from_db()
    assert (period.taken_down_at, engine.load(two_shown[0].case_id).deadlines.get().state) == (
        None,
        "running",
    )


def test_take_down_leaves_alone_the_one_of_two_that_was_upheld_against(two_shown, clerk):
    moment = at("2026-09-29 10:00")
    objection = steps.lodge(two_shown[0], at=moment, **what())
    settle(objection, upheld=True, conclusion="查实", by=clerk, at=moment)
    steps.take_down(two_shown[0].period, by=clerk, at=moment, reason="附件有误")
    kinds = [engine.load(item.case_id).stage.kind for item in two_shown]
    assert (kinds, two_shown[1].case.events.filter(verb="publicity.take_down").count()) == (
        ["review", "publicity"],
        1,
    )


def test_send_back_of_what_was_taken_down_leads_to_the_desk_that_decided(item, clerk, decider):
    moment = at("2026-09-29 10:00")
    steps.take_down(item.period, by=clerk, at=moment, reason="附件有误")
    steps.send_back(item.case, by=clerk, at=moment, reason="合作伙伴名称写错")
    case = engine.load(item.case_id)
    assert (case.stage.key, case.owner, case.attention) == (
        "approval",
        decider,
        "公示前退回：合作伙伴名称写错",
    )


def test_send_back_of_what_is_being_shown_is_refused(item, clerk):
    with pytest.raises(Refused, match=r"正在公示（.*先撤下公示"):
        steps.send_back(item.case, by=clerk, at=OVER, reason="有误")


def test_send_back_with_an_objection_open_is_refused(item, clerk):
    moment = at("2026-09-29 10:00")
    steps.lodge(item, at=moment, **what())
    steps.take_down(item.period, by=clerk, at=moment, reason="附件有误")
    with pytest.raises(Refused, match="还有异议没有处理完"):
        steps.send_back(item.case, by=clerk, at=moment, reason="有误")


@pytest.mark.parametrize(("who", "reason"), [("clerk", " "), ("decider", "有误")])
def test_send_back_needs_a_reason_and_the_clerk(request, approved_case, who, reason):
    with pytest.raises(Refused, match=r"写明退回的原因|您没有这个角色"):
        steps.send_back(approved_case, by=request.getfixturevalue(who), at=NOW, reason=reason)
    assert engine.load(approved_case.pk).stage.key == "publicity"


def test_send_back_where_no_row_provides_for_it_is_refused(approved_case, clerk):
    approved_case.stage.outcomes.filter(role="back").delete()
    with pytest.raises(Refused, match="规则没有写"):
        steps.send_back(approved_case, by=clerk, at=NOW, reason="有误")
