"""Where a case stands that waits for a unit: whom it waits for, when it wakes, and by which version."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from cases import engine, steps
from cases.models import Case
from cases.sweep import sweep
from cases.versions import repin
from cities.models import Programme, Rulebook
from cities.rulebooks.load import load
from records.models import Letter
from tests.clearance.conftest import (
    GUANGZHOU,
    JUST_BEFORE,
    LAST,
    OVER,
    answered,
    begun,
    filed,
    found,
    ordered,
    served,
)
from tests.conftest import NOW, RULEBOOK, at
from tests.rulebooks import content_of, load_other, stage, write

NEXT = at("2026-09-18 09:00")


@pytest.fixture
def programme(calendar: None) -> Programme:
    return load_other(GUANGZHOU)


@pytest.fixture
def case(registration: Any, clerk: Any, decider: Any) -> Case:
    return ordered(registration, clerk, decider)


def newer(folder: Path, change: Any = lambda content: None) -> Rulebook:
    """The next version, in force from 18 September, also for what is open."""
    content = content_of(RULEBOOK.with_name(f"{GUANGZHOU}.yaml"))
    content["rulebook"] |= {
        "version": 2,
        "effective_from": str(NEXT.date()),
        "moves_open_cases": True,
    }
    change(content)
    [loaded] = load([write(folder, content)], at=NOW)
    return Rulebook.objects.select_related("programme__city").get(pk=loaded.rulebook.pk)


def stage_of(case: Case) -> str:
    stage = engine.load(case.pk).stage
    return stage.key if stage else ""


def test_waits_for_the_clerk_and_never_wakes_until_it_is_served(case: Case, clerk: Any) -> None:
    assert (case.waiting_for, case.wake_at) == ("clerk", None)
    case = served(case, clerk)
    assert (case.waiting_for, case.wake_at) == ("provider", OVER)


@pytest.mark.parametrize(("moment", "where"), [(JUST_BEFORE, "rectification"), (OVER, "consequence")])
def test_last_day_lasts_to_its_last_minute(case: Case, clerk: Any, moment: Any, where: str) -> None:
    served(case, clerk)
    sweep(moment)
    assert stage_of(case) == where


def test_order_that_runs_goes_on_by_a_later_version(
    case: Case, registration: Any, clerk: Any, decider: Any, tmp_path: Path
) -> None:
    served(case, clerk)
    repin(case, newer(tmp_path), reason="局里通知", by=decider, at=NEXT)
    moved = engine.load(case.pk)
    assert moved.rulebook is not None
    assert (moved.rulebook.version, moved.waiting_for, moved.wake_at) == (2, "provider", OVER)
    order = case.orders.get()
    assert order.deadline is not None
    assert (order.state, order.deadline.closes_on) == ("open", LAST)
    sweep(OVER)
    assert stage_of(case) == "consequence"
    [ground] = found(registration, "rectification_overdue")
    assert ground.ground is not None
    assert ground.ground.rulebook.version == 2


def test_order_not_yet_served_is_served_after_the_move_too(
    case: Case, clerk: Any, decider: Any, tmp_path: Path
) -> None:
    repin(case, newer(tmp_path), reason="局里通知", by=decider, at=NEXT)
    assert engine.load(case.pk).waiting_for == "clerk"
    assert served(case, clerk, moment=NEXT).waiting_for == "provider"
    assert answered(case, clerk, moment=JUST_BEFORE).stage.key == "recheck"  # type: ignore[union-attr]


def test_later_version_says_where_the_clock_leads(
    case: Case, clerk: Any, decider: Any, tmp_path: Path
) -> None:
    """Change the row, and what is overdue goes where it says."""

    def to_recheck(content: Any) -> None:
        rows = stage(content, "rectification", "sanction")["outcomes"]
        next(row for row in rows if row["key"] == "overdue")["next_stage"] = "recheck"

    served(case, clerk)
    repin(case, newer(tmp_path, to_recheck), reason="局里通知", by=decider, at=NEXT)
    sweep(OVER)
    assert stage_of(case) == "recheck"
    assert case.orders.get().state == "overdue"


def test_unit_stays_asked_where_the_rows_say_nothing_of_its_silence(
    case: Case, clerk: Any, provider: Any, decider: Any, tmp_path: Path
) -> None:
    def without(content: Any) -> None:
        row = stage(content, "rectification", "sanction")
        row["outcomes"] = [one for one in row["outcomes"] if one["key"] != "overdue"]

    served(case, clerk)
    repin(case, newer(tmp_path, without), reason="局里通知", by=decider, at=NEXT)
    sweep(OVER)
    assert (stage_of(case), engine.load(case.pk).wake_at) == ("rectification", None)
    answered(case, provider, moment=OVER)
    assert stage_of(case) == "recheck"


def test_draft_of_an_earlier_version_is_filed_by_the_one_in_force(
    registration: Any, clerk: Any, tmp_path: Path
) -> None:
    draft = begun(registration, clerk, "bad_faith")
    newer(tmp_path)
    case = steps.submit(draft, by=clerk, at=NEXT)
    assert case.rulebook is not None
    assert case.rulebook.version == 2


def test_what_is_put_to_the_unit_is_in_the_letter_that_asks_it(
    registration: Any, clerk: Any, decider: Any, client: Any, stopped_clock: Any
) -> None:
    case = filed(registration, clerk, "fraud")
    client.force_login(decider)
    page = client.get(reverse("admin:cases_case_change", args=[case.pk])).content.decode()
    assert page.count("会写进给它的通知") == 1
    steps.decide(case, "hear", by=decider, at=NOW, named_day=LAST, opinion="两份合同为何不一致")
    assert "请您单位说明：两份合同为何不一致" in Letter.objects.get(case=case, kind="clearance_heard").body
