from datetime import date, timedelta
from typing import Any

import pytest

from cases import engine, steps
from cases.models import Case, Deadline
from cases.sweep import sweep
from cities.models import OfficeDecision, Programme
from publicity import steps as publicity_steps
from publicity.models import PublicityItem
from records.probes import State, readings
from tests.conftest import NOW, PARTNERS, add, at, review, submitted
from tests.portal.operations.conftest import queries

CLOSED = at("2026-10-04 00:00")


def test_due_counts_what_the_next_sweep_will_do(read, case_in_publicity):
    assert read("due", at("2026-10-03 23:59")).value == 0

    assert (read("due", CLOSED).value, read("due", CLOSED).shown) == (1, "1 件")


def late(case: Case, closes_at: Any, **more: Any) -> Deadline:
    assert case.stage
    days = {"opens_on": date(2026, 9, 17), "closes_on": date(2026, 9, 20), "closes_at": closes_at}
    return Deadline.objects.create(
        case=case, stage=case.stage, started_at=NOW, unit="calendar", number=3, **days, **more
    )


def test_deadline_that_a_desk_has_missed_is_red(read, submitted_case):
    submitted_case.deadlines.all().delete()
    late(submitted_case, at("2026-09-21 00:00"))
    assert read("overdue", at("2026-09-20 23:59")).state == State.OK

    found = read("overdue", at("2026-09-21 00:00"))

    assert (found.value, found.state, found.why) == (1, State.RED, "1 件在工作人员手里逾期")
    assert [line.text for line in found.lines] == ["等经办人：1 件"]


def test_deadline_that_the_applicant_has_missed_is_looked_at(read, submitted_case, clerk):
    submitted_case.deadlines.all().delete()
    late(submitted_case, at("2026-09-21 00:00"))
    Case.objects.filter(pk=submitted_case.pk).update(waiting_for="provider")

    assert read("overdue", at("2026-09-21 00:00")).state == State.WARN


@pytest.mark.parametrize("state", [Deadline.State.HELD, Deadline.State.MET, Deadline.State.VOID])
def test_deadline_that_does_not_run_is_not_overdue(read, submitted_case, state):
    submitted_case.deadlines.all().delete()
    late(submitted_case, at("2026-09-21 00:00"), state=state)

    assert read("overdue", at("2026-09-30 00:00")).value == 0


@pytest.mark.parametrize(("days", "state"), [(29, State.OK), (30, State.WARN)])
def test_deadline_that_is_held_for_long_is_looked_at(read, case_in_publicity, days, state):
    """Here by an objection that nobody handles."""
    since, item = at("2026-09-30 09:00"), PublicityItem.objects.get(case=case_in_publicity)
    assert read("held", since).value == 0
    publicity_steps.lodge(item, at=since, person="individual", name="王异议", contact="1", matter="不属实")

    found = read("held", since + timedelta(days=days))

    assert (found.value, found.state) == (1, state)
    expected = f"{case_in_publicity.number}，2026年9月30日 09:00 暂停（{days} 天）"
    assert [line.text for line in found.lines] == [expected]


def test_case_set_aside_that_waits_for_a_person_now_is_not_stuck(read, submitted_case):
    """Somebody objected to it meanwhile: there is nothing to try again."""
    Case.objects.filter(pk=submitted_case.pk).update(set_aside_at=NOW, wake_at=NOW)
    assert read("stuck", NOW).value == 1

    Case.objects.filter(pk=submitted_case.pk).update(wake_at=None)
    assert read("stuck", NOW).value == 0


def test_deadline_that_only_waits_for_the_sweep_is_not_overdue(read, case_in_publicity):
    assert read("overdue", CLOSED).value == 0


def test_case_set_aside_is_red_with_its_reason_and_age_and_no_more(read, case_in_publicity):
    reason = "IntegrityError：refused 13899990000\nDETAIL: Failing row contains (王标记)."
    engine.set_aside(case_in_publicity, reason, at=CLOSED)

    found = read("stuck", at("2026-10-04 03:10"))

    assert (found.value, found.state) == (1, State.RED)
    assert [line.text for line in found.lines] == [
        f"{case_in_publicity.number}，2026年10月4日 00:00 搁置（3 小时）：IntegrityError：refused 138****0000"
    ]


def test_long_list_of_what_is_stuck_is_cut_and_says_so(read, case_in_publicity):
    for number in range(1, 23):
        Case.objects.create(
            number=f"XX-{number:04}",
            programme=case_in_publicity.programme,
            procedure=case_in_publicity.procedure,
            organisation=case_in_publicity.organisation,
            created_at=NOW,
            status="closed",
            set_aside_at=CLOSED,
            wake_at=CLOSED,
        )

    found = read("stuck", CLOSED)

    assert (found.value, len(found.lines), found.lines[-1].text) == (22, 21, "还有 2 件没有列出")


@pytest.fixture
def loser(apply, registration, third, clerk, decider) -> Case:
    """Of two that want the last place behind a partner, the one that came back from publication."""
    cases = []
    for unit in (registration, third):
        operation = add("shared", unit, "food-beverage")
        case = apply(unit, clerk, [operation], channel="paper", received_on=NOW.date())
        case = review(submitted(case, by=clerk, at=NOW), clerk, decider, NOW)
        publicity_steps.open_period(case, by=clerk, at=at("2026-09-28 10:00"))
        cases.append(case)
    sweep(CLOSED)
    return engine.load(cases[1].pk)


def test_publication_that_failed_is_red_until_the_desk_has_decided_again(read, loser, decider):
    found = read("failed_publications", CLOSED)
    assert (found.value, found.state) == (1, State.RED)
    assert [line.text for line in found.lines] == [f"{loser.number}，2026年10月4日 00:00 退回"]
    assert PARTNERS["shared"][1] not in found.lines[0].text

    steps.decide(loser, "refuse", by=decider, at=at("2026-10-08 09:00"), opinion="名额已满")

    assert read("failed_publications", at("2026-10-08 09:00")).value == 0


def propose(programme: Programme, by: Any, place: str = "a") -> OfficeDecision:
    return OfficeDecision.objects.create(
        programme=programme,
        section="stages",
        place=place,
        matter="span",
        article="第一条",
        wording="5 天",
        basis="会议",
        decided_on=NOW.date(),
        effective_from=NOW.date(),
        proposed_at=NOW,
        proposed_by=by,
    )


def test_decision_that_waits_a_week_for_a_second_person_is_looked_at(read, programme, clerk):
    propose(programme, clerk)

    fresh, old = (
        read("decisions_waiting", at("2026-09-24 10:31")),
        read("decisions_waiting", at("2026-09-24 10:32")),
    )

    assert (fresh.value, fresh.state) == (1, State.OK)
    assert (old.state, old.why) == (State.WARN, "最早的已等 7 天")
    assert [line.text for line in old.lines] == ["东莞 · 数字化牵引单位：1 项"]


def test_all_numbers_take_as_many_queries_for_three_rows_as_for_one(loser, programme, clerk):
    def all_numbers() -> int:
        return queries(lambda: readings(CLOSED))

    engine.set_aside(loser, "x", at=CLOSED)
    propose(programme, clerk)
    all_numbers()  # what is kept for a minute is kept from now on
    one = all_numbers()
    for number in range(3):
        propose(programme, clerk, f"b{number}")
        Case.objects.create(
            number=f"XX-{number:04}",
            programme=programme,
            procedure=loser.procedure,
            organisation=loser.organisation,
            created_at=NOW,
            set_aside_at=CLOSED,
            wake_at=CLOSED,
        )

    assert all_numbers() == one
    assert one <= 25
