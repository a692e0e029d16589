"""Orders that were not carried out in time, and units ordered too often, are found by the sweep: once, and nothing more."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import engine, steps
from cases.models import Case
from cases.sweep import sweep, wake
from cities.models import Programme
from cities.rulebooks.load import load
from clearance import detectors
from providers.models import Registration
from tests.clearance.conftest import (
    GUANGZHOU,
    JUST_BEFORE,
    OVER,
    answered,
    filed,
    found,
    ordered,
    served,
)
from tests.conftest import NOW, RULEBOOK, at
from tests.rulebooks import content_of, load_other, write

LATER = at("2026-10-12 09:00")
OVERDUE, OFTEN = "rectification_overdue", "many_orders"


@pytest.fixture
def counting(request: pytest.FixtureRequest) -> dict[str, Any]:
    """How often is too often, by the row that a test adds."""
    return getattr(request, "param", {"comparator": "more_than", "number": 3})


@pytest.fixture
def programme(calendar: None, request: pytest.FixtureRequest, tmp_path: Path) -> Programme:
    if "counting" not in request.fixturenames:
        return load_other(GUANGZHOU)
    content = content_of(RULEBOOK.with_name(f"{GUANGZHOU}.yaml"))
    row = deepcopy(next(one for one in content["grounds"] if one["key"] == OVERDUE))
    often = {"key": OFTEN, "label": "多次限期整改", "detector": "rectification_orders", "rules": []}
    content["grounds"].append(row | often | request.getfixturevalue("counting"))
    load([write(tmp_path, content)], at=NOW)
    return Programme.objects.select_related("city").get()


def late(registration: Registration, clerk: Any, decider: Any) -> Case:
    return served(ordered(registration, clerk, decider), clerk)


def test_found_when_its_days_are_over_and_not_before(registration: Any, clerk: Any, decider: Any) -> None:
    late(registration, clerk, decider)
    sweep(JUST_BEFORE)
    assert found(registration, OVERDUE) == []
    sweep(OVER)
    [one] = found(registration, OVERDUE)
    assert (one.state, one.source_label) == ("open", "系统发现")
    assert "最后一天 2026年9月30日" in one.evidence


def test_found_once_however_often_it_is_looked_for(registration: Any, clerk: Any, decider: Any) -> None:
    late(registration, clerk, decider)
    for moment in (OVER, OVER, LATER):
        sweep(moment)
    assert len(found(registration, OVERDUE)) == 1


def test_not_found_before_it_was_served(registration: Any, clerk: Any, decider: Any) -> None:
    ordered(registration, clerk, decider)
    sweep(LATER)
    assert found(registration, OVERDUE) == []


def test_found_by_the_next_sweep_where_one_was_killed_between(
    registration: Any, clerk: Any, decider: Any
) -> None:
    """The case has gone on, and nobody has looked since."""
    case = late(registration, clerk, decider)
    wake(case.pk, OVER)
    assert (engine.load(case.pk).waiting_for, found(registration, OVERDUE)) == ("decider", [])
    steps.decide(
        engine.load(case.pk),
        "continue",
        by=decider,
        at=OVER,
        opinion="情节较轻",
        named_day=LATER.date(),
        demands="改完",
    )
    sweep(OVER)
    sweep(OVER)
    assert len(found(registration, OVERDUE)) == 1


@pytest.mark.parametrize(("looked_at", "times"), [("2026-09-30 23:59", 0), ("2026-10-01 00:00", 1)])
def test_given_again_within_its_days_is_not_overdue(
    registration: Any, clerk: Any, decider: Any, looked_at: str, times: int
) -> None:
    case = answered(late(registration, clerk, decider), clerk, moment=at("2026-09-20 09:00"))
    steps.decide(case, "not_done", by=clerk, at=at(looked_at), opinion="没有改")
    sweep(LATER)
    assert len(found(registration, OVERDUE)) == times


def test_done_is_not_found(registration: Any, clerk: Any, decider: Any) -> None:
    case = answered(late(registration, clerk, decider), clerk, moment=JUST_BEFORE)
    steps.decide(case, "done", by=clerk, at=LATER)
    sweep(LATER)
    assert found(registration, OVERDUE) == []


@pytest.mark.parametrize(
    ("counting", "enough"),
    [
        ({"comparator": "more_than", "number": 3}, 4),
        ({"comparator": "at_least", "number": 3}, 3),
        ({"comparator": "more_than", "number": 1}, 2),
    ],
    indirect=["counting"],
)
def test_how_often_is_too_often_stands_in_the_row(
    counting: Any, registration: Any, second: Any, clerk: Any, decider: Any, enough: int
) -> None:
    ordered(second, clerk, decider)
    for times in range(1, enough + 1):
        assert found(registration, OFTEN) == []
        ordered(registration, clerk, decider)
        detectors.detect(NOW)
        assert len(found(registration, OFTEN)) == (times == enough)
    assert found(second, OFTEN) == []


def test_one_more_order_is_found_again_with_all_of_them_listed(
    counting: Any, registration: Any, clerk: Any, decider: Any
) -> None:
    for _ in range(4):
        ordered(registration, clerk, decider)
    detectors.detect(NOW)
    ordered(registration, clerk, decider)
    detectors.detect(NOW)
    first, again = found(registration, OFTEN)
    assert (first.evidence.count("次限期整改"), again.evidence.count("次限期整改")) == (4, 5)


def test_unit_that_has_left_is_not_found(counting: Any, registration: Any, clerk: Any, decider: Any) -> None:
    for _ in range(4):
        ordered(registration, clerk, decider)
    served(Case.objects.filter(orders__ordinal=1).get(), clerk)
    case = filed(registration, clerk, "fraud")
    steps.decide(case, "propose", by=decider, at=NOW)
    steps.decide(
        engine.load(case.pk), "confirm", by=clerk, at=NOW, met_on=NOW.date(), minutes="局务会〔2026〕3号"
    )
    sweep(LATER)
    assert found(registration, OVERDUE) + found(registration, OFTEN) == []


def gone_on(registration: Registration) -> Registration:
    """Removed in error and taken back."""
    registration.valid_to = NOW
    registration.save()
    return Registration.objects.create(
        programme=registration.programme,
        organisation=registration.organisation,
        entered_on=registration.entered_on,
        valid_from=NOW,
        recorded_at=NOW,
        continues=registration,
    )


def test_orders_before_a_removal_that_was_found_wrong_count_on(
    counting: Any, registration: Any, clerk: Any, decider: Any
) -> None:
    for _ in range(3):
        ordered(registration, clerk, decider)
    restored = gone_on(registration)
    detectors.detect(NOW)
    assert found(restored, OFTEN) == []
    ordered(restored, clerk, decider)
    detectors.detect(NOW)
    [one] = found(restored, OFTEN)
    assert one.evidence.startswith("共 4 次")
    assert found(registration, OFTEN) == []


def test_what_was_found_before_a_removal_that_was_found_wrong_is_not_found_again(
    counting: Any, registration: Any, clerk: Any, decider: Any
) -> None:
    for _ in range(4):
        ordered(registration, clerk, decider)
    detectors.detect(NOW)
    restored = gone_on(registration)
    detectors.detect(NOW)
    assert found(restored, OFTEN) == []
    ordered(restored, clerk, decider)
    detectors.detect(NOW)
    assert [one.evidence[:5] for one in found(restored, OFTEN)] == ["共 5 次"]


def test_looking_costs_the_same_queries_whatever_the_number_of_units(
    counting: Any, registration: Any, second: Any, third: Any, clerk: Any, decider: Any
) -> None:
    def looked() -> int:
        sweep(OVER)
        with CaptureQueriesContext(connection) as queries:
            assert detectors.detect(OVER) == 0
        return len(queries)

    def brought(unit: Registration) -> None:
        for _ in range(4):
            served(ordered(unit, clerk, decider), clerk)

    brought(registration)
    one = looked()
    for unit in (second, third):
        brought(unit)
    assert looked() == one
    assert len(found(third, OFTEN)) == 1
    assert len(found(third, OVERDUE)) == 4
