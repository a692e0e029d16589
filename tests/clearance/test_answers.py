"""An answer counts within its days; once they are over the clock has the case, also before the sweep has come."""

from datetime import date
from typing import Any

import pytest

from cases import engine
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
