"""A file that is wrong is told where and why, all of it at once."""

from pathlib import Path

import pytest

from cities.models import (
    Article,
    Rulebook,
)
from cities.rulebooks import schema
from cities.rulebooks.load import RulebookErrors, load
from tests.cities.loading.files import AT, refusal
from tests.cities.rulebook_files import SMALL, line_of, write

pytestmark = pytest.mark.django_db


# From the kind of the only procedure to the need of its only material.
NOT_BUILT = SMALL[SMALL.index("kind: partner_change") : SMALL.index("always, file_kinds") + len("always")]

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
        "写的是“days”（应为 calendar 自然日、working 工作日、month 按月、thirty 按月（每月三十天） 之一）",
    ),
    "misspelt enumeration": (
        "unit: calendar",
        "unit: calender",
        "unit: calender",
        "counting_rules.plain.unit",
        "写的是“calender”（最接近的是 calendar 自然日；应为 calendar 自然日、working 工作日、month 按月、thirty 按月（每月三十天） 之一）",
    ),
    "enumeration by its word": (
        "unit: calendar",
        "unit: 工作日",
        "unit: 工作日",
        "counting_rules.plain.unit",
        "写的是“工作日”（最接近的是 working 工作日；应为 calendar 自然日、working 工作日、month 按月、thirty 按月（每月三十天） 之一）",
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
        "每条解释要有三个键（应为 question 问题、reading 我们怎么理解、alternatives 还可以怎么理解；另可写 of 哪些值由此而来）",
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
