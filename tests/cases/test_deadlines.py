"""The ledger of a deadline: held, resumed, extended, corrected, by whom, within which bounds, and what becomes of its days."""

from datetime import date
from typing import Any

import pytest

from accounts import roles
from cases import deadlines, engine, steps
from cases.deadlines import acts
from cases.deadlines.shifting import shifts
from cases.deadlines.telling import sentences, told
from cases.errors import Refused
from cases.models import Case, Deadline, DeadlineChange
from publicity import steps as publicity_steps
from records.models import Event
from tests.conftest import NOW, at, office
from tests.publicity.conftest import settle
from tests.rulebooks import load_changed, stage

TYPHOON, NOTICE = "台风停工", "府办函〔2026〕9 号"
Kind = DeadlineChange.Kind


def review(span: Any = 3, counting: str = "working_next", **more: Any) -> Any:
    return lambda content: stage(content, "review").update(span=span, counting=counting, **more)


def extendable(most: int = 5, times: int = 1) -> Any:
    return review(extend_by_most=most, extend_times=times)


@pytest.fixture
def programme(calendar, tmp_path, request):
    """Three working days for the first desk, 9月18日, 20日 (a Sunday made up for) and 21日, unless a test says otherwise."""
    return load_changed(tmp_path, getattr(request, "param", review()))


def act(what: Any, case: Case, by: Any, moment: str, reason: str = TYPHOON, **how: Any) -> Deadline:
    with engine.locked(case.pk) as (fresh, _):
        what(fresh, by=by, at=at(moment), reason=reason, **how)
    return the_deadline(case)


def the_deadline(case: Case) -> Deadline:
    found = deadlines.open_of(case)
    assert found is not None
    return found


def refusal(what: Any, case: Case, by: Any, moment: str, reason: str = TYPHOON, **how: Any) -> str:
    before, events = the_deadline(case), Event.objects.count()
    with pytest.raises(Refused) as refused:
        act(what, case, by, moment, reason, **how)
    after = the_deadline(case)
    assert (after.stamp, after.counted) == (before.stamp, before.counted)
    assert Event.objects.count() == events
    return refused.value.message


def places(deadline: Deadline) -> dict[str, int]:
    return {day["date"][5:]: day["ordinal"] for day in deadline.counted if day["ordinal"]}


def test_held_span_goes_on_with_what_remains_from_the_day_after_it_is_resumed(submitted_case, decider):
    held = act(acts.hold, submitted_case, decider, "2026-09-20 15:00", article=NOTICE)
    assert (held.state, held.closes_on) == (Deadline.State.HELD, date(2026, 9, 21))

    running = act(acts.resume, submitted_case, decider, "2026-09-22 09:00", reason="台风已过")
    assert (running.state, running.closes_on) == (Deadline.State.RUNNING, date(2026, 9, 24))
    assert places(running) == {"09-18": 1, "09-23": 2, "09-24": 3}
    assert [day["note"] for day in running.counted if day["date"] in ("2026-09-20", "2026-09-22")] == [
        "暂停",
        "恢复当日",
    ]
    assert running.number == 3


def test_ledger_says_why_by_whom_on_what_basis_and_what_remains(submitted_case, decider):
    act(acts.hold, submitted_case, decider, "2026-09-20 15:00", article=NOTICE)
    act(acts.resume, submitted_case, decider, "2026-09-22 09:00", reason="台风已过")

    hold, resume = the_deadline(submitted_case).changes.all()
    assert (hold.kind, hold.by, hold.at, hold.reason, hold.article, hold.remains) == (
        Kind.HOLD,
        decider,
        at("2026-09-20 15:00"),
        TYPHOON,
        NOTICE,
        2,
    )
    assert (hold.old_closes_on, hold.new_closes_on) == (date(2026, 9, 21), date(2026, 9, 21))
    assert (resume.old_closes_on, resume.new_closes_on) == (date(2026, 9, 21), date(2026, 9, 24))
    assert told(hold) == f"期限自 2026年9月20日 起暂停，连同当日还剩 2 个工作日：{TYPHOON}（{NOTICE}）"
    assert told(resume) == (
        "期限自 2026年9月22日 起恢复，由 2026年9月21日 24:00 改为 2026年9月24日 24:00：台风已过（由主管部门决定）"
    )
    assert [event.verb for event in Event.objects.filter(verb__startswith="deadline.").order_by("pk")] == [
        "deadline.hold",
        "deadline.resume",
    ]


@pytest.mark.parametrize(
    ("resumed", "closes_on"),
    [
        ("2026-09-21 23:59", date(2026, 9, 22)),
        ("2026-10-09 09:00", date(2026, 10, 10)),  # a Saturday that is worked
        ("2026-10-10 09:00", date(2026, 10, 12)),
    ],
)
def test_span_held_on_its_last_day_has_that_day_left(submitted_case, decider, resumed, closes_on):
    act(acts.hold, submitted_case, decider, "2026-09-21 23:58")
    assert act(acts.resume, submitted_case, decider, resumed).closes_on == closes_on


@pytest.mark.parametrize("programme", [review(3, "calendar_next")], indirect=True)
def test_calendar_days_that_remain_are_calendar_days(submitted_case, decider):
    act(acts.hold, submitted_case, decider, "2026-09-19 10:00")
    assert act(acts.resume, submitted_case, decider, "2026-09-25 10:00").closes_on == date(2026, 9, 27)


def test_span_held_twice_loses_no_day(submitted_case, decider):
    for held, resumed in (("2026-09-20 09:00", "2026-09-22 09:00"), ("2026-09-23 09:00", "2026-09-28 09:00")):
        act(acts.hold, submitted_case, decider, held)
        deadline = act(acts.resume, submitted_case, decider, resumed)
    assert places(deadline) == {"09-18": 1, "09-29": 2, "09-30": 3}


def test_what_is_over_is_not_held(submitted_case, decider):
    assert "2026年9月21日 24:00 已经届满（第十五条（二）），不能再暂停" in refusal(
        acts.hold, submitted_case, decider, "2026-09-22 00:00"
    )


def test_resumption_after_the_end_of_the_calendar_names_the_year(submitted_case, decider):
    act(acts.hold, submitted_case, decider, "2026-09-21 10:00")
    assert "2027 年的上班日历没有载入" in refusal(acts.resume, submitted_case, decider, "2026-12-31 10:00")


def test_only_what_runs_is_held_and_only_what_is_held_is_resumed(submitted_case, decider):
    assert "没有暂停，不用恢复" in refusal(acts.resume, submitted_case, decider, "2026-09-18 10:00")
    act(acts.hold, submitted_case, decider, "2026-09-18 10:00")
    assert "已经暂停" in refusal(acts.hold, submitted_case, decider, "2026-09-18 10:01")


def test_change_without_a_reason_is_refused(submitted_case, decider):
    assert "写明为什么暂停" in refusal(acts.hold, submitted_case, decider, "2026-09-18 10:00", reason=" ")


@pytest.mark.parametrize("who", ["clerk", "auditor", "other_clerk", "provider", "stranger", "other_decider"])
def test_only_a_decider_of_the_programme_changes_a_deadline(submitted_case, request, other_clerk, who):
    if who == "other_decider":
        place = other_clerk.grants.get().programme
        by = office("other_decider", "别处审定", roles.DECIDER, place)
    else:
        by = request.getfixturevalue(who)
    for what, how in (
        (acts.hold, {}),
        (acts.resume, {}),
        (acts.extend, {"number": 1}),
        (acts.correct, {"day": NOW}),
    ):
        assert "由审定人办理，您没有这个角色" in refusal(what, submitted_case, by, "2026-09-18 10:00", **how)


@pytest.mark.parametrize("programme", [extendable(most=5)], indirect=True)
def test_span_is_extended_as_far_as_its_row_says_and_no_further(submitted_case, decider):
    said = refusal(acts.extend, submitted_case, decider, "2026-09-18 10:00", number=6)
    assert said == "一次最多延长 5 个工作日（第十五条（二）），写的是 6 个工作日。"

    deadline = act(acts.extend, submitted_case, decider, "2026-09-21 23:59", number=5)
    assert (deadline.number, deadline.closes_on) == (8, date(2026, 9, 29))
    assert places(deadline) == dict(
        zip(
            ["09-18", "09-20", "09-21", "09-22", "09-23", "09-24", "09-28", "09-29"], range(1, 9), strict=True
        )
    )
    change = deadline.changes.get()
    assert (change.article, change.number) == ("第十五条（二）", 5)

    again = refusal(acts.extend, submitted_case, decider, "2026-09-22 10:00", number=1)
    assert again == "已经延长过 1 次，最多延长 1 次（第十五条（二）），不能再延长。"


@pytest.mark.parametrize("programme", [extendable(most=5, times=2)], indirect=True)
def test_row_that_lets_extend_twice_does(submitted_case, decider):
    act(acts.extend, submitted_case, decider, "2026-09-18 10:00", number=1)
    assert act(acts.extend, submitted_case, decider, "2026-09-18 10:01", number=1).closes_on == date(
        2026, 9, 23
    )


def test_span_whose_row_lets_nobody_extend_it_says_so(submitted_case, decider):
    assert "第十五条（二）没有写“经办审核”的期限可以延长，不能延长" in refusal(
        acts.extend, submitted_case, decider, "2026-09-18 10:00", number=1
    )


@pytest.mark.parametrize("programme", [extendable()], indirect=True)
def test_span_is_not_extended_after_its_end_nor_while_it_is_held(submitted_case, decider):
    assert "已经届满" in refusal(acts.extend, submitted_case, decider, "2026-09-22 00:00", number=1)
    act(acts.hold, submitted_case, decider, "2026-09-21 10:00")
    assert "正在暂停，先恢复，再延长" in refusal(
        acts.extend, submitted_case, decider, "2026-09-21 11:00", number=1
    )


def returned(case: Case, clerk: Any) -> Case:
    return steps.decide(case, "return", by=clerk, at=NOW, opinion="补一份决议", named_day=date(2026, 9, 22))


def test_last_day_that_a_person_named_is_held_extended_and_corrected(submitted_case, clerk, decider):
    case = returned(submitted_case, clerk)
    assert act(acts.extend, case, decider, "2026-09-18 10:00", number=3).closes_on == date(2026, 9, 25)
    act(acts.hold, case, decider, "2026-09-24 10:00")
    assert act(acts.resume, case, decider, "2026-09-26 10:00").closes_on == date(2026, 9, 28)

    corrected = act(
        acts.correct, case, decider, "2026-09-27 10:00", day=date(2026, 9, 30), reason="填错了一天"
    )
    assert (corrected.closes_on, corrected.closes_at) == (date(2026, 9, 30), at("2026-10-01 00:00"))
    assert (corrected.number, corrected.changes.count()) == (None, 4)
    assert "最后一天不能早于今天" in refusal(
        acts.correct, case, decider, "2026-09-27 10:00", day=date(2026, 9, 26)
    )


@pytest.mark.parametrize(
    "programme",
    [lambda content: stage(content, "review")["outcomes"][1].update(extend_by_most=3)],
    indirect=True,
)
def test_row_bounds_the_last_day_that_a_person_named(submitted_case, clerk, decider):
    case = returned(submitted_case, clerk)
    assert "一次最多延长 3 天（第十五条（二））" in refusal(
        acts.extend, case, decider, "2026-09-18 10:00", number=4
    )
    assert act(acts.extend, case, decider, "2026-09-18 10:00", number=3).closes_on == date(2026, 9, 25)


def test_corrected_beginning_counts_the_days_anew_with_what_was_done_since(submitted_case, decider):
    act(acts.hold, submitted_case, decider, "2026-09-21 10:00")
    act(acts.resume, submitted_case, decider, "2026-09-22 10:00")

    deadline = act(
        acts.correct, submitted_case, decider, "2026-09-22 11:00", day=date(2026, 9, 18), reason="收错日期"
    )
    change = deadline.changes.last()
    assert places(deadline) == {"09-20": 1, "09-23": 2, "09-24": 3}
    assert (change.kind, change.since) == (Kind.CORRECT, at("2026-09-18 00:00"))
    assert change.old_counted != change.new_counted == deadline.counted


def test_correction_that_changes_nothing_or_begins_tomorrow_is_refused(submitted_case, decider):
    moment = "2026-09-18 10:00"
    assert "更正前后一样" in refusal(acts.correct, submitted_case, decider, moment, day=NOW.date())
    assert "不能晚于今天" in refusal(acts.correct, submitted_case, decider, moment, day=date(2026, 9, 19))


@pytest.mark.parametrize("programme", [lambda content: None], indirect=True)
def test_days_the_public_was_told_are_not_moved_and_the_refusal_says_what_to_do(case_in_publicity, decider):
    for what, how in (
        (acts.hold, {}),
        (acts.extend, {"number": 1}),
        (acts.correct, {"day": date(2026, 9, 27)}),
    ):
        said = refusal(what, case_in_publicity, decider, "2026-09-30 10:00", **how)
        assert said.startswith("“公示”的起止已经告诉公众（第十五条（三）），不能改动。")
        assert "先撤下公示" in said


@pytest.mark.parametrize("programme", [lambda content: None], indirect=True)
def test_objection_writes_the_same_ledger_and_moves_no_day(case_in_publicity, clerk):
    item = case_in_publicity.publicity_items.get()
    who = {"person": "individual", "name": "王异议", "contact": "13800001111", "matter": "与实际不符"}
    objection = publicity_steps.lodge(item, at=at("2026-09-30 10:00"), **who)
    held = the_deadline(case_in_publicity)
    [hold] = held.changes.all()
    assert (held.state, hold.kind, hold.by, hold.remains) == (Deadline.State.HELD, Kind.HOLD, None, 4)
    assert hold.reason == f"收到异议 {objection.receipt}，核实前不往下办"

    settle(objection, upheld=False, conclusion="经核实不成立", by=clerk, at=at("2026-10-02 10:00"))
    running = the_deadline(case_in_publicity)
    assert (running.state, running.closes_on) == (Deadline.State.RUNNING, date(2026, 10, 3))
    assert [change.kind for change in running.changes.all()] == [Kind.HOLD, Kind.RESUME]
    assert "王异议" not in "".join(sentences(held))


def test_unit_is_told_of_the_hold_while_it_lasts_and_of_both_ends_afterwards(submitted_case, decider):
    assert sentences(the_deadline(submitted_case)) == []
    held = act(acts.hold, submitted_case, decider, "2026-09-21 10:00")
    assert sentences(held) == [
        f"期限自 2026年9月21日 起暂停，连同当日还剩 1 个工作日：{TYPHOON}（由主管部门决定）。"
    ]
    running = act(acts.resume, submitted_case, decider, "2026-09-22 10:00", reason="恢复上班")
    [sentence] = sentences(running)
    assert "由 2026年9月21日 24:00 改为 2026年9月23日 24:00：恢复上班" in sentence


@pytest.mark.parametrize(
    ("held", "resumed", "began", "expected"),
    [
        # over before it began: takes nothing
        ("09-18", "09-20", "09-22", {"09-23": 1, "09-24": 2, "09-28": 3}),
        # across its beginning: the days begin after the resumption
        ("09-20", "09-22", "09-21", {"09-23": 1, "09-24": 2, "09-28": 3}),
        # resumed on the very day it began
        ("09-20", "09-21", "09-21", {"09-22": 1, "09-23": 2, "09-24": 3}),
    ],
)
def test_hold_before_a_corrected_beginning_takes_no_day(
    submitted_case, decider, held, resumed, began, expected
):
    act(acts.hold, submitted_case, decider, f"2026-{held} 09:00")
    act(acts.resume, submitted_case, decider, f"2026-{resumed} 09:00")
    day = date.fromisoformat(f"2026-{began}")
    deadline = act(acts.correct, submitted_case, decider, "2026-09-22 10:00", day=day, reason="收错日期")
    assert places(deadline) == expected


@pytest.mark.parametrize(
    ("held", "state"), [("2026-09-21 23:59", Deadline.State.MET), ("", Deadline.State.MISSED)]
)
def test_what_is_decided_while_its_clock_stands_is_not_late(submitted_case, decider, clerk, held, state):
    if held:
        act(acts.hold, submitted_case, decider, held)
    deadline, late = the_deadline(submitted_case), at("2026-09-25 10:00")
    for material in submitted_case.materials.filter(replaced_at=None):
        steps.verify_seal(material, by=clerk, at=late)
    steps.decide(engine.load(submitted_case.pk), "support", by=clerk, at=late, opinion="材料齐全")
    deadline.refresh_from_db()
    assert deadline.state == state


def test_clock_that_was_set_back_does_not_turn_the_ledger_round(submitted_case, decider):
    act(acts.hold, submitted_case, decider, "2026-09-18 09:30")
    deadline = act(acts.resume, submitted_case, decider, "2026-09-18 08:40")
    assert [change.kind for change in deadline.changes.all()] == [Kind.HOLD, Kind.RESUME]
    assert list(shifts(submitted_case.programme)) == []


def test_whoever_let_it_lie_does_not_make_it_be_in_time(submitted_case, decider):
    case, over = engine.load(submitted_case.pk), "2026-09-28 10:00"
    case.owner = decider
    case.save()
    later = {"day": date(2026, 9, 28)}
    assert "请另一位审定人更正" in refusal(acts.correct, case, decider, over, **later)
    another = office("another-decider", "郑审定", roles.DECIDER, case.programme)
    deadline = act(acts.correct, case, another, over, **later)
    assert "更正（当时已经届满），由" in told(deadline.changes.get())


@pytest.mark.parametrize(
    "programme",
    [lambda content: stage(content, "review")["outcomes"][1].update(extend_by_most=3)],
    indirect=True,
)
def test_last_day_that_a_person_named_is_not_corrected_beyond_the_bounds(submitted_case, clerk, decider):
    case, moment = returned(submitted_case, clerk), "2026-09-18 10:00"
    assert "一次最多延长 3 天" in refusal(acts.correct, case, decider, moment, day=date(2026, 9, 26))
    assert act(acts.correct, case, decider, moment, day=date(2026, 9, 25)).closes_on == date(2026, 9, 25)


def test_stop_that_somebody_typed_after_a_reason_is_not_said_twice(submitted_case, decider):
    held = act(acts.hold, submitted_case, decider, "2026-09-21 10:00", reason="系统停机维护。")
    assert sentences(held)[0].endswith("：系统停机维护（由主管部门决定）。")
