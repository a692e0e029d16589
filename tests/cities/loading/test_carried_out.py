"""A procedure that opens cases says only what is carried out."""

from typing import Any

import pytest

from cities.models import (
    Rulebook,
)
from cities.rulebooks.load import RulebookErrors
from tests.cities.loading.files import refusal
from tests.cities.rulebook_files import write
from tests.rulebooks import limit, load_changed, stage

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("kind: publicity", "kind: expert_review", "expert_review 环节还没有开通，已开通的程序不能用"),
        ("actor: provider", "actor: expert", "submission 环节不由 expert 办（应为 provider）"),
    ],
)
def test_procedure_that_opens_cases_leads_only_where_they_can_stand(tmp_path, old, new, reason):
    found = refusal(write(tmp_path, (old, new)))

    assert reason in [why for _, _, why in found]


def outcome(content: dict[str, Any], stage_key: str, key: str) -> dict[str, Any]:
    return next(row for row in stage(content, stage_key)["outcomes"] if row["key"] == key)


def material(content: dict[str, Any]) -> dict[str, Any]:
    return content["procedures"][0]["materials"][0]


NOT_OPEN = "还没有开通，已开通的程序不能用"

NOT_CARRIED_OUT: dict[str, tuple[Any, dict[str, Any], str]] = {
    "stage on a condition": (
        lambda c: stage(c, "review"),
        {"requires": "condition"},
        f"requires: condition {NOT_OPEN}（应为 always、choice）",
    ),
    "four eyes outside a review": (
        lambda c: stage(c, "submit"),
        {"four_eyes": True},
        f"four_eyes: true {NOT_OPEN}（应为 false）",
    ),
    "material on a condition": (
        material,
        {"need": "conditional", "condition": "新增时"},
        f"need: conditional {NOT_OPEN}（应为 always、optional）",
    ),
    "material for each example": (
        material,
        {"per": "case_example"},
        f"per: case_example {NOT_OPEN}（应为 application、partner）",
    ),
    "two of a material": (
        material,
        {"at_least": 2},
        f"at_least: 2 {NOT_OPEN}（应为 1）",
    ),
    "material of one category": (
        material,
        {"category": "lead_unit"},
        f"category: lead_unit {NOT_OPEN}（应去掉）",
    ),
    "last day that a text names": (
        lambda c: stage(c, "review"),
        {"last_day": "2026-12-31"},
        f"last_day: 2026-12-31 {NOT_OPEN}（应去掉）",
    ),
    "limit of one category": (
        lambda c: limit(c, "changes_per_window"),
        {"categories": ["lead_unit"]},
        f"categories: ['lead_unit'] {NOT_OPEN}（应为 []）",
    ),
    "last day named for what waits for none": (
        lambda c: outcome(c, "approval", "approve"),
        {"names_day": True},
        f"names_day: true {NOT_OPEN}（应为 false）",
    ),
    "ground left by what is no sanction": (
        lambda c: outcome(c, "approval", "approve"),
        {"notes_ground": "ground_fraud"},
        f"notes_ground: ground_fraud {NOT_OPEN}（应去掉）",
    ),
    "clock that decides at a desk": (
        lambda c: outcome(c, "approval", "approve"),
        {"role": "lapsed"},
        f"role: lapsed {NOT_OPEN}（应为 forward、return、back、refuse）",
    ),
    "consecutive window": (
        lambda c: limit(c, "changes_per_window"),
        {"window": "consecutive"},
        f"window: consecutive {NOT_OPEN}（应为 calendar_year、rolling、lifetime）",
    ),
    "window of an interval": (
        lambda c: limit(c, "change_interval"),
        {"window": "rolling"},
        f"window: rolling {NOT_OPEN}（应为 none）",
    ),
    "applications for each partner": (
        lambda c: limit(c, "changes_per_window"),
        {"per": "partner"},
        f"per: partner {NOT_OPEN}（应为 registration）",
    ),
    "interval for each partner": (
        lambda c: limit(c, "change_interval"),
        {"per": "partner"},
        f"per: partner {NOT_OPEN}（应为 registration）",
    ),
    "partners for each industry": (
        lambda c: limit(c, "partners_per_registration"),
        {"per": "partner_industry"},
        f"per: partner_industry {NOT_OPEN}（应为 registration）",
    ),
    "units for each unit": (
        lambda c: limit(c, "registrations_per_partner"),
        {"per": "registration"},
        f"per: registration {NOT_OPEN}（应为 partner、partner_industry）",
    ),
    "counting where nothing is counted": (
        lambda c: limit(c, "partners_per_registration"),
        {"counts": "approved"},
        f"counts: approved {NOT_OPEN}（应为 none）",
    ),
    "apart where nothing is counted": (
        lambda c: limit(c, "partners_per_registration"),
        {"joint": False},
        f"joint: false {NOT_OPEN}（应为 true）",
    ),
    "return to a desk": (
        lambda c: outcome(c, "approval", "return"),
        {"next_stage": "review"},
        "退回补正要回到提交环节（应为 kind: submission 的环节）",
    ),
    "objection upheld at a desk": (
        lambda c: outcome(c, "approval", "refuse"),
        {"role": "upheld"},
        f"role: upheld {NOT_OPEN}（应为 forward、return、back、refuse）",
    ),
    "publication without effect": (
        lambda c: outcome(c, "publication", "published"),
        {"effect": "none"},
        f"effect: none {NOT_OPEN}（应为 registry）",
    ),
    "effect left out": (
        lambda c: outcome(c, "publication", "published"),
        {"effect": None},
        "发布没有变更名单（应为 registry）",
    ),
    "effect at a desk": (
        lambda c: outcome(c, "approval", "approve"),
        {"effect": "registry"},
        f"effect: registry {NOT_OPEN}（应为 none）",
    ),
    "effect of a failed publication": (
        lambda c: outcome(c, "publication", "failed"),
        {"effect": "registry"},
        f"effect: registry {NOT_OPEN}（应为 none）",
    ),
}


@pytest.mark.parametrize(("row", "values", "reason"), NOT_CARRIED_OUT.values(), ids=list(NOT_CARRIED_OUT))
def test_procedure_that_opens_cases_says_nothing_that_is_not_carried_out(tmp_path, row, values, reason):
    def change(content: dict[str, Any]) -> None:
        row(content).update(values)

    with pytest.raises(RulebookErrors) as refused:
        load_changed(tmp_path, change)

    # A list that a desk changes is changed whatever becomes of the case; that is told too.
    assert reason in [error.reason for error in refused.value.errors]
    assert Rulebook.objects.count() == 0


def test_procedure_that_only_awaits_may_say_what_is_not_carried_out_yet(tmp_path):
    def change(content: dict[str, Any]) -> None:
        publicity = stage(content, "publicity", "unit_change")
        publicity.update(channel="external", requires="condition", may_repeat=True, four_eyes=True)
        waiting = next(row for row in content["limits"] if row.get("procedure") == "unit_change")
        waiting.update(window="consecutive", per="partner")

    assert load_changed(tmp_path, change).rulebooks.get().standing == "published"


def test_file_that_says_withdrawn_is_told_where_a_version_ends(tmp_path):
    [(_, key, reason)] = refusal(write(tmp_path, ("standing: published", "standing: withdrawn")))

    assert key == "rulebook.standing"
    assert reason == (
        "不能写（应为 draft、consultation 或 published）。已发布的规则停止施行，由工作人员在后台登记有效期"
    )


def test_procedure_that_leaves_the_list_as_it_is_publishes_nothing(tmp_path):
    """A case of it would stand there with nothing to publish."""

    def change(content: dict[str, Any]) -> None:
        next(row for row in content["procedures"] if row["key"] == "exit")["kind"] = "sanction"

    with pytest.raises(RulebookErrors) as refused:
        load_changed(tmp_path, change)

    reason = "sanction 程序不变更名单，没有 publication 环节（应去掉）"
    assert reason in [error.reason for error in refused.value.errors]
