"""Whether a stage that is always required can be passed by, and one by choice can."""

from pathlib import Path
from typing import Any

import pytest

from cities.models import Rulebook, Stage
from cities.rulebooks.load import RulebookErrors
from tests.cities.rulebook_files import line_of
from tests.rulebooks import load_changed, stage

pytestmark = pytest.mark.django_db

AVOIDABLE = "写的是必经，却有一条路不经过它就变更名单（应改好 next_stage，或写 requires: choice）"
REFUSAL = "不同意只能办结或报后面的审核环节（应写 result，或 next_stage 为后面 kind: review 的环节）"
UNAVOIDABLE = "由前一环节决定经不经过，却没有一条路越过它（应有某个结果转到它后面，或去掉 requires）"


def outcome(content: dict[str, Any], of: str, key: str, procedure: str = "partner_change") -> dict[str, Any]:
    return next(row for row in stage(content, of, procedure)["outcomes"] if row["key"] == key)


def add_outcome(of: str, procedure: str = "partner_change", **facts: Any) -> Any:
    row = {"key": "way", "article": "第十五条（二）", "label": "另一条路", **facts}
    return lambda content: stage(content, of, procedure)["outcomes"].append(row)


def requires(of: str, value: str, procedure: str = "partner_change") -> Any:
    return lambda content: stage(content, of, procedure).update(requires=value)


def problems(folder: Path, *changes: Any) -> list[tuple[str, str]]:
    """What is refused; an empty list where it loads."""
    try:
        load_changed(folder, lambda content: [change(content) for change in changes])
    except RulebookErrors as refused:
        return [(error.key, error.reason) for error in refused.errors]
    return []


def test_stage_that_a_forward_outcome_passes_by_is_not_always_required(tmp_path):
    found = problems(tmp_path, add_outcome("review", next_stage="publicity"))

    assert found == [("procedures.partner_change.stages.approval.requires", AVOIDABLE)]
    assert Rulebook.objects.count() == 0


def test_refusal_names_the_line_of_the_stage_or_of_its_requires(tmp_path):
    with pytest.raises(RulebookErrors) as refused:
        load_changed(tmp_path, add_outcome("review", next_stage="publicity"))
    assert refused.value.errors[0].line == line_of(tmp_path / "changed.yaml", "- key: approval")

    with pytest.raises(RulebookErrors) as refused:
        load_changed(tmp_path, requires("approval", "choice"))
    assert refused.value.errors[0].line == line_of(tmp_path / "changed.yaml", "requires: choice")


def test_stage_that_can_be_passed_by_is_one_by_choice(tmp_path):
    way, choice = add_outcome("review", next_stage="publicity"), requires("approval", "choice")

    assert problems(tmp_path, way, choice) == []
    assert Stage.objects.get(procedure__key="partner_change", key="approval").requires == "choice"


@pytest.mark.parametrize("of", ["review", "approval", "publicity"])
def test_stage_that_nothing_passes_by_is_none_by_choice(tmp_path, of):
    found = problems(tmp_path, requires(of, "choice"))

    assert found == [(f"procedures.partner_change.stages.{of}.requires", UNAVOIDABLE)]


@pytest.mark.parametrize(
    ("role", "leads"),
    [
        ("refuse", {"next_stage": "approval"}),  # the desk before the last may only report against
        ("back", {"next_stage": "submit"}),
        ("refuse", {"result": "refused"}),
        ("forward", {"result": "refused"}),
    ],
)
def test_outcome_that_does_not_lead_forward_to_a_change_of_the_list_passes_nothing_by(tmp_path, role, leads):
    way = add_outcome("review", role=role, **leads)

    assert problems(tmp_path, way) == []


@pytest.mark.parametrize("role", ["refuse", "back", "return"])
def test_stage_that_any_outcome_passes_by_is_not_always_required(tmp_path, role):
    """Whatever it is called: from the first desk to the publicity nobody is asked for the decision."""
    found = problems(tmp_path, add_outcome("review", "unit_change", role=role, next_stage="publicity"))

    assert ("procedures.unit_change.stages.approval.requires", AVOIDABLE) in found


@pytest.mark.parametrize("leads", ["submit", "review", "publicity", "publication"])
def test_refusal_that_leads_to_anything_but_a_later_desk_is_refused(tmp_path, leads):
    found = problems(tmp_path, add_outcome("approval", "unit_change", role="refuse", next_stage=leads))

    assert ("procedures.unit_change.stages.approval.outcomes.way.next_stage", REFUSAL) in found


def test_refusal_names_the_line_where_it_leads(tmp_path):
    with pytest.raises(RulebookErrors) as refused:
        load_changed(tmp_path, add_outcome("approval", role="refuse", next_stage="submit", label="唯一一条"))

    written = (tmp_path / "changed.yaml").read_text()
    after = written.split("label: 唯一一条")[0].count("\n") + 1
    [error] = [one for one in refused.value.errors if one.reason == REFUSAL]
    assert abs(error.line - after) <= 2


def test_way_round_a_loop_is_followed_to_its_end(tmp_path):
    """Past the publicity by way of the desk before: from there on it is missing."""
    found = problems(tmp_path, add_outcome("approval", next_stage="publication"))

    assert found == [("procedures.partner_change.stages.publicity.requires", AVOIDABLE)]


def test_procedure_that_is_only_described_is_held_to_the_same(tmp_path):
    way = add_outcome("review", "unit_change", next_stage="publicity")

    assert problems(tmp_path, way) == [("procedures.unit_change.stages.approval.requires", AVOIDABLE)]


def test_stage_behind_the_change_of_the_list_is_still_on_the_way_to_the_end(tmp_path):
    """An award after publication: the list is changed on the way, and the case ends there."""

    def award(content: dict[str, Any]) -> None:
        published = outcome(content, "publication", "published", "unit_change")
        row = {
            "key": "awarded",
            "article": published["article"],
            "label": "授牌",
            "result": published["result"],
        }
        stages = next(row for row in content["procedures"] if row["key"] == "unit_change")["stages"]
        own = {"key": "award", "article": published["article"], "kind": "award", "label": "授牌"}
        stages.append({**own, "actor": "clerk", "outcomes": [row]})
        published["next_stage"] = "award"
        del published["result"]

    past_it = add_outcome("publication", "unit_change", role="back", next_stage="approval")
    assert problems(tmp_path, award, past_it) == []
    assert problems(tmp_path, award, requires("award", "choice", "unit_change")) == [
        ("procedures.unit_change.stages.award.requires", UNAVOIDABLE)
    ]


def test_where_the_list_is_never_changed_no_stage_is_held_to_be_on_the_way(tmp_path):
    def without_effect(content: dict[str, Any]) -> None:
        outcome(content, "publication", "published", "unit_change").pop("effect")

    way = add_outcome("review", "unit_change", next_stage="publicity")
    assert problems(tmp_path, without_effect, way) == []
