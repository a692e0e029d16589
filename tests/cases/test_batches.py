"""Cases gathered by a window or by hand, decided together, taken out again and split."""

from datetime import date
from typing import Any

import pytest

from cases import batches, engine, steps
from cases.batches import Window
from cases.errors import Refused
from cases.models import Case
from publicity import steps as publicity_steps
from records.models import Event
from tests.batches import batch_of, enter_units, file, filed, fresh, item, procedure_of
from tests.conftest import NOW, at, review

LATER = at("2026-09-20 09:00")
SHOWN = at("2026-09-28 10:00")


@pytest.fixture
def procedure(programme: Any) -> Any:
    return procedure_of(programme)


@pytest.fixture
def three(apply: Any, programme: Any, clerk: Any) -> list[Case]:
    return filed(apply, programme, 3, clerk)


@pytest.fixture
def batch(procedure: Any, three: list[Case], clerk: Any) -> Any:
    return batches.create(procedure, three, by=clerk, at=LATER, label="九月")


def verbs(case: Case) -> list[str]:
    return [event.verb for event in Event.objects.filter(case=case).order_by("at", "pk")]


def problems(refusal: Any) -> str:
    return "；".join(problem.message for problem in refusal.value.problems)


def test_batch_is_numbered_and_each_case_tells_it(batch, three):
    assert (batch.number, str(batch)) == ("DG-PC-2026-0001", "批次 DG-PC-2026-0001")
    assert [batch_of(case) for case in three] == [batch] * 3
    assert [verbs(case)[-1] for case in three] == ["batch.add"] * 3


def test_window_gathers_what_came_in_on_its_first_and_last_day_and_nothing_else(
    apply, programme, procedure, clerk
):
    units = enter_units(programme, 4)
    days = ["2026-08-31 23:59", "2026-09-01 00:00", "2026-09-15 23:59", "2026-09-16 00:00"]
    cases = [
        file(apply, unit, clerk, item(place), at(day))
        for place, (unit, day) in enumerate(zip(units, days, strict=True))
    ]
    window = Window(date(2026, 9, 1), date(2026, 9, 15))
    batch = batches.create(procedure, by=clerk, at=LATER, window=window)
    assert [batch_of(case) for case in cases] == [None, batch, batch, None]


def test_window_counts_an_online_application_from_its_submission(submitted_case, procedure, clerk):
    until_yesterday = Window(date(2026, 9, 1), date(2026, 9, 16))
    assert not batches.create(procedure, by=clerk, at=LATER, window=until_yesterday).cases.exists()
    today = batches.create(procedure, by=clerk, at=LATER, window=Window(NOW.date(), NOW.date()))
    assert batch_of(submitted_case) == today


def test_window_that_ends_before_it_begins_is_refused():
    with pytest.raises(Refused, match="早于"):
        Window(date(2026, 9, 2), date(2026, 9, 1))


def test_gather_again_takes_in_what_has_come_since(apply, programme, procedure, clerk):
    first, second = enter_units(programme, 2)
    file(apply, first, clerk, item(1))
    batch = batches.create(procedure, by=clerk, at=NOW, window=Window(NOW.date(), NOW.date()))
    case = file(apply, second, clerk, item(2))
    assert batches.gather(batch, by=clerk, at=LATER) == [case]
    assert batches.gather(batch, by=clerk, at=LATER) == []


def test_add_of_one_that_is_in_another_batch_adds_none_and_names_it(batch, three, procedure, clerk):
    before = Event.objects.count()
    with pytest.raises(Refused) as refusal:
        batches.create(procedure, three[:1], by=clerk, at=LATER)
    assert "已在批次 DG-PC-2026-0001，先从那里移出" in problems(refusal)
    assert Event.objects.count() == before
    assert batch_of(three[0]) == batch


def test_remove_before_publicity_is_an_event_with_its_reason(batch, three, clerk):
    batches.remove(batch, three[:1], reason="材料待补", by=clerk, at=LATER)
    assert [batch_of(case) for case in three] == [None, batch, batch]
    event = Event.objects.filter(case=three[0]).latest("pk")
    assert (event.verb, event.summary) == (
        "batch.remove",
        "移出批次 DG-PC-2026-0001（九月）：材料待补",
    )


@pytest.mark.parametrize("step", [batches.remove, batches.split])
def test_remove_and_split_need_a_reason_and_a_case(batch, three, clerk, step):
    with pytest.raises(Refused, match="还没有写原因"):
        step(batch, three[:1], reason=" ", by=clerk, at=LATER)
    with pytest.raises(Refused, match="没有选事项"):
        step(batch, [], reason="有误", by=clerk, at=LATER)


@pytest.mark.parametrize("who", ["decider", "auditor", "other_clerk"])
def test_batches_are_the_clerks_alone(request, batch, three, procedure, who):
    user = request.getfixturevalue(who)
    with pytest.raises(Refused, match="您没有这个角色"):
        batches.create(procedure, by=user, at=LATER)
    with pytest.raises(Refused, match="您没有这个角色"):
        batches.remove(batch, three, reason="有误", by=user, at=LATER)
    with pytest.raises(Refused, match="您没有这个角色"):
        batches.split(batch, three, reason="有误", by=user, at=LATER)


def test_split_moves_some_into_a_new_batch(batch, three, clerk):
    new = batches.split(batch, three[1:], reason="另行审核", by=clerk, at=LATER, label="十月")
    assert [batch_of(case) for case in three] == [batch, new, new]
    assert (new.number, [verbs(case)[-1] for case in three]) == (
        "DG-PC-2026-0002",
        ["batch.add", "batch.split", "batch.split"],
    )


def test_what_is_shown_can_be_neither_removed_nor_split_nor_added_to(batch, three, clerk, decider, procedure):
    for case in three:
        review(case, clerk, decider, LATER)
    publicity_steps.open_batch(batch, by=clerk, at=SHOWN)
    for step in (batches.remove, batches.split):
        with pytest.raises(Refused) as refusal:
            step(batch, three[:1], reason="有误", by=clerk, at=SHOWN)
        assert "已经公示，批次不能再变" in problems(refusal)
    assert [batch_of(case) for case in three] == [batch] * 3
    assert batches.candidates(batch).count() == 0


def test_case_shown_by_itself_cannot_be_added(case_in_publicity, procedure, clerk):
    batch = batches.create(procedure, by=clerk, at=SHOWN)
    with pytest.raises(Refused) as refusal:
        batches.add(batch, [case_in_publicity], by=clerk, at=SHOWN)
    assert "已经公示" in problems(refusal)


def chosen(cases: list[Case]) -> list[Any]:
    return [(case.pk, batches.since(case)) for case in fresh(cases)]


def look_at_seals(cases: list[Case], clerk: Any) -> None:
    for case in cases:
        for material in case.materials.filter(replaced_at=None):
            steps.verify_seal(material, by=clerk, at=NOW)


def test_decided_together_each_by_itself_and_the_refused_say_why(batch, three, clerk):
    look_at_seals(three[1:], clerk)
    found = batches.decide(batch, chosen(three), "support", by=clerk, at=LATER, opinion="材料齐全")
    assert [case.pk for case in found.went] == [case.pk for case in three[1:]]
    [(case, refusal)] = found.refused
    assert (case, "没有核对盖章" in refusal.problems[0].message) == (three[0], True)
    assert [case.stage.key for case in fresh(three)] == ["review", "approval", "approval"]


def test_decided_twice_from_the_same_page_is_refused_the_second_time(batch, three, clerk):
    look_at_seals(three, clerk)
    seen = chosen(three)
    batches.decide(batch, seen, "support", by=clerk, at=LATER, opinion="材料齐全")
    found = batches.decide(batch, seen, "support", by=clerk, at=LATER, opinion="材料齐全")
    assert (found.went, len(found.refused)) == ([], 3)
    assert "有了变化" in found.refused[0][1].message


def test_decide_of_one_that_left_the_batch_is_refused(batch, three, clerk):
    look_at_seals(three, clerk)
    seen = chosen(three)
    batches.remove(batch, three[:1], reason="另办", by=clerk, at=LATER)
    found = batches.decide(batch, seen, "support", by=clerk, at=LATER, opinion="材料齐全")
    assert [refusal.message for _, refusal in found.refused] == [
        f"{three[0]} 已经不在批次 DG-PC-2026-0001里。"
    ]
    assert engine.load(three[0].pk).stage.key == "review"
