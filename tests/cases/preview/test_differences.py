"""What a version would change in open cases."""

from datetime import date
from typing import Any

import pytest

from cases import engine, steps
from cases.models import Case
from cases.sweep import sweep
from cases.versions import Comparison, differences, preview
from cases.versions.rows import Days
from cities import decisions
from cities.models import Rulebook, Stage
from providers.models import Organisation
from tests.cases.preview.versions import LATER, TODAY, days
from tests.conftest import NOW, add, at, submitted
from tests.rulebooks import limit, load_next, stage


def a_desk_with_days(span: int | None = 3) -> Any:
    return days(span, "working_next", "review")


def told(case: Case, rulebook: Rulebook, moment: Any = NOW) -> dict[str, tuple[str, str]]:
    """What differs for a case, before and after."""
    found = Comparison(rulebook, moment).of(engine.load(case.pk))
    return {one.what: (one.before.text, one.after.text) for one in found}


def test_the_same_rules_change_nothing(submitted_case, tmp_path):
    assert told(submitted_case, load_next(tmp_path, standing="draft")) == {}


def test_publicity_of_seven_days_is_counted_as_if_it_began_now(approved_case, draft_version):
    assert told(approved_case, draft_version, LATER) == {
        "期限：公示（2026年9月28日 开始的话）": (
            "2026年9月29日 至 2026年10月3日 24:00，5 天",
            "2026年9月29日 至 2026年10月5日 24:00，7 天",
        )
    }


def test_working_days_instead_of_calendar_days_end_after_the_holiday(approved_case, tmp_path):
    working = load_next(tmp_path, days(5, "working_next"), standing="draft")

    [(_, (_, after))] = told(approved_case, working, LATER).items()
    assert after == "2026年9月29日 至 2026年10月10日 24:00，5 个工作日"


def test_running_publicity_is_recounted_from_its_own_beginning_and_marked_as_staying(
    case_in_publicity, draft_version
):
    [running] = Comparison(draft_version, at("2026-10-01 09:00")).of(engine.load(case_in_publicity.pk))

    assert (running.what, running.stays) == ("期限：公示", True)
    assert running.before.text.startswith("2026年9月29日 至 2026年10月3日 24:00")
    assert running.after.text.startswith("2026年9月29日 至 2026年10月5日 24:00")
    assert running.before.article == running.after.article == "第十五条（三）"


def test_desk_that_gets_a_span_shows_when_it_would_end(submitted_case, tmp_path):
    version = load_next(tmp_path, a_desk_with_days(), standing="draft")

    assert told(submitted_case, version)["期限：经办审核"] == (
        "未规定期限",
        "2026年9月18日 至 2026年9月21日 24:00，3 个工作日",
    )


def test_days_that_an_outcome_gives_are_recounted_under_that_outcome(case_in_publicity, tmp_path):
    """Sent back from publication with five working days; the other version gives seven."""
    joining = case_in_publicity.partner_change.operations.get()
    Organisation.objects.create(credit_code=joining.partner_code, name="另一个名称")
    sweep(at("2026-10-04 00:00"))

    version = load_next(tmp_path, longer_way_back, standing="draft")
    case = engine.load(case_in_publicity.pk)
    assert case.stage.key == "approval"
    assert told(case, version, at("2026-10-04 09:00"))["期限：审定"] == (
        "2026年10月8日 至 2026年10月13日 24:00，5 个工作日",
        "2026年10月8日 至 2026年10月15日 24:00，7 个工作日",
    )


def longer_way_back(content: Any) -> None:
    outcomes = stage(content, "publication")["outcomes"]
    next(row for row in outcomes if row.get("role") == "failed")["span"] = 7


def test_day_that_a_person_named_is_no_rules(submitted_case, clerk, tmp_path):
    steps.decide(submitted_case, "return", by=clerk, at=NOW, opinion="补目录", named_day=date(2026, 9, 30))
    version = load_next(tmp_path, days(4, "working_next", "submit"), standing="draft")

    assert "期限：提交申请" not in told(submitted_case, version)


def undecided(content: Any) -> None:
    row = stage(content, "publicity")
    del row["span"], row["counting"]
    row["span_set_by_office"] = True


def test_span_left_to_the_office_is_a_sentence(approved_case, tmp_path):
    version = load_next(tmp_path, undecided, standing="draft")

    [(_, (_, after))] = told(approved_case, version, LATER).items()
    assert after.startswith("第十五条（三）没有规定“公示”的天数，工作专班也还没有确定。")


def test_span_that_the_office_has_decided_is_counted_and_says_by_what(
    approved_case, clerk, decider, tmp_path
):
    """It binds the version that leaves the span open, and not the one before, which states its five days."""
    version = load_next(tmp_path, undecided, standing="draft")
    decide_on_seven_days(version, clerk, decider)

    row = Stage.objects.get(rulebook=version, procedure__key="partner_change", key="publicity")
    side = Days().of(row, LATER)
    assert side.text == "2026年9月29日 至 2026年10月5日 24:00，7 天"
    assert "专班纪要 3 号" in side.basis
    [(before, after)] = told(approved_case, version, LATER).values()
    assert before.endswith("5 天")
    assert after.endswith("7 天")


def decide_on_seven_days(version: Rulebook, clerk: Any, decider: Any) -> None:
    found = decisions.matters(version, NOW)
    matter = next(one for one in found if one.place == "partner_change.publicity" and one.is_value)
    value, wording = decisions.span_value(7, "calendar", "next", "none")
    said: dict[str, Any] = {"value": value, "wording": wording, "basis": "专班纪要 3 号"}
    when: dict[str, Any] = {"decided_on": TODAY, "effective_from": TODAY}
    made = decisions.propose(version.programme, matter, **said, **when, by=clerk, at=NOW)
    decisions.confirm(made, by=decider, at=NOW)


def test_missing_calendar_is_a_sentence(approved_case, tmp_path):
    version = load_next(tmp_path, days(5, "working_next"), standing="draft")

    [(_, (before, after))] = told(approved_case, version, at("2026-12-29 10:00")).items()
    assert before == "2026年12月30日 至 2027年1月3日 24:00，5 天"
    assert "2027 年的上班日历没有载入" in after


def test_limit_of_one_instead_of_two_fails_the_second_application(apply, registration, provider, tmp_path):
    first = submitted(
        apply(registration, provider, moment=at("2026-01-05 09:00")), by=provider, at=at("2026-01-05 09:00")
    )
    steps.withdraw(first, by=provider, at=at("2026-01-06 09:00"), reason="改主意")
    case = submitted(apply(registration, provider), by=provider, at=NOW)
    version = load_next(
        tmp_path, lambda content: limit(content, "changes_per_window").update(number=1), standing="draft"
    )

    [check] = Comparison(version, NOW).of(engine.load(case.pk))
    assert check.what == "查验：申请次数"
    assert (check.before.text, check.after.text) == (
        "符合：2026 年第 2 次申请，不超过 2 次",
        "不符合：2026 年第 2 次申请，不超过 1 次",
    )
    assert check.after.article == "第十五条"


def test_material_that_is_new_and_one_that_is_gone(submitted_case, tmp_path):
    def change(content):
        rows = content["procedures"][0]["materials"]
        rows.append({**rows.pop(), "key": "contract", "label": "合作协议", "rules": []})

    assert told(submitted_case, load_next(tmp_path, change, standing="draft")) == {
        "材料：产品和服务目录": ("必交", "不用交"),
        "材料：合作协议": ("不用交", "必交"),
    }


def without_approval(content):
    stages = content["procedures"][0]["stages"]
    stages.remove(stage(content, "approval"))
    review_row = stage(content, "review")
    review_row["outcomes"][0]["next_stage"] = "publicity"
    review_row["outcomes"] = [row for row in review_row["outcomes"] if row.get("next_stage") != "approval"]
    for row in stages:
        for outcome in row["outcomes"]:
            if outcome.get("next_stage") == "approval":
                outcome["next_stage"] = "review"
    content["procedures"][0]["withdrawable_until"] = "review"


def test_case_at_a_stage_that_is_dropped_could_not_go_on(submitted_case, clerk, tmp_path):
    version = load_next(tmp_path, without_approval, standing="draft")
    assert told(submitted_case, version) == {"环节：审定": ("有", "这一版没有")}

    for material in submitted_case.materials.all():
        steps.verify_seal(material, by=clerk, at=NOW)
    steps.decide(submitted_case, "support", by=clerk, at=NOW, opinion="齐全")
    assert told(submitted_case, version) == {"环节：审定": ("有", "这一版没有，不能按它办")}


def test_procedure_that_is_dropped_is_told_alone(submitted_case, draft_version):
    draft_version.procedures.filter(key="partner_change").update(key="another_change")

    assert told(submitted_case, draft_version) == {
        "程序：变更合作伙伴、产品和服务目录": ("有", "这一版没有，不能按它办")
    }


def test_only_what_the_version_would_bind_is_held_against_it(submitted_case, apply, second, clerk, tmp_path):
    draft = apply(second, clerk, [add("other", second)], channel="paper", received_on=TODAY)
    version = load_next(tmp_path, days(7), standing="draft")

    def bound(day):
        return [one.case for one in differences(version, day, at=NOW)]

    assert bound(TODAY) == [submitted_case, draft]
    assert bound(date(2026, 9, 18)) == [draft]
    assert preview(version, date(2026, 9, 18), at=NOW).left_alone == 1


@pytest.mark.parametrize("head", [{"moves_open_cases": True}, {"correction": "天数录错了"}])
def test_version_that_takes_over_open_cases_is_held_against_all(submitted_case, tmp_path, head):
    version = load_next(tmp_path, days(7), **head)

    assert [one.case for one in differences(version, date(2027, 1, 1), at=NOW)] == [submitted_case]


def test_draft_is_held_against_what_is_in_force(apply, registration, provider, tmp_path):
    """Begun under the first version; the second, in force since, is what it would be filed under."""
    draft = apply(registration, provider)
    second = load_next(tmp_path, days(7))

    assert told(draft, second) == {}
    assert draft.procedure.rulebook_id != second.pk
