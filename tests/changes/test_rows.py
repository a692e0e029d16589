"""How the rows of an interval and of an allowance count what was applied for before."""

from collections.abc import Callable
from typing import Any

import pytest

from cases import engine, kinds, steps
from cases.models import Case
from cases.sweep import sweep
from changes import steps as change_steps
from changes.models import Operation
from publicity import steps as publicity_steps
from tests.changes.conftest import text
from tests.conftest import NOW, RULEBOOK, add, at, submitted
from tests.rulebooks import content_of, limit, load_changed, stage


@pytest.fixture
def programme(calendar, tmp_path, request):
    """The rulebook as the test's own change leaves it; everybody else in conftest lives in it."""
    return load_changed(tmp_path, getattr(request, "param", lambda content: None))


def row(measure: str, **fields: Any) -> Callable[[Any], None]:
    return lambda content: limit(content, measure).update(fields)


def filing(case: Case, moment: Any = NOW) -> dict[str, Any]:
    return {check.key: check for check in kinds.of(case).filing_checks(case, at=moment)}


ITEM = (
    Operation.Action.ADD_ITEM,
    {"item_code": "P-0099", "item_name": "示例产品", "item_price": "1 元", "item_summary": "示例"},
)


@pytest.fixture
def changed(registration, apply, clerk, decider):
    """Filed on 3月2日, supported on 3月4日, approved on 3月6日, shown from 3月12日 and published on 3月18日."""
    filed = at("2026-03-02 09:00")
    case = apply(registration, clerk, channel="paper", received_on=filed.date(), moment=filed)
    case = submitted(case, by=clerk, at=filed)
    for material in case.materials.all():
        steps.verify_seal(material, by=clerk, at=filed)
    steps.decide(case, "support", by=clerk, at=at("2026-03-04 09:00"))
    steps.decide(case, "approve", by=decider, at=at("2026-03-06 09:00"))
    publicity_steps.open_period(case, by=clerk, at=at("2026-03-12 09:00"))
    sweep(at("2026-03-18 00:00"))
    return engine.load(case.pk)


@pytest.mark.parametrize(
    ("programme", "last"),
    [
        (row("change_interval", measured_from="submission"), "2026年3月2日 提交"),
        (row("change_interval", measured_from="decision"), "2026年3月6日 审定"),
        (row("change_interval", measured_from="publication"), "2026年3月18日 发布"),
    ],
    indirect=["programme"],
)
def test_interval_is_measured_from_where_the_row_says(changed, registration, apply, provider, last):
    check = filing(apply(registration, provider, [add("other", registration)]))["change_interval"]

    assert check.evidence[0] == f"上次 DG-2026-0001，{last}"


@pytest.mark.parametrize(
    ("programme", "moment", "passed"),
    [
        (row("change_interval", unit="days", number=30), "2026-04-16 23:00", False),
        (row("change_interval", unit="days", number=30), "2026-04-17 00:00", True),
        (row("change_interval", unit="months", number=1), "2026-04-17 00:00", False),
        (row("change_interval", unit="months", number=1), "2026-04-18 00:00", True),
    ],
    indirect=["programme"],
)
def test_interval_is_counted_in_the_unit_of_the_row(changed, registration, apply, provider, moment, passed):
    case = apply(registration, provider, [add("other", registration)], moment=at(moment))

    assert filing(case, at(moment))["change_interval"].passed is passed


@pytest.mark.parametrize(
    ("programme", "operations", "found"),
    [
        (row("changes_per_window", joint=True), "both", {"changes_per_window": 2}),
        (row("changes_per_window", joint=True), "item", {"changes_per_window": 2}),
        (
            row("changes_per_window", joint=False),
            "both",
            {"changes_per_windowcatalogue": 1, "changes_per_windowpartners": 2},
        ),
        (row("changes_per_window", joint=False), "item", {"changes_per_windowcatalogue": 1}),
    ],
    indirect=["programme"],
)
def test_subjects_share_an_allowance_only_where_the_row_says_so(
    changed, registration, apply, provider, operations, found
):
    asked = [ITEM] if operations == "item" else [ITEM, add("other", registration)]
    case = apply(registration, provider, asked)

    values = {key: check.value for key, check in filing(case).items() if key.startswith("changes_per_window")}
    assert values == found


@pytest.mark.parametrize("programme", [row("change_interval", joint=False)], indirect=True)
def test_interval_apart_asks_only_of_the_subject_that_was_changed(changed, registration, apply, provider):
    case = apply(registration, provider, [ITEM, add("other", registration)], moment=at("2026-04-01 09:00"))

    found = filing(case, at("2026-04-01 09:00"))
    assert found["change_intervalcatalogue"].message == "此前没有变更过"
    assert found["change_intervalpartners"].passed is False


def guide(content: Any) -> None:
    next(row for row in content["provisions"] if row["key"] == "purpose")["procedure"] = "partner_change"


@pytest.mark.parametrize(
    ("programme", "is_shown"), [(lambda content: None, False), (guide, True)], indirect=["programme"]
)
def test_provision_that_names_the_procedure_is_shown_to_whoever_files_it(page, is_shown):
    said = next(row for row in content_of(RULEBOOK)["provisions"] if row["key"] == "purpose")["summary"]
    assert (said in text(page.read())) == is_shown


def ask_nothing(content: Any) -> None:
    stage(content, "submit")["outcomes"][0]["needs_reason"] = False


@pytest.mark.parametrize(
    ("programme", "asked"), [(lambda content: None, ["reason"]), (ask_nothing, [])], indirect=["programme"]
)
def test_reason_is_asked_only_where_the_row_asks(registration, apply, provider, asked):
    case = apply(registration, provider)
    change_steps.save(case, reason=" ", explanation="", truthful=True, at=NOW)
    assert [problem.field for problem in kinds.of(engine.load(case.pk)).problems(case, at=NOW)] == asked
