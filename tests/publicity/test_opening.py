"""A batch that a clerk asks for and the worker shows."""

from datetime import timedelta
from typing import Any

import pytest

from cases import batches
from cases.errors import Refused
from cases.models import Case
from cases.sweep import sweep
from publicity import steps
from publicity.models import Opening, PublicityPeriod
from tests.batches import approved, filed, fresh, procedure_of
from tests.conftest import NOW, at

SHOWN, LATER = at("2026-09-28 23:59"), at("2026-09-28 23:59") + timedelta(seconds=30)
NEXT_DAY = at("2026-09-29 00:00")


@pytest.fixture
def cases(apply: Any, programme: Any, clerk: Any) -> list[Case]:
    return filed(apply, programme, 2, clerk)


@pytest.fixture
def batch(programme: Any, cases: list[Case], clerk: Any) -> Any:
    return batches.create(procedure_of(programme), cases, by=clerk, at=NOW)


def test_what_was_asked_for_is_shown_once_whoever_comes_first(batch, cases, clerk, decider):
    approved(cases, clerk, decider)
    asked = steps.ask_to_open(batch, by=clerk, at=SHOWN)
    assert steps.ask_to_open(batch, by=clerk, at=LATER) == asked
    assert not PublicityPeriod.objects.exists()
    assert (steps.carry_out_openings(LATER), steps.carry_out_openings(LATER)) == (1, 0)
    asked.refresh_from_db()
    period = PublicityPeriod.objects.get()
    assert (asked.period, asked.ended_at, period.opened_at, period.opened_by) == (period, LATER, LATER, clerk)


def test_sweep_shows_what_no_worker_has_taken_up(batch, cases, clerk, decider):
    approved(cases, clerk, decider)
    steps.ask_to_open(batch, by=clerk, at=SHOWN)
    report = sweep(LATER)
    assert (report.failed, PublicityPeriod.objects.count()) == ([], 1)


def test_refusal_is_kept_and_nothing_is_changed_until_it_is_asked_for_again(batch, cases, clerk, decider):
    approved(cases[:1], clerk, decider)
    asked = steps.ask_to_open(batch, by=clerk, at=SHOWN)
    steps.carry_out_openings(LATER)
    asked.refresh_from_db()
    assert "有 1 件还不能公示" in asked.refused["message"]
    assert str(cases[1]) in asked.refused["problems"][0]
    assert [case.waiting_for for case in fresh(cases)] == ["clerk", "clerk"]
    steps.ask_to_open(batch, by=clerk, at=SHOWN, without_rest=True)
    assert steps.carry_out_openings(LATER) == 1
    assert PublicityPeriod.objects.get().items.get().case == cases[0]


def test_nothing_is_shown_before_it_was_asked_for(batch, cases, clerk, decider):
    approved(cases, clerk, decider)
    asked = steps.ask_to_open(batch, by=clerk, at=LATER)
    steps.carry_out_openings(LATER - timedelta(days=1))  # the clock was put back meanwhile
    asked.refresh_from_db()
    assert (asked.ended_at, asked.period.opened_at) == (LATER, LATER)


def test_days_that_the_clerk_has_not_seen_are_not_shown(batch, cases, clerk, decider):
    approved(cases, clerk, decider)
    asked = steps.ask_to_open(batch, by=clerk, at=LATER)
    steps.carry_out_openings(NEXT_DAY)
    asked.refresh_from_db()
    assert "过了零点" in asked.refused["message"]
    assert not PublicityPeriod.objects.exists()


def test_what_goes_wrong_unforeseen_ends_with_word_of_it(batch, clerk, monkeypatch):
    def broken(*what: Any, **more: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("publicity.steps.opening.open_batch", broken)
    steps.ask_to_open(batch, by=clerk, at=SHOWN)
    assert steps.carry_out_openings(LATER) == 0
    assert "系统出错" in Opening.objects.get().refused["message"]


@pytest.mark.parametrize("who", ["decider", "auditor", "other_clerk"])
def test_asking_is_the_clerks_alone(request, batch, who):
    with pytest.raises(Refused, match="经办人"):
        steps.ask_to_open(batch, by=request.getfixturevalue(who), at=SHOWN)
    assert not Opening.objects.exists()
