"""The Dongguan rulebook as it is read: 第十五 to 第十七条, and its standing in time."""

from datetime import date
from pathlib import Path

import pytest

from cities import keys
from cities.models import Limit, Procedure, Programme, Provision, Rulebook, RuleRow, Stage
from cities.queries import limits_of, rulebook_in_force
from cities.rulebooks import content, schema
from cities.rulebooks.load import load
from tests.conftest import at

FILE = Path(__file__).parents[2] / "fixtures/rulebooks/dongguan-lead-units.yaml"
AT = at("2026-09-17 10:32")
pytestmark = pytest.mark.django_db


@pytest.fixture
def rulebook(programme: Programme) -> Rulebook:
    return Rulebook.objects.get(programme=programme)


@pytest.fixture
def change(rulebook: Rulebook) -> Procedure:
    return Procedure.objects.get(rulebook=rulebook, key="partner_change")


def readings(row: RuleRow | Rulebook) -> str:
    return "\n".join(f"{one['question']} {one['reading']}" for one in row.interpretations)


def test_programme_and_its_industries(rulebook):
    programme = Programme.objects.get()
    assert (programme.slug, programme.city.slug, programme.number_prefix) == (
        "dongguan-lead-units",
        "dongguan",
        "DG",
    )
    assert (programme.registrant_term, programme.partner_term) == ("牵引单位", "合作伙伴")
    assert list(programme.industries.values_list("name", flat=True)) == [
        "智能移动终端",
        "食品饮料",
        "纺织服装",
    ]


def test_rulebook_is_in_force_from_its_day_until_an_event_that_staff_record(rulebook):
    assert (rulebook.effective_from, rulebook.effective_to) == (date(2024, 3, 27), None)
    assert (rulebook.issued_on, rulebook.ends_on_event) == (None, "城市试点工作验收完成")
    day_before = at("2024-03-26 23:59:59")
    first_moment = at("2024-03-27 00:00")
    assert rulebook_in_force(rulebook.programme, day_before) is None
    assert rulebook_in_force(rulebook.programme, first_moment) == rulebook


def test_partner_change_walks_application_review_publicity_and_publication(change):
    stages = [
        (one.key, one.kind, one.actor, one.article.number) for one in change.stages.select_related("article")
    ]
    assert stages == [
        ("submit", "submission", "provider", "第十五条（一）"),
        ("review", "review", "clerk", "第十五条（二）"),
        ("approval", "review", "decider", "第十五条（二）"),
        ("publicity", "publicity", "system", "第十五条（三）"),
        ("publication", "publication", "system", "第十五条（三）"),
    ]
    ways = {
        (one.key, outcome.key): (
            outcome.next_stage.key if outcome.next_stage else outcome.result,
            outcome.role,
        )
        for one in change.stages.all()
        for outcome in one.outcomes.select_related("next_stage")
    }
    assert ways == {
        ("submit", "submitted"): ("review", "forward"),
        ("review", "support"): ("approval", "forward"),
        ("review", "return"): ("submit", "return"),
        ("review", "oppose"): ("approval", "refuse"),
        ("approval", "approve"): ("publicity", "forward"),
        ("approval", "return"): ("submit", "return"),
        ("approval", "back"): ("review", "back"),
        ("approval", "refuse"): ("refused", "refuse"),
        ("publicity", "unopposed"): ("publication", "forward"),
        ("publicity", "upheld"): ("approval", "upheld"),
        ("publicity", "back"): ("approval", "back"),
        ("publication", "published"): ("published", "forward"),
        ("publication", "failed"): ("approval", "failed"),
    }
    assert change.withdrawable_until == "approval"
    assert [one.key for one in change.stages.all() if one.four_eyes] == ["approval"]


def test_publicity_is_five_calendar_days_from_the_next_day_without_roll(change):
    stage = Stage.objects.get(procedure=change, key="publicity")
    rule = stage.counting_rule
    assert (stage.span_number, rule.unit, rule.first_day, rule.roll) == (5, "calendar", "next", "none")
    assert (stage.channel, stage.release) == ("here", "at_close")
    assert all(word in readings(rule) for word in ("自然日", "次日起算", "不顺延", "24:00"))


def test_change_limits(change):
    asked = limits_of(change, AT).items()
    limits = {measure: one for measure, one in asked if change.kind in keys.LIMITS[measure].kinds}
    facts = {
        measure: (
            one.comparator,
            one.number,
            one.unit,
            one.per,
            one.asked,
            one.strictness,
            one.article.number,
        )
        for measure, one in limits.items()
    }
    assert facts == {
        "changes_per_window": ("at_most", 2, "times", "registration", "filing", "hard", "第十五条"),
        "change_interval": ("at_least", 6, "months", "registration", "filing", "in_principle", "第十五条"),
        "partners_per_registration": (
            "at_most",
            10,
            "parties",
            "registration",
            "state",
            "in_principle",
            "第十六条",
        ),
        "registrations_per_partner": (
            "at_most",
            2,
            "parties",
            "partner_industry",
            "state",
            "hard",
            "第十六条",
        ),
        "registrant_as_partner": ("at_most", 0, "parties", "partner", "state", "hard", "第十六条"),
    }
    twice, interval = limits["changes_per_window"], limits["change_interval"]
    assert (twice.window, twice.counts, twice.joint) == ("calendar_year", "submitted", True)
    assert (twice.counts_refused, twice.counts_withdrawn, twice.counts_ordered) == (True, True, False)
    assert (interval.measured_from, interval.counts) == ("publication", "approved")


def test_materials_are_sealed_and_asked_of_every_application(change):
    materials = [
        (one.key, one.need, one.per, one.sealed, one.max_megabytes) for one in change.materials.all()
    ]
    assert materials == [
        ("application", "always", "application", True, 20),
        ("partner_list", "always", "application", True, 20),
        ("catalogue", "always", "application", True, 20),
    ]
    assert {tuple(one.file_kinds) for one in change.materials.all()} == {("pdf", "jpeg", "png")}


def test_unit_change_is_loaded_whole_and_limited_to_once_in_a_lifetime(rulebook):
    procedure = Procedure.objects.get(rulebook=rulebook, key="unit_change")
    once = limits_of(procedure, AT)["changes_per_window"]
    assert (once.number, once.window, once.article.number) == (1, "lifetime", "第十四条")
    assert Stage.objects.get(procedure=procedure, key="publicity").span_number == 5
    assert list(procedure.materials.filter(sensitive=True).values_list("key", flat=True)) == [
        "representative_id",
        "local_team",
        "social_insurance",
    ]


# What rules/README.md section 4 leaves to the city, by the row it touches and a word of the question.
OPEN_QUESTIONS = [
    (Limit, "changes_per_year", "公历年还是任意十二个月"),
    (Limit, "changes_per_year", "撤回的申请算不算"),
    (Limit, "changes_per_year", "合起来两次"),
    (Limit, "changes_per_year", "责令取消合作而作的变更"),
    (Limit, "months_between_changes", "从哪一天量到哪一天"),
    (Limit, "lead_unit_as_partner", "限于同一行业还是不分行业"),
    (Limit, "lead_units_per_partner", "同时在办"),
    (Limit, "unit_change_once", "撤回"),
    (Stage, "publicity", "有异议怎么办"),
    (Stage, "publicity", "自行发布还是由人确认"),
    (Stage, "approval", "只同意一部分"),
    (Stage, "approval", "两个人"),
    (Provision, "review_rounds", "随时可以申请"),
]


@pytest.mark.parametrize(("model", "key", "words"), OPEN_QUESTIONS)
def test_open_question_has_a_reading_with_alternatives(rulebook, model, key, words):
    row = model.objects.filter(rulebook=rulebook, key=key).order_by("pk").first()
    found = [one for one in row.interpretations if words in one["question"]]
    assert [bool(one["reading"] and one["alternatives"]) for one in found] == [True]


def test_rulebook_says_how_its_silence_on_time_and_industries_is_read(rulebook):
    said = readings(rulebook)
    assert all(words in said for words in ("没有写印发日期", "哪一次验收", "还在办理的事项", "哪些试点行业"))


def test_every_article_has_a_row_and_every_kind_is_known(rulebook):
    cited = {row.article_id for model in schema.ROW_MODELS for row in content.rows_of(rulebook, model)}
    assert [one.number for one in rulebook.articles.all() if one.pk not in cited] == []
    assert set(Procedure.objects.values_list("kind", flat=True)) <= set(keys.PROCEDURE_KINDS)


def test_file_is_read_back_from_the_tables_as_it_was_written(rulebook):
    assert content.of_rulebook(rulebook).digest == rulebook.digest
    assert load([FILE], at=AT)[0].outcome == "unchanged"
