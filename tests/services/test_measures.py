"""Two requests at once over the same order: the one that gets the lock first is on record, the other is told. PostgreSQL."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from cases import engine, inbox, steps
from cases.errors import Refused
from cases.models import Case, GroundFound
from cases.sweep import sweep
from cities.models import Programme
from clearance import revoking
from clearance import steps as measures
from tests.clearance.conftest import (
    GUANGZHOU,
    JUST_BEFORE,
    LAST,
    OVER,
    answered,
    begun,
    enter,
    filed,
    ordered,
    served,
)
from tests.conftest import NOW, at
from tests.races import queue_for
from tests.rulebooks import load_other

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

LATER = at("2026-10-12 09:00")


@pytest.fixture
def programme(calendar: None) -> Programme:
    return load_other(GUANGZHOU)


@pytest.fixture
def case(registration: Any, clerk: Any, decider: Any) -> Case:
    return ordered(registration, clerk, decider)


def at_once(programme: Programme, *calls: Callable[[], Any]) -> list[str]:
    """What each was told, in the order in which they came; empty where it was done."""
    with queue_for(programme) as start:
        running = [start(partial(_told, call)) for call in calls]
    return [one.result() for one in running]


def _told(call: Callable[[], Any]) -> str:
    try:
        call()
    except Refused as refusal:
        return refusal.message
    return ""


def test_served_by_two_clerks_at_once_is_served_once(programme: Any, case: Case, clerk: Any) -> None:
    first, second = at_once(programme, *[lambda: served(case, clerk)] * 2)
    assert first == ""
    assert "没有要送达的" in second
    assert case.services.count() == 1


def test_opened_and_served_at_once_is_served_once(
    programme: Any, case: Case, clerk: Any, provider: Any
) -> None:
    letter = inbox.of_case(case).get()
    told = at_once(programme, lambda: served(case, clerk), lambda: inbox.confirm(letter, provider, NOW))
    assert told == ["", ""]
    assert case.services.get().how == "handed"
    assert engine.load(case.pk).waiting_for == "provider"


def test_answered_twice_at_once_is_answered_once(programme: Any, case: Case, provider: Any) -> None:
    served(case, provider)
    first, second = at_once(programme, *[lambda: answered(case, provider)] * 2)
    assert first == ""
    assert "不等单位答复" in second
    assert case.answers.count() == 1
    assert engine.load(case.pk).stage.key == "recheck"  # type: ignore[union-attr]


def test_answer_of_the_last_minute_that_came_before_the_sweep_counts(
    programme: Any, case: Case, clerk: Any, provider: Any
) -> None:
    served(case, clerk)
    told = at_once(programme, lambda: answered(case, provider, moment=JUST_BEFORE), lambda: sweep(OVER))
    assert told == ["", ""]
    assert engine.load(case.pk).stage.key == "recheck"  # type: ignore[union-attr]
    assert case.orders.get().state == "reported"


def test_answer_that_came_after_the_sweep_is_told_that_the_case_has_gone_on(
    programme: Any, case: Case, clerk: Any, provider: Any
) -> None:
    served(case, clerk)
    _swept, told = at_once(
        programme, lambda: sweep(OVER), lambda: answered(case, provider, moment=JUST_BEFORE)
    )
    assert "不等单位答复" in told
    assert case.orders.get().state == "overdue"
    assert not case.answers.exists()


def test_two_sweeps_at_once_find_it_once(programme: Any, case: Case, clerk: Any) -> None:
    served(case, clerk)
    at_once(programme, lambda: sweep(OVER), lambda: sweep(OVER))
    sweep(OVER)
    assert GroundFound.objects.filter(ground__key="rectification_overdue").count() == 1
    assert case.orders.get().state == "overdue"


def test_two_deciders_at_once_give_one_order(
    programme: Any, case: Case, clerk: Any, decider: Any, registration: Any
) -> None:
    served(case, clerk)
    sweep(OVER)

    def again() -> Any:
        steps.decide(
            case, "continue", by=decider, at=OVER, opinion="情节较轻", named_day=LATER.date(), demands="改完"
        )

    first, second = at_once(programme, again, again)
    assert first == ""
    assert "现在不在审核环节" in second
    assert list(registration.orders.values_list("ordinal", "state")) == [(1, "not_done"), (2, "open")]


def test_two_cases_of_a_unit_ordered_at_once_are_numbered_apart(
    programme: Any, registration: Any, clerk: Any, decider: Any
) -> None:
    cases = [filed(registration, clerk, "bad_faith") for _ in range(2)]

    def order(case: Case) -> Any:
        steps.decide(case, "order", by=decider, at=NOW, named_day=LAST)

    assert at_once(programme, *[partial(order, case) for case in cases]) == ["", ""]
    assert list(registration.orders.values_list("ordinal", flat=True)) == [1, 2]


def test_ground_that_two_clerks_take_up_at_once_is_in_one_case(
    programme: Any, registration: Any, clerk: Any
) -> None:
    row = enter(registration, clerk, "bad_faith")
    first, second = at_once(programme, *[lambda: measures.begin(row, by=clerk, at=NOW)] * 2)
    assert first == ""
    assert "已经处理过：已立案" in second
    assert Case.objects.get().grounds.get() == row


def test_ground_that_one_combines_while_another_begins_over_it_is_in_one_case(
    programme: Any, registration: Any, clerk: Any
) -> None:
    draft = begun(registration, clerk, "bad_faith")
    row = enter(registration, clerk, "bad_faith")
    told = at_once(
        programme,
        lambda: measures.combine(draft, row, by=clerk, at=NOW),
        lambda: measures.begin(row, by=clerk, at=NOW),
    )
    assert (told[0], "已经处理过：已立案" in told[1]) == ("", True)
    assert (Case.objects.count(), draft.grounds.count()) == (1, 2)


def test_ground_combined_while_the_case_is_filed_is_in_what_is_filed_or_waits(
    programme: Any, registration: Any, clerk: Any
) -> None:
    draft = begun(registration, clerk, "bad_faith")
    row = enter(registration, clerk, "bad_faith")
    told = at_once(
        programme,
        lambda: steps.submit(draft, by=clerk, at=NOW),
        lambda: measures.combine(draft, row, by=clerk, at=NOW),
    )
    assert (told[0], "已经提交" in told[1]) == ("", True)
    row.refresh_from_db()
    assert (row.state, len(engine.load(draft.pk).submission["grounds"])) == ("open", 1)


def test_order_revoked_by_two_at_once_is_revoked_once(programme: Any, case: Case, decider: Any) -> None:
    def revoke() -> None:
        with engine.locked(case.pk) as (fresh, _):
            revoking.revoke(fresh, "复核有误", by=decider, at=NOW)

    first, second = at_once(programme, revoke, revoke)
    assert (first, "没有可以撤销的决定" in second) == ("", True)
    assert case.events.filter(verb="revoke").count() == 1
