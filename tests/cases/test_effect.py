"""What happens when a decided case meets the registry."""

from typing import Any

import pytest

from cases import engine, kinds, steps
from cases.errors import Refused
from cases.models import Case
from cases.sweep import sweep
from cities.models import Outcome
from providers.models import ListEdition, Partnership
from providers.queries import snapshot
from publicity import steps as publicity_steps
from tests.conftest import NOW, add, at, review, submitted

CLOSED = at("2026-10-04 00:00")


@pytest.fixture
def rivals(apply: Any, registration, third, clerk, decider) -> list[Case]:
    """Two lead units that each want the last place behind the same partner; both are shown until 10月3日."""
    cases = []
    for unit in (registration, third):
        case = apply(
            unit, clerk, [add("shared", unit, "food-beverage")], channel="paper", received_on=NOW.date()
        )
        case = review(submitted(case, by=clerk, at=NOW), clerk, decider, NOW)
        publicity_steps.open_period(case, by=clerk, at=at("2026-09-28 10:00"))
        cases.append(engine.load(case.pk))
    return cases


def test_one_rival_wins_and_the_other_goes_back_to_the_desk_with_its_reason(rivals, decider):
    report = sweep(CLOSED)

    winner, loser = (engine.load(case.pk) for case in rivals)
    assert report.failed == []
    assert (winner.result, loser.result) == (Case.Result.PUBLISHED, Case.Result.NONE)
    assert (loser.stage.key, loser.waiting_for, loser.owner) == ("approval", "decider", decider)
    assert "在食品饮料行业已是 2 家牵引单位的合作伙伴，不超过 2 家" in loser.attention
    assert Partnership.objects.current().filter(organisation__name="虚构视觉检测技术有限公司").count() == 2
    assert ListEdition.objects.count() == 2


def test_loser_has_a_due_date_from_the_row(rivals):
    sweep(CLOSED)

    deadline = rivals[1].deadlines.get(state="running")
    assert (deadline.unit, deadline.number, deadline.closes_on.isoformat()) == ("working", 5, "2026-10-13")


def test_failed_effect_changes_nothing_on_the_list(rivals, third):
    before = snapshot(third, at("2026-10-03 12:00"))

    sweep(CLOSED)

    assert snapshot(third, at("2026-10-05 00:00")) == before


def test_loser_can_be_decided_again_and_is_refused_with_the_article(rivals, decider):
    sweep(CLOSED)

    with pytest.raises(Refused) as refusal:
        steps.decide(rivals[1], "approve", by=decider, at=at("2026-10-09 10:00"))

    assert [problem.article for problem in refusal.value.problems] == ["第十六条"]


def test_editions_rise_together_with_their_moments(rivals, programme, second, apply, clerk, decider):
    other = apply(second, clerk, [add("other", second)], channel="paper", received_on=NOW.date())
    other = review(submitted(other, by=clerk, at=NOW), clerk, decider, NOW)
    publicity_steps.open_period(other, by=clerk, at=at("2026-09-28 11:00"))

    sweep(CLOSED)

    editions = list(programme.editions.order_by("number").values_list("number", "published_at"))
    assert [number for number, _ in editions] == [1, 2, 3]
    assert editions[1][1] < editions[2][1]


def test_application_filed_in_december_takes_effect_in_january(apply, registration, clerk, decider):
    """Filed in 2025 it counts for 2025; published in 2026 it is from there that the next interval runs."""
    filed, shown = at("2025-12-23 09:00"), at("2025-12-29 10:00")
    case = apply(registration, clerk, channel="paper", received_on=filed.date(), moment=filed)
    case = review(submitted(case, by=clerk, at=filed), clerk, decider, filed)
    publicity_steps.open_period(case, by=clerk, at=shown)
    sweep(at("2026-01-04 00:00"))
    case = engine.load(case.pk)

    later = apply(registration, clerk, [add("other", registration)], channel="paper", received_on=NOW.date())
    checks = {check.key: check for check in _filing(later)}

    assert case.number == "DG-2025-0001"
    assert (case.edition.number, case.edition.published_at) == (2, at("2026-01-04 00:00"))
    assert checks["changes_per_window"].message == "2026 年第 1 次申请，不超过 2 次"
    assert checks["change_interval"].message == "间隔 8 个月 13 天，原则上不少于 6 个月"


def _filing(case: Case) -> Any:
    return kinds.of(case).filing_checks(case, at=NOW)


def test_outcome_that_changes_no_list_publishes_nothing(case_in_publicity, programme):
    """No file brings such a row in; should one be there all the same, the case waits for a person."""
    Outcome.objects.filter(effect=Outcome.Effect.REGISTRY).update(effect=Outcome.Effect.NONE)

    report = sweep(CLOSED)

    case = engine.load(case_in_publicity.pk)
    assert [number for number, _ in report.failed] == [case.number]
    assert (case.status, case.edition, case.set_aside_at) == (Case.Status.OPEN, None, CLOSED)
    assert programme.editions.count() == 1
