"""What is said of orders has to be so: whoever enters it, and whatever desk leads on to it; and what leads on is not forgotten."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from cases import engine, grounds, steps
from cases.errors import Refused
from cases.models import Case
from cases.sweep import sweep
from cities.models import Programme
from cities.rulebooks.errors import RulebookErrors
from cities.rulebooks.load import load
from clearance import steps as measures
from tests.clearance.conftest import GUANGZHOU, LAST, OVER, answered, filed, found, in_vain, ordered, served
from tests.conftest import NOW, RULEBOOK, at
from tests.rulebooks import content_of, load_other, stage, write

OVERDUE, OFTEN = "rectification_overdue", "many_orders"
EARLY = at("2026-09-20 09:00")

Change = Callable[[dict[str, Any]], Any]


@pytest.fixture
def programme(calendar: None, request: pytest.FixtureRequest, tmp_path: Path) -> Programme:
    if "change" not in request.fixturenames:
        return load_other(GUANGZHOU)
    load([rules(tmp_path, request.getfixturevalue("change"))], at=NOW)
    return Programme.objects.select_related("city").get()


@pytest.fixture
def change(request: pytest.FixtureRequest) -> Change:
    """What a test has the rows say otherwise."""
    return request.param


def rules(folder: Path, change: Change) -> Path:
    content = content_of(RULEBOOK.with_name(f"{GUANGZHOU}.yaml"))
    change(content)
    return write(folder, content)


def ground(content: dict[str, Any]) -> dict[str, Any]:
    return next(one for one in content["grounds"] if one["key"] == OVERDUE)


def given(content: dict[str, Any], number: int) -> None:
    often = {"key": OFTEN, "label": "多次限期整改", "detector": "rectification_orders", "rules": []}
    content["grounds"].append(
        deepcopy(ground(content)) | often | {"comparator": "more_than", "number": number}
    )


def refused(content: dict[str, Any]) -> None:
    ground(content)["detector"] = "rectification_refused"


def silent(content: dict[str, Any]) -> None:
    outcomes = stage(content, "consequence", "sanction")["outcomes"]
    del next(one for one in outcomes if one["key"] == "disqualify")["notes_ground"]


def looked_at(registration: Any, clerk: Any, decider: Any) -> Case:
    """Reported on long before the day, and looked at: it is not done."""
    case = answered(served(ordered(registration, clerk, decider), clerk), clerk, moment=EARLY)
    steps.decide(case, "not_done", by=clerk, at=EARLY, opinion="没有改")
    return engine.load(case.pk)


def disqualify(case: Case, decider: Any, moment: Any) -> Case:
    return steps.decide(case, "disqualify", by=decider, at=moment, opinion="情节较重")


def why(refusal: Any) -> str:
    return "；".join(f"{one.message}（{one.article}）" for one in refusal.value.problems)


def test_nobody_is_disqualified_before_the_day_is_over(registration: Any, clerk: Any, decider: Any) -> None:
    case = looked_at(registration, clerk, decider)
    with pytest.raises(Refused) as refusal:
        disqualify(case, decider, at("2026-09-30 23:59"))
    assert "第 1 次限期整改" in why(refusal)
    assert "最后一天 2026年9月30日，没有完成，最后一天还没有过，现在不能选（4.3）" in why(refusal)
    assert disqualify(case, decider, OVER).result == "completed"


def test_another_day_can_be_given_meanwhile_and_then_that_one_counts(
    registration: Any, clerk: Any, decider: Any
) -> None:
    case = looked_at(registration, clerk, decider)
    later = at("2026-10-12 00:00")
    case = steps.decide(
        case, "continue", by=decider, at=EARLY, opinion="继续改", named_day=later.date(), demands="改完"
    )
    answered(served(case, clerk, moment=EARLY), clerk, moment=OVER)
    case = steps.decide(engine.load(case.pk), "not_done", by=clerk, at=OVER, opinion="没有改")
    with pytest.raises(Refused, match="1 处要改"):
        disqualify(case, decider, OVER)
    disqualify(case, decider, at("2026-10-13 00:00"))


@pytest.mark.parametrize("change", [refused], indirect=True)
def test_where_the_row_is_about_refusing_the_office_goes_on_at_once(
    change: Change, registration: Any, clerk: Any, decider: Any
) -> None:
    case = disqualify(looked_at(registration, clerk, decider), decider, EARLY)
    assert case.result == "completed"
    [one] = found(registration, OVERDUE)
    assert steps.submit(_draft(registration, clerk, EARLY), by=clerk, at=EARLY).stage.key == "approval"  # type: ignore[union-attr]
    assert one.found_in == case


def _draft(registration: Any, clerk: Any, moment: Any) -> Case:
    [waiting] = found(registration, OVERDUE)
    case = measures.begin(waiting, by=clerk, at=moment)
    measures.save(case, facts="没有改", demands="", afterwards="", at=moment)
    return engine.load(case.pk)


def test_what_is_entered_by_hand_has_to_be_so(registration: Any, clerk: Any, decider: Any) -> None:
    with pytest.raises(Refused) as refusal:
        filed(registration, clerk, OVERDUE)
    assert "平台上没有责令过限期整改" in why(refusal)
    steps.discard(Case.objects.get(), by=clerk, at=NOW)
    ordered(registration, clerk, decider)
    with pytest.raises(Refused) as refusal:
        filed(registration, clerk, OVERDUE)
    assert "最后一天 2026年9月30日，整改中，不是到期没有完成" in why(refusal)


def test_page_names_the_order_and_its_day(registration: Any, clerk: Any, decider: Any) -> None:
    in_vain(registration, clerk, decider)
    case = filed(registration, clerk, OVERDUE)
    run = case.check_runs.filter(purpose="state").get()
    [held] = [one for one in run.checks if one["key"] == f"orders:{OVERDUE}"]
    assert held["passed"]
    assert "最后一天 2026年8月20日，到期没有完成" in held["message"]


@pytest.mark.parametrize(
    ("change", "is_enough"),
    [(lambda content: given(content, 1), False), (lambda content: given(content, 0), True)],
    indirect=["change"],
)
def test_how_often_is_counted_again(
    change: Change, registration: Any, clerk: Any, decider: Any, is_enough: bool
) -> None:
    ordered(registration, clerk, decider)
    if is_enough:
        filed(registration, clerk, OFTEN)
        return
    with pytest.raises(Refused) as refusal:
        filed(registration, clerk, OFTEN)
    assert "一共责令限期整改 1 次，没有多于 1 次" in why(refusal)


def test_what_leads_on_waits_in_the_inbox(registration: Any, clerk: Any, decider: Any) -> None:
    """The sweep does not find what ended before its day."""
    case = disqualify(looked_at(registration, clerk, decider), decider, OVER)
    [one] = found(registration, OVERDUE)
    assert (one.state, one.found_in, one.partner) == ("open", case, None)
    assert "情节较重" in one.evidence
    sweep(OVER)
    assert len(found(registration, OVERDUE)) == 1


@pytest.mark.parametrize("change", [silent], indirect=True)
def test_nothing_waits_where_the_row_says_nothing(
    change: Change, registration: Any, clerk: Any, decider: Any
) -> None:
    disqualify(looked_at(registration, clerk, decider), decider, EARLY)
    assert found(registration, OVERDUE) == []


def test_what_the_sweep_has_found_is_not_noted_twice_unless_it_was_set_aside(
    registration: Any, clerk: Any, decider: Any
) -> None:
    served(ordered(registration, clerk, decider, last=LAST), clerk)
    sweep(OVER)
    [first] = found(registration, OVERDUE)
    grounds.set_aside(first, reason="先看看", by=clerk, at=OVER)
    disqualify(Case.objects.get(), decider, OVER)
    assert [one.state for one in found(registration, OVERDUE)] == ["set_aside", "open"]


@pytest.mark.django_db
def test_rules_that_name_no_ground_are_refused(tmp_path: Path, calendar: None) -> None:
    def wrong(content: dict[str, Any]) -> None:
        stage(content, "consequence", "sanction")["outcomes"][1]["notes_ground"] = "no_such_ground"

    with pytest.raises(RulebookErrors, match="no_such_ground"):
        load([rules(tmp_path, wrong)], at=NOW)
