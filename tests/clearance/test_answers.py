"""An answer counts within its days; once they are over the clock has the case, also before the sweep has come."""

from datetime import date
from typing import Any

import pytest

from cases import confidential, engine
from cases.deadlines import acts
from cases.errors import Refused
from cases.models import Case
from cases.reminders import remind
from cities.models import Programme
from tests.clearance.conftest import GUANGZHOU, JUST_BEFORE, LAST, OVER, answered, ordered, served
from tests.conftest import at
from tests.rulebooks import load_other


@pytest.fixture
def programme(calendar: None) -> Programme:
    return load_other(GUANGZHOU)


@pytest.fixture
def case(registration: Any, clerk: Any, decider: Any) -> Case:
    return served(ordered(registration, clerk, decider), clerk)


def stage_of(case: Case) -> str:
    stage = engine.load(case.pk).stage
    return stage.key if stage else ""


def test_last_minute_is_in_time(case: Case, provider: Any) -> None:
    answered(case, provider, moment=JUST_BEFORE)
    assert stage_of(case) == "recheck"


def test_first_moment_of_the_next_day_is_late(case: Case, provider: Any) -> None:
    with pytest.raises(Refused, match=r"9月30日 24:00 已经届满（4\.2）"):
        answered(case, provider, moment=OVER)
    assert stage_of(case) == "rectification"
    assert case.orders.get().state == "open"


@pytest.mark.parametrize(("received", "is_late"), [(LAST, False), (date(2026, 10, 1), True)])
def test_paper_counts_from_the_day_it_came(case: Case, clerk: Any, received: date, is_late: bool) -> None:
    if is_late:
        with pytest.raises(Refused, match="已经届满"):
            answered(case, clerk, moment=at("2026-10-01 09:00"), received_on=received)
        return
    answered(case, clerk, moment=at("2026-10-01 09:00"), received_on=received)
    assert stage_of(case) == "recheck"


def test_paper_from_tomorrow_is_refused(case: Case, clerk: Any) -> None:
    with pytest.raises(Refused, match="还没有到"):
        answered(case, clerk, moment=JUST_BEFORE, received_on=date(2026, 10, 1))


@pytest.mark.parametrize(("received", "is_early"), [(date(2026, 9, 19), True), (date(2026, 9, 20), False)])
def test_paper_from_before_it_was_served_is_no_answer(
    registration: Any, clerk: Any, decider: Any, received: date, is_early: bool
) -> None:
    moment = at("2026-09-22 09:00")
    order = ordered(registration, clerk, decider)
    case = served(order, clerk, moment=moment, on=date(2026, 9, 20))
    if is_early:
        with pytest.raises(Refused, match=r"2026年9月19日 早于“限期整改”送达的 2026年9月20日"):
            answered(case, clerk, moment=moment, received_on=received)
        return
    answered(case, clerk, moment=moment, received_on=received)
    assert stage_of(case) == "recheck"


def test_no_service_is_recorded_before_the_order(registration: Any, clerk: Any, decider: Any) -> None:
    case = ordered(registration, clerk, decider)
    with pytest.raises(Refused, match=r"2026年9月16日 早于“限期整改”作出的 2026年9月17日"):
        answered(case, clerk, received_on=date(2026, 9, 16))
    assert not case.services.exists()
    answered(case, clerk, received_on=date(2026, 9, 17))
    assert case.services.get().served_on == date(2026, 9, 17)


def test_answer_does_not_tell_who_has_objected(
    case: Case, provider: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refusal would; numbers of people are kept out as everywhere."""
    monkeypatch.setattr(confidential, "_told", [lambda cases: ["赵异议"]])
    with pytest.raises(Refused, match="不能有手机号"):
        answered(case, provider, text="请联系 13812345678")
    answered(case, provider, text="赵异议说的不对")
    assert case.answers.get().text == "赵异议说的不对"


def test_held_days_are_not_over(case: Case, provider: Any, decider: Any) -> None:
    with engine.locked(case.pk) as (fresh, _):
        acts.hold(fresh, reason="台风停工", by=decider, at=JUST_BEFORE)
    answered(case, provider, moment=OVER)
    assert stage_of(case) == "recheck"


def test_reminder_asks_for_an_answer_and_no_correction(case: Case) -> None:
    assert remind(at("2026-09-29 09:00")) == 1
    letter = case.letters.get(kind="clearance_reminder")
    assert "2026年9月30日 24:00" in letter.subject
    assert ("去答复" in letter.body, "补正" in letter.body) == (True, False)


def test_twice_is_refused(case: Case, provider: Any) -> None:
    answered(case, provider)
    with pytest.raises(Refused, match="不等单位答复"):
        answered(case, provider)
    assert case.answers.count() == 1
