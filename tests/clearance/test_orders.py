"""What becomes of an order as its case goes on: each way out of a stage says one thing of it."""

from typing import Any

import pytest

from cases import engine, steps
from cases.errors import Refused
from cases.sweep import sweep
from cities.models import Programme
from clearance import steps as measures
from clearance.models import RectificationOrder
from notices import loading
from notices.models import Notice
from providers.models import Registration
from records.models import Letter
from tests.clearance.conftest import GUANGZHOU, LAST, OVER, answered, begun, filed, in_vain, ordered, served
from tests.conftest import NOW, at
from tests.notices.conftest import FILE as WORDINGS
from tests.rulebooks import load_other

LATER = at("2026-10-12 09:00")


@pytest.fixture
def programme(calendar: None) -> Programme:
    return load_other(GUANGZHOU)


def states(registration: Registration) -> list[tuple[int, str]]:
    return list(registration.orders.order_by("ordinal").values_list("ordinal", "state"))


def test_order_says_by_when_what_and_by_which_article(registration: Any, clerk: Any, decider: Any) -> None:
    order = ordered(registration, clerk, decider).orders.get()
    assert (order.ordinal, order.state, order.demands, order.article) == (1, "open", "补齐材料", "4.2")
    assert order.deadline is not None
    assert order.deadline.closes_on == LAST
    assert (order.ordered_at, order.ordered_by) == (NOW, decider)


@pytest.mark.parametrize(
    ("moment", "way", "left"),
    [
        ("2026-09-30 23:59", ["answer"], [(1, "reported")]),
        ("2026-09-30 23:59", ["answer", "done"], [(1, "done")]),
        ("2026-09-30 23:59", ["answer", "not_done"], [(1, "not_done")]),
        ("2026-09-30 23:59", ["answer", "not_done", "continue"], [(1, "not_done"), (2, "open")]),
        ("2026-09-30 23:59", ["sweep"], [(1, "open")]),
        ("2026-10-01 00:00", ["sweep"], [(1, "overdue")]),
        ("2026-10-01 00:00", ["sweep", "continue"], [(1, "not_done"), (2, "open")]),
        ("2026-10-01 00:00", ["sweep", "disqualify"], [(1, "not_done")]),
    ],
)
def test_each_way_out_says_what_became_of_the_order(
    registration: Any, clerk: Any, decider: Any, moment: str, way: list[str], left: list[Any]
) -> None:
    case, then = served(ordered(registration, clerk, decider), clerk), at(moment)
    for step in way:
        case = engine.load(case.pk)
        if step == "answer":
            answered(case, clerk, moment=then)
        elif step == "sweep":
            sweep(then)
        else:
            named = {"named_day": LATER.date(), "demands": "改完"} if step == "continue" else {}
            hand = clerk if case.waiting_for == "clerk" else decider
            steps.decide(case, step, by=hand, at=then, opinion="看过现场", **named)
    assert states(registration) == left


def test_ends_are_dated(registration: Any, clerk: Any, decider: Any) -> None:
    case = served(ordered(registration, clerk, decider), clerk)
    reported = at("2026-09-20 09:00")
    answered(case, clerk, moment=reported)
    steps.decide(engine.load(case.pk), "done", by=clerk, at=LATER)
    order = case.orders.get()
    assert (order.reported_at, order.ended_at) == (reported, LATER)


def test_orders_of_all_cases_of_a_unit_are_counted_together_and_apart_from_others(
    registration: Any, second: Any, clerk: Any, decider: Any
) -> None:
    for _ in range(2):
        ordered(registration, clerk, decider)
    ordered(second, clerk, decider)
    assert states(registration) == [(1, "open"), (2, "open")]
    assert states(second) == [(1, "open")]


def test_next_order_has_a_deadline_of_its_own(registration: Any, clerk: Any, decider: Any) -> None:
    case = served(ordered(registration, clerk, decider), clerk)
    sweep(OVER)
    steps.decide(
        engine.load(case.pk),
        "continue",
        by=decider,
        at=OVER,
        opinion="情节较轻",
        named_day=LATER.date(),
        demands="改完",
    )
    first, second = RectificationOrder.objects.order_by("ordinal")
    assert first.deadline is not None
    assert second.deadline is not None
    assert (first.deadline.closes_on, second.deadline.closes_on) == (LAST, LATER.date())
    assert engine.load(case.pk).waiting_for == "clerk"  # what is asked again has to be served again


def test_order_of_a_unit_that_leaves_the_list_is_void(registration: Any, clerk: Any, decider: Any) -> None:
    served(ordered(registration, clerk, decider), clerk)
    case = filed(registration, clerk, "fraud")
    steps.decide(case, "propose", by=decider, at=NOW)
    council = engine.load(case.pk)
    steps.decide(council, "confirm", by=clerk, at=LATER, met_on=LATER.date(), minutes="局务会〔2026〕3号")
    assert states(registration) == [(1, "void")]
    sweep(at("2026-10-20 09:00"))
    assert states(registration) == [(1, "void")]


@pytest.fixture
def wordings(programme: Programme) -> None:
    loading.load(WORDINGS.with_name(f"{GUANGZHOU}.yaml"), at=NOW)


def test_document_of_each_order_names_the_article_it_was_given_by(
    wordings: None, registration: Any, clerk: Any, decider: Any
) -> None:
    case = served(ordered(registration, clerk, decider), clerk)
    sweep(OVER)
    steps.decide(
        engine.load(case.pk),
        "continue",
        by=decider,
        at=OVER,
        opinion="情节较轻",
        named_day=LATER.date(),
        demands="改完",
    )
    first, again = Notice.objects.filter(case=case).order_by("decided_at")
    assert (first.kind, first.facts["条款"]) == ("criticism", "4.2")
    assert (again.kind, again.facts["条款"]) == ("rectification", "4.3")


def test_meeting_confirms_nothing_of_which_the_document_could_not_be_made(
    wordings: None, registration: Any, clerk: Any, decider: Any
) -> None:
    draft = begun(registration, clerk, "fraud")
    measures.save(draft, facts="联系\U00030000公司", demands="", afterwards="", at=NOW)
    case = steps.submit(engine.load(draft.pk), by=clerk, at=NOW)
    steps.decide(case, "propose", by=decider, at=NOW)
    with pytest.raises(Refused, match="文书发不出来，字体里没有"):
        steps.decide(
            engine.load(case.pk), "confirm", by=clerk, at=NOW, met_on=NOW.date(), minutes="局务会〔2026〕3号"
        )
    registration.refresh_from_db()
    assert registration.valid_to is None


@pytest.mark.parametrize(("key", "is_told"), [("done", False), ("decline", True)])
def test_reason_is_written_to_the_unit_only_where_it_is_meant_for_it(
    registration: Any, clerk: Any, decider: Any, key: str, is_told: bool
) -> None:
    """What a desk notes when all is well is between desks, on the page of the case and in the letter."""
    said = "问过当时在场的人"
    if key == "done":
        case = answered(served(ordered(registration, clerk, decider), clerk), clerk)
        steps.decide(case, key, by=clerk, at=NOW, opinion=said)
    else:
        in_vain(registration, clerk, decider)
        case = filed(registration, clerk, "rectification_overdue")
        steps.decide(case, "hear", by=decider, at=NOW, named_day=LAST)
        answered(served(case, clerk), clerk)
        steps.decide(engine.load(case.pk), key, by=decider, at=NOW, opinion=said)
    letter = Letter.objects.get(case=case, kind="clearance_ended")
    assert (said in letter.body) is is_told


def test_document_of_a_removal_names_the_meeting_that_confirmed_it(
    wordings: None, registration: Any, clerk: Any, decider: Any
) -> None:
    case = filed(registration, clerk, "fraud")
    steps.decide(case, "propose", by=decider, at=NOW)
    steps.decide(engine.load(case.pk), "confirm", by=clerk, at=NOW, met_on=NOW.date(), minutes="〔2026〕3号")
    [notice] = Notice.objects.filter(case=case)
    assert "上述清退经2026年9月17日局务会审议（纪要〔2026〕3号）确认。" in notice.body
