import re
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

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
from cities.rulebooks import content, schema
from cities.rulebooks.load import RulebookErrors, load
from records.models import Event
from tests.cities.rulebook_files import SMALL, line_of, write
from tests.conftest import RULEBOOK, at
from tests.rulebooks import content_of, limit, load_changed, stage
from tests.rulebooks import write as write_changed

AT = at("2026-09-01 09:00")
LATER = at("2026-09-02 09:00")
pytestmark = pytest.mark.django_db

SECOND = (("version: 1", "version: 2"), ("effective_from: 2025-01-01", "effective_from: 2026-10-01"))

# From the kind of the only procedure to the need of its only material.
NOT_BUILT = SMALL[SMALL.index("kind: partner_change") : SMALL.index("always, file_kinds") + len("always")]


def refusal(*paths: Path) -> list[tuple[int, str, str]]:
    with pytest.raises(RulebookErrors) as refused:
        load(list(paths), at=AT)
    return [(error.line, error.key, error.reason) for error in refused.value.errors]


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


# One thing wrong, what stands in its line, its key, and what is said.
WRONG = {
    "unknown key": (
        "span: 5",
        "spam: 5",
        "spam",
        "procedures.change.stages.publicity.spam",
        "不认识这个键（应为 span）",
    ),
    "unknown section": (
        "provisions:",
        "provision:",
        "provision:",
        "provision",
        "不认识这个键（应为 provisions）",
    ),
    "missing citation": (
        "  - key: plain\n    article: 第二条\n",
        "  - key: plain\n",
        "- key: plain",
        "counting_rules.plain.article",
        "缺少依据：每条规则都要写明条款（应为 articles 里的一条）",
    ),
    "unknown article": (
        "- {key: effect, article: 第一条",
        "- {key: effect, article: 第九条",
        "- {key: effect",
        "provisions.effect.article",
        "articles 里没有“第九条”（应为已列出的条款）",
    ),
    "wrong type": (
        "span: 5",
        "span: 五",
        "span: 五",
        "procedures.change.stages.publicity.span",
        "写的是“五”（应为 0 到 32767 之间的整数）",
    ),
    "wrong boolean": (
        "strictness: hard",
        "strictness: hard\n    joint: 1",
        "joint: 1",
        "limits.twice.joint",
        "写的是“1”（应为 true 或 false）",
    ),
    "wrong date": (
        "effective_from: 2025-01-01",
        "effective_from: 2025-02-30",
        "effective_from",
        "rulebook.effective_from",
        "写的是“2025-02-30”（应为日期，如 2024-03-27）",
    ),
    "wrong hour": (
        "roll: none",
        "roll: none\n    closing_hour: 25:00",
        "closing_hour",
        "counting_rules.plain.closing_hour",
        "写的是“25:00”（应为时刻，如 17:30；不写就是 24:00）",
    ),
    "wrong enumeration": (
        "unit: calendar",
        "unit: days",
        "unit: days",
        "counting_rules.plain.unit",
        "写的是“days”（应为 calendar 自然日、working 工作日、month 按月 之一）",
    ),
    "misspelt enumeration": (
        "unit: calendar",
        "unit: calender",
        "unit: calender",
        "counting_rules.plain.unit",
        "写的是“calender”（最接近的是 calendar 自然日；应为 calendar 自然日、working 工作日、month 按月 之一）",
    ),
    "enumeration by its word": (
        "unit: calendar",
        "unit: 工作日",
        "unit: 工作日",
        "counting_rules.plain.unit",
        "写的是“工作日”（最接近的是 working 工作日；应为 calendar 自然日、working 工作日、month 按月 之一）",
    ),
    "duplicate row": (
        "  - {number: 第二条, heading: 变更}",
        "  - {number: 第一条, heading: 变更}\n  - {number: 第二条, heading: 变更}",
        "  - {number: 第一条, heading: 变更}",
        "articles.第一条",
        "number 重复：“第一条”第 17 行已有",
    ),
    "duplicate YAML key": (
        "roll: none",
        "roll: none\n    roll: forward",
        "roll: forward",
        "counting_rules.roll",
        "同一个键写了两次，第 24 行已有",
    ),
    "days without counting rule": (
        "        counting: plain\n",
        "",
        "span: 5",
        "procedures.change.stages.publicity.span",
        "有天数，没有计算规则（应有 counting，写 counting_rules 里的代码）",
    ),
    "dangling counting rule": (
        "counting: plain",
        "counting: working",
        "counting: working",
        "procedures.change.stages.publicity.counting",
        "没有代码为“working”的计算规则（应为 plain 之一）",
    ),
    "dangling stage": (
        "next_stage: publicity",
        "next_stage: publicty",
        "- {key: submitted",
        "procedures.change.stages.submit.outcomes.submitted.next_stage",
        "没有代码为“publicty”的环节（应为 submit、publicity 之一）",
    ),
    "dangling procedure": (
        "procedure: change",
        "procedure: chance",
        "procedure: chance",
        "limits.twice.procedure",
        "没有代码为“chance”的程序（应为 change 之一）",
    ),
    "dangling last withdrawal": (
        "title: 变更\n",
        "title: 变更\n    withdrawable_until: review\n",
        "withdrawable_until",
        "procedures.change.withdrawable_until",
        "没有代码为“review”的环节（应为 submit、publicity 之一）",
    ),
    "outcome leading nowhere": (
        "label: 无异议, result: published",
        "label: 无异议",
        "- {key: unopposed",
        "procedures.change.stages.publicity.outcomes.unopposed",
        "走到这里就没有下文（应写 next_stage，或写 result 表示办结）",
    ),
    "window that is none": (
        "title: 变更\n",
        "title: 变更\n    review_windows: [3月]\n",
        "review_windows",
        "procedures.change.review_windows",
        "“3月”不是收件期（应写成 03-01/03-31 这样，不用 02-29）",
    ),
    "publicity without channel": (
        "        channel: here\n",
        "",
        "- key: publicity",
        "procedures.change.stages.publicity.channel",
        "公示环节缺少这个键（应为 here 本平台、external 外部平台 之一）",
    ),
    "publicity without release": (
        "        release: at_close\n",
        "",
        "- key: publicity",
        "procedures.change.stages.publicity.release",
        "公示环节缺少这个键（应为 at_close 期满自行发布、confirmed 经办人确认后发布 之一）",
    ),
    "publicity without days": (
        "        span: 5\n        counting: plain\n",
        "",
        "- key: publicity",
        "procedures.change.stages.publicity.span",
        "公示没有天数（应有 span 和 counting，条文没写就写 span_set_by_office: true）",
    ),
    "publicity without upheld": (
        "          - {key: upheld, article: 第二条, label: 异议成立, role: upheld, result: refused}\n",
        "",
        "- key: publicity",
        "procedures.change.stages.publicity.outcomes",
        "role: upheld 的结果有 0 个（应正好 1 个）",
    ),
    "channel elsewhere": (
        "actor: provider\n",
        "actor: provider\n        channel: here\n",
        "channel: here",
        "procedures.change.stages.submit.channel",
        "只有公示环节才写（应去掉）",
    ),
    "no submission": (
        "kind: submission\n        label: 提交\n        actor: provider",
        "kind: review\n        label: 提交\n        actor: clerk",
        "- key: change",
        "procedures.change.stages",
        "程序没有提交环节（应有一个 kind: submission，排在最前）",
    ),
    "unreachable stage": (
        "label: 提交, next_stage: publicity",
        "label: 提交, result: published",
        "- key: publicity",
        "procedures.change.stages.publicity",
        "没有一条路走到这个环节（应有某个结果写 next_stage: publicity）",
    ),
    "wrong unit of a limit": (
        "unit: times",
        "unit: months",
        "unit: months",
        "limits.twice.unit",
        "“months”量不了申请次数（应为 times）",
    ),
    "limit without its window": (
        "    window: calendar_year\n",
        "",
        "- key: twice",
        "limits.twice.window",
        "申请次数要写明 window（应为 none 以外的值）",
    ),
    "reading without alternatives": (
        "summary: 印发即施行。}",
        "summary: 印发即施行。, interpretations: [{question: 哪天, reading: 当天}]}",
        "- {key: effect",
        "provisions.effect.interpretations",
        "每条解释正好三个键（应为 question 问题、reading 我们怎么理解、alternatives 还可以怎么理解）",
    ),
    "end before beginning": (
        "validity_article: 第一条",
        "validity_article: 第一条\n  effective_to: 2024-12-31",
        "effective_to",
        "rulebook.effective_to",
        "2024-12-31 早于施行日期 2025-01-01（应为施行日期或之后）",
    ),
    "condition without its need": (
        NOT_BUILT,
        NOT_BUILT.replace("partner_change", "unit_change").replace("always", "conditional"),
        "- {key: form",
        "procedures.change.materials.form.condition",
        "符合条件时才交，没有写条件（应有 condition）",
    ),
    "too long": (
        "heading: 效力",
        f"heading: {'长' * 121}",
        "- {number: 第一条",
        "articles.第一条.heading",
        "有 121 个字（应为 120 个字以内）",
    ),
    "alias": (
        "unit: calendar",
        "unit: *days",
        "unit: *days",
        "YAML",
        "规则文件里不用锚点和别名（& 和 *）：把内容写出来",
    ),
    "tag": (
        "unit: calendar",
        "unit: !!python/name:os.system calendar",
        "unit: !!",
        "counting_rules.unit",
        "不用标签（tag:yaml.org,2002:python/name:os.system）：直接写值",
    ),
    "missing section": (SMALL[: SMALL.index("programme:")], "", "programme", "city", "缺少 city 一节"),
}


@pytest.mark.parametrize(("old", "new", "at_line", "key", "reason"), WRONG.values(), ids=list(WRONG))
def test_load_says_where_and_why_a_file_is_wrong(tmp_path, old, new, at_line, key, reason):
    path = write(tmp_path, (old, new))

    assert refusal(path) == [(line_of(path, at_line), key, reason)]


def test_load_refuses_an_unknown_kind_with_those_it_knows(tmp_path):
    path = write(tmp_path, ("kind: submission", "kind: hearing"), ("kind: partner_change", "kind: hearing"))

    reasons = {key: reason for _, key, reason in refusal(path)}
    assert list(reasons) == ["procedures.change.kind", "procedures.change.stages.submit.kind"]
    assert "partner_change 变更合作伙伴、产品和服务目录" in reasons["procedures.change.kind"]
    assert "submission 提交" in reasons["procedures.change.stages.submit.kind"]


def test_load_names_the_article_that_a_misspelt_one_is_closest_to(tmp_path):
    listed = ("heading: 变更}", "heading: 变更}\n  - {number: 第二条（三）, heading: 公示}")
    path = write(tmp_path, listed, ("- {key: form, article: 第二条", "- {key: form, article: 第二条（二）"))

    assert [reason for _, _, reason in refusal(path)] == [
        "articles 里没有“第二条（二）”（最接近的是 第二条（三））"
    ]


def test_load_refuses_two_limits_of_the_same_measure_for_a_procedure(tmp_path):
    limit = SMALL[SMALL.index("  - key: twice") : SMALL.index("procedures:")]
    path = write(
        tmp_path,
        (limit, limit + limit.replace("key: twice", "key: thrice").replace("number: 2", "number: 3")),
    )

    assert refusal(path) == [
        (
            line_of(path, "- key: thrice"),
            "limits.thrice",
            f"与第 {line_of(path, '- key: twice')} 行的“twice”重叠：都限制change的申请次数（应只留一条）",
        )
    ]


def test_load_reports_everything_wrong_in_all_files_in_one_run(tmp_path):
    first = write(tmp_path, ("span: 5", "spam: 5"), ("unit: calendar", "unit: days"), name="a.yaml")
    second = write(tmp_path, ("version: 1", "version: 2"), ("roll: none", "roll: 无"), name="b.yaml")

    with pytest.raises(RulebookErrors) as refused:
        load([second, first], at=AT)
    assert [(Path(error.file).name, error.key) for error in refused.value.errors] == [
        ("a.yaml", "counting_rules.plain.unit"),
        ("a.yaml", "procedures.change.stages.publicity.spam"),
        ("b.yaml", "counting_rules.plain.roll"),
    ]


def test_load_goes_on_reading_under_a_misspelt_key(tmp_path):
    path = write(tmp_path, ("procedures:", "procedure:"), ("stages:", "stags:"), ("span: 5", "span: 五"))

    keys = [key for _, key, _ in refusal(path)]
    assert keys == ["procedure", "procedures.change.stags", "procedures.change.stages.publicity.span"]


MISTAKES = (
    "{{key: a{n}, article: 第一条, kind: wish, summary: 内容}}",
    "{{key: b{n}, article: 第九百条, kind: support, summary: 内容}}",
    "{{key: c{n}, article: 第一条, kind: support, summery: 内容}}",
    "{{key: d{n}, article: 第一条, kind: support, summary: 内容, rules: [一, 二, {{三: 四}}, {{五: 六}}]}}",
    "{{key: e{n}, article: 第一条, kind: support, summary: 内容, interpretations: [{{question: 问}}, {{readin: 答}}]}}",
)


def test_load_reports_five_hundred_errors_of_many_kinds_in_one_run_and_changes_nothing(tmp_path):
    load([write(tmp_path)], at=AT)
    before = {model: list(model.objects.values()) for model in (Rulebook, Article, *schema.ROW_MODELS)}
    rows = "".join(f"  - {MISTAKES[n % len(MISTAKES)].format(n=n)}\n" for n in range(360))
    other = ("sample-providers", "other-providers"), ("number_prefix: SL", "number_prefix: OT")
    path = write(tmp_path, *other, ("provisions:\n", f"provisions:\n{rows}"), name="other.yaml")

    found = refusal(path)
    # One, one, two (the misspelt key and the missing one), four (two that are no text, two unknown), two.
    assert len(found) >= 500
    assert len({reason.split("（")[0] for _, _, reason in found}) > 5
    assert {model: list(model.objects.values()) for model in before} == before


def test_load_goes_on_to_what_other_files_of_a_run_lack_in_the_tables(tmp_path):
    """One file is wrong in itself; the other takes the numbers of a programme that is there."""
    load([write(tmp_path)], at=AT)
    wrong = write(tmp_path, ("span: 5", "spam: 5"), name="a.yaml")
    taken = write(tmp_path, ("sample-providers", "other-providers"), name="b.yaml")

    with pytest.raises(RulebookErrors) as refused:
        load([wrong, taken], at=AT)
    assert {Path(error.file).name for error in refused.value.errors} == {"a.yaml", "b.yaml"}


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (b"", 1, "文件是空的"),
        (b"# nothing\n", 1, "文件是空的"),
        (
            b"city:\n\t- x\n",
            2,
            "这里不是合法的 YAML。常见原因：缩进不齐或用了制表符、冒号后缺空格、引号或括号没有配对",
        ),
        (
            b"a: [1, 2\nb: 3\n",
            2,
            "这里不是合法的 YAML。常见原因：缩进不齐或用了制表符、冒号后缺空格、引号或括号没有配对",
        ),
        ("标题: x".encode("gbk"), 1, "不是 UTF-8 编码的文本：另存为 UTF-8"),
        (b"a: 1\nb: \x07\n", 2, "有不能出现在文本里的控制字符"),
        (b"[" * 5000, 1, "嵌套太深"),
        (b"- 1\n", 1, "写的是一个列表（应为一组键，“键: 值”各占一行）"),
    ],
)
def test_load_refuses_what_is_no_rulebook_file(tmp_path, text, line, reason):
    path = tmp_path / "broken.yaml"
    path.write_bytes(text)

    assert [(where, why) for where, _, why in refusal(path)] == [(line, reason)]


def test_load_refuses_a_missing_file_and_a_folder(tmp_path):
    assert refusal(tmp_path / "none.yaml") == [(1, "文件", "没有这个文件")]
    assert [(line, key) for line, key, _ in refusal(tmp_path)] == [(1, "文件")]


def test_command_prints_what_it_did(tmp_path):
    path, out = write(tmp_path), StringIO()
    call_command("load_rulebook", str(path), stdout=out)
    call_command("load_rulebook", str(path), stdout=out)

    assert out.getvalue() == f"{path}：示例办法（第 1 版） 已载入\n{path}：示例办法（第 1 版） 未变\n"


def test_command_checks_without_writing(tmp_path):
    out = StringIO()
    call_command("load_rulebook", str(write(tmp_path)), dry_run=True, stdout=out)

    assert out.getvalue().endswith("只作检查，没有写入\n")
    assert (City.objects.count(), Rulebook.objects.count(), Event.objects.count()) == (0, 0, 0)


def test_command_fails_with_every_line(tmp_path):
    path = write(tmp_path, ("span: 5", "spam: 5"))
    with pytest.raises(CommandError) as failed:
        call_command("load_rulebook", str(path))

    line = line_of(path, "spam: 5")
    assert f"{path}:{line}: procedures.change.stages.publicity.spam: 不认识这个键（应为 span）" in str(
        failed.value
    )
    assert str(failed.value).endswith("处错误，什么也没有载入")
    assert failed.value.returncode == 1


def test_guide_explains_every_section_and_key():
    guide = (Path(__file__).parents[2] / "docs/adding-a-city.md").read_text(encoding="utf-8")
    sections = list(schema.every_section())
    keys = {name for model in (City, Programme, Rulebook, Article, Industry) for name in schema.head(model)}
    keys |= {name for section in sections for name in (section.name, *section.keys)}

    assert sorted(key for key in keys if not re.search(rf"[`{{ ]{key}[`,}}:]", guide)) == []


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
    "stage that repeats": (
        lambda c: stage(c, "review"),
        {"may_repeat": True},
        f"may_repeat: true {NOT_OPEN}（应为 false）",
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
    "case that ends by doing nothing": (
        lambda c: outcome(c, "approval", "refuse"),
        {"result": "declined"},
        f"result: declined {NOT_OPEN}（应为 published、refused）",
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
    "registrants for each industry": (
        lambda c: limit(c, "registrant_as_partner"),
        {"per": "partner_industry"},
        f"per: partner_industry {NOT_OPEN}（应为 partner）",
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

    assert [error.reason for error in refused.value.errors] == [reason]
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


@pytest.mark.parametrize(
    ("sets", "reason"),
    [
        ("{window: consecutive}", "window: consecutive 还没有开通"),
        ("{unit: months}", "“months”量不了申请次数"),
        ("{counts: none}", "申请次数要写明 counts"),
    ],
)
def test_load_refuses_an_alternative_that_the_row_could_not_be_read_as(tmp_path, sets, reason):
    """What the office may choose is held against the same checks as what the file says."""
    reading = (
        "    strictness: hard\n",
        f"""    strictness: hard
    interpretations:
      - {{question: 哪一种？, reading: 这一种。, alternatives: [{{reading: 那一种, sets: {sets}}}]}}
""",
    )
    with pytest.raises(RulebookErrors) as refused:
        load([write(tmp_path, reading)], at=AT)
    assert any(
        "选“那一种”就成了" in error.reason and reason in error.reason for error in refused.value.errors
    )


LADDER = ("  number_prefix: SL\n", "  number_prefix: SL\n  reminder_days: {}\n")


def with_ladder(tmp_path: Path, written: str) -> Path:
    old, new = LADDER
    return write(tmp_path, (old, new.format(written)))


def test_days_of_reminders_are_the_programmes_own(tmp_path):
    load([with_ladder(tmp_path, "[10, 5, 1]")], at=AT)
    assert Programme.objects.get().reminder_days == [10, 5, 1]

    result = load([with_ladder(tmp_path, "[2]")], at=LATER)
    assert Programme.objects.get().reminder_days == [10, 5, 1]
    assert result[0].notes == ["programme.reminder_days 与已有的不同，没有改动：[10, 5, 1]（文件里是 [2]）"]


def test_programme_that_says_nothing_reminds_nobody(tmp_path):
    load([write(tmp_path)], at=AT)
    assert Programme.objects.get().reminder_days == []


@pytest.mark.parametrize(
    "written", ["[1, 3, 7]", "[7, 7, 1]", "[7, 0]", "[7, -1]", "[61]", "[七]", "[true]", "[[1]]", "[3.5]"]
)
def test_load_refuses_days_of_reminders_that_do_not_fall(tmp_path, written):
    path = with_ladder(tmp_path, written)
    [(line, key, reason)] = refusal(path)
    assert (line, key) == (line_of(path, "reminder_days"), "programme.reminder_days")
    assert "应为从大到小、不重复的天数（1 到 60），如 [7, 3, 1]；不提醒写 []" in reason


def test_load_refuses_a_ladder_that_is_no_list(tmp_path):
    [(_, key, reason)] = refusal(with_ladder(tmp_path, "7"))
    assert (key, reason) == ("programme.reminder_days", "写的是“7”（应为列表，每项前加 -）")


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"objection_kinds": ["gossip"]}, "不认识“gossip”（可用的：objection、report、complaint）"),
        ({"objection_required": ["idcopy"]}, "不认识“idcopy”（最接近的是 id_copy）"),
        (
            {"objection_required": ["evidence"], "objection_optional": ["evidence"]},
            "“evidence”既必填又选填（应只写一处）",
        ),
        ({"objection_article": "第九百条"}, "articles 里没有“第九百条”"),
        ({"objection_days": 5}, "处理时限要写 1 以上的天数和怎么计算"),
    ],
)
def test_what_an_objection_is_asked_is_of_the_closed_vocabulary(tmp_path, wrong, reason):
    said = content_of(RULEBOOK)
    stage(said, "publicity").update(wrong)
    found = [why for _, _, why in refusal(write_changed(tmp_path, said))]
    assert [why for why in found if why.startswith(reason)] != []


def test_only_a_publicity_asks_of_objections(tmp_path):
    said = content_of(RULEBOOK)
    stage(said, "review")["objection_kinds"] = ["report"]
    assert "只有公示环节才写（应去掉）" in [why for _, _, why in refusal(write_changed(tmp_path, said))]
