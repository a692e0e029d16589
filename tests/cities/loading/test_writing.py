"""What a rulebook file leaves in the tables, and when it may not: versions, drafts, texts for comment."""

from datetime import date

import pytest

from cities.models import (
    Article,
    City,
    FrozenRulebook,
    Industry,
    Limit,
    Outcome,
    Programme,
    Provision,
    Rulebook,
    Stage,
)
from cities.rulebooks import content
from cities.rulebooks.load import load
from records.models import Event
from tests.cities.loading.files import AT, LATER, refusal
from tests.cities.rulebook_files import line_of, write

pytestmark = pytest.mark.django_db


SECOND = (("version: 1", "version: 2"), ("effective_from: 2025-01-01", "effective_from: 2026-10-01"))


def test_load_writes_every_row_with_its_article_and_publishes(tmp_path):
    result = load([write(tmp_path)], at=AT)

    rulebook = Rulebook.objects.get()
    assert [(one.outcome, one.rulebook) for one in result] == [("loaded", rulebook)]
    assert (rulebook.standing, rulebook.published_at, rulebook.effective_to) == ("published", AT, None)
    assert rulebook.digest == content.of_rulebook(rulebook).digest
    publicity = Stage.objects.get(key="publicity")
    assert (publicity.span_number, publicity.counting_rule.key, publicity.article.number) == (
        5,
        "plain",
        "第二条",
    )
    assert Outcome.objects.get(key="submitted").next_stage == publicity
    assert list(Article.objects.values_list("number", "order")) == [("第一条", 1), ("第二条", 2)]
    assert Limit.objects.get().joint is True
    assert Event.objects.get().summary == "载入示例办法（第 1 版），已发布，2025-01-01 起施行"


def test_load_the_same_file_twice_changes_nothing(tmp_path):
    path = write(tmp_path)
    load([path], at=AT)
    before = (
        list(Rulebook.history.values_list("pk", flat=True)),
        Event.objects.count(),
        list(Stage.objects.values()),
    )

    result = load([path], at=LATER)

    assert [one.outcome for one in result] == ["unchanged"]
    assert before == (
        list(Rulebook.history.values_list("pk", flat=True)),
        Event.objects.count(),
        list(Stage.objects.values()),
    )


def test_load_keeps_what_staff_entered_and_says_where_the_file_differs(tmp_path):
    load([write(tmp_path)], at=AT)
    Programme.objects.update(objection_phone="0000-0000000", name="示例服务商（新）")

    result = load([write(tmp_path)], at=LATER)

    programme = Programme.objects.get()
    assert (programme.objection_phone, programme.name) == ("0000-0000000", "示例服务商（新）")
    assert result[0].notes == [
        "programme.name 与已有的不同，没有改动：示例服务商（新）（文件里是 示例服务商）"
    ]


def test_load_adds_a_new_industry_to_an_unchanged_rulebook(tmp_path):
    load([write(tmp_path)], at=AT)

    load([write(tmp_path, ("玩具}", "玩具}\n    - {key: shoes, name: 鞋业}"))], at=LATER)

    assert list(Industry.objects.values_list("key", "order")) == [("toys", 1), ("shoes", 2)]


def test_load_ends_the_version_before_on_the_day_before(tmp_path):
    load([write(tmp_path)], at=AT)

    load([write(tmp_path, *SECOND)], at=LATER)

    ends = dict(Rulebook.objects.values_list("version", "effective_to"))
    assert ends == {1: date(2026, 9, 30), 2: None}
    ended = Event.objects.get(verb="end_rulebook")
    assert (ended.at, ended.actor_name) == (LATER, "系统")
    assert ended.summary == "示例办法（第 1 版）有效期至 2026年9月30日：第 2 版次日起施行"
    assert load([write(tmp_path)], at=LATER)[0].outcome == "unchanged"


def test_load_takes_two_versions_in_one_run_in_any_order(tmp_path):
    first, second = write(tmp_path), write(tmp_path, *SECOND, name="second.yaml")

    load([second, first], at=AT)

    assert dict(Rulebook.objects.values_list("version", "effective_to")) == {1: date(2026, 9, 30), 2: None}


def test_load_refuses_two_versions_in_force_at_once(tmp_path):
    load([write(tmp_path)], at=AT)
    path = write(tmp_path, ("version: 1", "version: 2"))

    assert refusal(path) == [
        (
            line_of(path, "effective_from"),
            "rulebook.effective_from",
            "与第 1 版（2025年1月1日 起，至今没有失效）同时有效（应晚于 2025-01-01）",
        )
    ]
    assert Rulebook.objects.count() == 1


def test_load_refuses_other_content_of_a_published_version_with_the_differences(tmp_path):
    load([write(tmp_path)], at=AT)
    path = write(tmp_path, ("span: 5", "span: 7"), ("heading: 变更", "heading: 变更与公示"))

    assert refusal(path) == [
        (
            line_of(path, "- {number: 第二条"),
            "articles.第二条",
            "第 1 版已发布，不能改动：articles.第二条.heading：变更 → 变更与公示（应另立新版本）",
        ),
        (
            line_of(path, "span: 7"),
            "stages.change.publicity",
            "第 1 版已发布，不能改动：stages.change.publicity.span：5 → 7（应另立新版本）",
        ),
    ]
    assert Stage.objects.get(key="publicity").span_number == 5


def test_load_refuses_a_row_taken_out_of_a_published_version(tmp_path):
    load([write(tmp_path)], at=AT)
    path = write(
        tmp_path,
        ("provisions:\n  - {key: effect, article: 第一条, kind: validity, summary: 印发即施行。}\n", ""),
    )

    assert [reason for _, _, reason in refusal(path)] == [
        "第 1 版已发布，不能改动：provisions.effect：有 → 无（应另立新版本）"
    ]


def test_load_refuses_to_take_a_published_version_back_to_a_draft(tmp_path):
    load([write(tmp_path)], at=AT)

    assert [key for _, key, _ in refusal(write(tmp_path, ("standing: published", "standing: draft")))] == [
        "rulebook.standing"
    ]


def test_load_is_silent_on_an_end_that_staff_recorded(tmp_path):
    load([write(tmp_path)], at=AT)
    Rulebook.objects.update(effective_to=date(2026, 8, 31))

    assert load([write(tmp_path)], at=LATER)[0].outcome == "unchanged"
    assert Rulebook.objects.get().effective_to == date(2026, 8, 31)


def test_load_rewrites_a_draft_and_publishes_it_later(tmp_path):
    draft = ("standing: published", "standing: draft")
    load([write(tmp_path, draft)], at=AT)
    assert load([write(tmp_path, draft)], at=AT)[0].outcome == "unchanged"

    result = load([write(tmp_path, draft, ("span: 5", "span: 7"))], at=AT)
    assert (result[0].outcome, result[0].notes) == ("replaced", ["stages.change.publicity.span：5 → 7"])
    assert Stage.objects.get(key="publicity").span_number == 7

    load([write(tmp_path)], at=LATER)
    assert Rulebook.objects.get().published_at == LATER
    assert Stage.objects.get(key="publicity").span_number == 5


def test_consultation_text_is_loaded_and_binds_nothing(tmp_path):
    load([write(tmp_path, ("standing: published", "standing: consultation"))], at=AT)

    rulebook = Rulebook.objects.get()
    assert (rulebook.standing, rulebook.published_at, rulebook.is_in_force(AT)) == (
        "consultation",
        None,
        False,
    )


def test_rows_of_a_published_rulebook_refuse_to_be_saved_or_deleted(tmp_path):
    load([write(tmp_path)], at=AT)
    for row in (Stage.objects.first(), Article.objects.first(), Provision.objects.first()):
        with pytest.raises(FrozenRulebook):
            row.save()
        with pytest.raises(FrozenRulebook):
            row.delete()


def test_load_all_files_or_none(tmp_path):
    good = write(tmp_path, name="good.yaml")
    other = (
        ("sample-providers", "other"),
        ("number_prefix: SL", "number_prefix: OT"),
        ("span: 5", "spam: 5"),
    )
    bad = write(tmp_path, *other, name="bad.yaml")

    assert refusal(good, bad)
    assert (
        City.objects.count(),
        Programme.objects.count(),
        Rulebook.objects.count(),
        Event.objects.count(),
    ) == (0, 0, 0, 0)


def test_load_refuses_the_same_version_in_two_files(tmp_path):
    first, second = write(tmp_path), write(tmp_path, name="again.yaml")

    assert [(key, reason) for _, key, reason in refusal(first, second)] == [
        ("rulebook.version", f"{first} 也是这个项目的第 1 版（应只有一份）")
    ]


def test_load_refuses_a_prefix_that_another_programme_uses(tmp_path):
    load([write(tmp_path)], at=AT)
    path = write(tmp_path, ("sample-providers", "other"))

    assert [(key, reason) for _, key, reason in refusal(path)] == [
        ("programme.number_prefix", "编号前缀“SL”已由示例市 · 示例服务商使用（应换一个）")
    ]
