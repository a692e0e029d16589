"""The comparison of the programmes: what the real rulebooks say, each in its own words, and nothing borrowed."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cities.comparison import items
from cities.comparison.cells import SILENT
from cities.models import (
    Article,
    Condition,
    Dimension,
    EvaluationScheme,
    GradeBand,
    Ground,
    Limit,
    OfficeDecision,
    Programme,
    Quota,
    ReportingDuty,
    Rulebook,
    Stage,
)
from cities.rulebooks.load import load
from tests.cities.rulebook_files import write
from tests.conftest import at, person
from tests.remembered import Remembered

FOLDER = Path(__file__).parents[2] / "fixtures/rulebooks"
DG, GZ, HS = "dongguan-lead-units", "guangzhou-lead-units", "huangshi-providers"
QDC, QDP = "qingdao-empowerment-centers", "qingdao-recommended-providers"
FIVE = (DG, GZ, HS, QDC, QDP)
AT = at("2026-09-17 10:32")
put_five = Remembered(lambda: load([FOLDER / f"{slug}.yaml" for slug in FIVE], at=AT))
pytestmark = pytest.mark.django_db

Cells = dict[str, dict[str, str]]


@pytest.fixture(autouse=True)
def now(stopped_clock: Any) -> None:
    stopped_clock(AT)


@pytest.fixture
def five() -> None:
    put_five()


def table(client: Client, **query: Any) -> Any:
    response = client.get(reverse("comparison"), query)
    assert response.status_code == 200
    return response.context["table"]


def cells(client: Client, **query: Any) -> Cells:
    """The text of every cell, by row and programme."""
    return {
        row.label: {column.rulebook.programme.slug: cell.text for column, cell in row.cells}
        for group in table(client, **query).groups
        for row in group.rows
    }


@pytest.fixture
def shown(five: None, client: Client) -> Cells:
    return cells(client)


def silent(row: dict[str, str]) -> set[str]:
    """The programmes whose text says nothing at all there, whatever article a gap is seen in."""
    return {slug for slug, text in row.items() if text.split("〔")[0] == SILENT}


def test_publicity_is_as_long_as_each_text_says_and_nobody_borrows(shown):
    changes, entry = shown["变更公示多久"], shown["入库公示多久"]
    assert changes[DG].count("5 个自然日，自次日起算，末日不顺延，在本平台") == 2
    assert all(article in changes[DG] for article in ("〔第十三条（三）〕", "〔第十五条（三）〕"))
    assert changes[GZ].startswith(f"{SILENT}，由")
    assert changes[GZ].endswith("〔4.6.3〕")
    assert silent(changes) == {HS, QDC, QDP}
    assert entry[QDP].startswith("5 个工作日")
    assert "在外部平台" in entry[QDP]
    assert all(entry[slug].startswith(f"{SILENT}，由") for slug in (GZ, QDC))
    assert silent(entry) == {DG, HS}
    assert shown["评价结果公示多久"][HS].startswith(f"{SILENT}，由")


def test_limits_of_changes_stand_in_one_programme_with_their_strictness(shown):
    assert shown["每年可申请几次"][DG] == "每个公历年不超过 2 次（不得）〔解释〕〔第十五条〕"
    assert shown["两次变更间隔"][DG] == "不少于 6 个月（原则上）〔解释〕〔第十五条〕"
    assert shown["合作伙伴数量"][DG] == "不超过 10 家（原则上）〔解释〕〔第十六条〕"
    assert shown["入库单位能否作合作伙伴"][DG] == "不能（不得）〔解释〕〔第十六条〕"
    assert "累计不超过 1 次（不得）〔解释〕〔第十四条〕" in shown["换入库单位可申请几次"][DG]
    for label in ("每年可申请几次", "两次变更间隔", "换入库单位可申请几次"):
        assert silent(shown[label]) == set(FIVE) - {DG}
    assert shown["合作伙伴数量"][GZ] == SILENT
    assert shown["合作伙伴数量"][HS] == f"{SILENT}，不设合作伙伴"


def test_only_the_operations_that_a_text_regulates_are_named(shown):
    operations = shown["可办哪些变更"]
    assert "只办新增联合体企业〔4.6〕" in operations[GZ]
    assert "只办" not in operations[DG]
    assert silent(operations) == {HS, QDP}


def test_major_changes_are_reported_before_or_after_by_whom_the_text_says(shown):
    reports = shown["重大调整怎样报告"]
    assert "办理之前 30 个工作日" in reports[DG]
    assert "合作伙伴的也由其报" in reports[DG]
    assert "办理之前 10 个工作日" in reports[GZ]
    assert "联合体企业的也由其报" in reports[GZ]
    assert "办理之后 30 个工作日内" in reports[QDC]
    assert "由区市主管部门报，备案" in reports[QDC]
    assert "及时，多久未规定" in reports[HS]
    assert "工作日" not in reports[HS]
    assert silent(reports) == {QDP}


def test_evaluation_says_its_rhythm_grades_and_what_is_open(shown):
    rhythm = {slug: text.split("〔")[0] for slug, text in shown["评价多久一次"].items()}
    assert rhythm == {DG: "每半年", GZ: "每季度", HS: "每半年", QDC: "每年", QDP: SILENT}
    grades = shown["等级怎样划"]
    assert grades[HS].startswith("A 不少于 80 分，B 不少于 70 分，C 不少于 60 分，D 少于 60 分")
    assert grades[QDC].startswith("优秀，良好，合格，不合格，分数线未规定")
    assert silent(grades) == {QDP}
    assert all(shown["达标线"][slug].startswith(f"{SILENT}，由") for slug in (DG, GZ))
    assert silent(shown["结果公开吗"]) == {DG, GZ, QDC, QDP}


def test_what_an_evaluation_rests_on_is_cited_where_the_text_says_it(shown):
    assert shown["评价多久一次"][HS] == "每半年〔解释〕〔第十条〕"
    assert shown["达标线"][HS] == f"{SILENT}，满分 100 分〔第十一条〕"
    assert shown["结果公开吗"][HS] == "结果公示〔第十二条〕"
    assert shown["达标线"][DG].endswith("〔第九条（二）、第十条（三）〕")


def test_targets_of_a_task_book_are_no_dimensions_of_an_evaluation(shown):
    dimensions, targets = shown["评价看哪些方面"], shown["任务书定哪些目标"]
    said = {slug: re.findall(r"(\d+) 个方面", text) for slug, text in dimensions.items()}
    assert said == {DG: ["5"], GZ: ["5"], HS: ["4"], QDC: [], QDP: ["3"]}
    assert dimensions[DG].endswith("权重未规定，由工作专班确定〔第八条〕")
    assert targets[DG].startswith("7 项")
    assert targets[DG].endswith("〔第七条〕")
    assert targets[GZ].endswith("〔3.1〕")
    assert silent(targets) == {HS, QDC, QDP}


def test_bad_grades_are_counted_as_each_text_counts_them(shown):
    exits, warnings = shown["评价多差会退出"], shown["评价多差会警示"]
    assert all(exits[slug].startswith("累计达到 2 次“不达标”，应当") for slug in (DG, GZ))
    assert exits[QDC].startswith("连续达到 2 次“不合格”，应当")
    assert exits[HS].startswith("累计达到 2 次“D”，可以")
    assert "（可）" in exits[HS]
    assert silent(exits) == {QDP}
    assert "达到 1 次“D”" in warnings[HS]
    assert "累计达到 2 次“C”" in warnings[HS]
    assert silent(warnings) == {DG, GZ, QDP}


def test_fourth_order_is_one_too_many_and_six_months_are_enough(shown):
    others = shown["按次数或月数退出的其他情形"]
    assert "限期整改次数：累计超过 3 次（可）〔解释〕〔第十五条（一）〕" in others[HS]
    assert "达到 6 个月（可）〔解释〕〔第十五条（二）〕" in others[HS]
    assert silent(others) == set(FIVE) - {HS}


def test_exit_follows_or_may_follow_by_procedure_in_the_words_of_the_text(shown):
    grounds = shown["退出情形几种"]
    must, may = grounds[GZ].split("；")
    assert "应当清退" in must
    assert "（可）" not in must
    assert may.endswith("可以取消资格（可）〔4.3〕")
    assert "可以清退（可）" in grounds[HS]
    assert "应当撤销资格" in grounds[QDC]
    assert silent(shown["退出前的警示"]) == {DG, QDP}


def test_grounds_are_counted_as_the_text_counts_them(shown):
    exits, warnings = shown["退出情形几种"], shown["退出前的警示"]
    said = {slug: re.findall(r"(\d+) 种情形", text) for slug, text in exits.items()}
    assert said == {DG: ["6"], GZ: ["8", "1"], HS: ["7"], QDC: ["7"], QDP: []}
    assert "8 种情形" in warnings[HS]
    assert "6 种情形" in warnings[GZ]


def test_conditions_are_counted_by_the_items_of_their_article(shown):
    conditions = shown["条件有几项"]
    assert "10 项，必须〔第七条（一）、" in conditions[QDC]
    assert conditions[HS].startswith("4 项，必须〔第六条（一）、")
    assert conditions[HS].endswith("细分行业数字化服务商：2 个条件，必须〔第七条〕")
    assert "7 项，必须〔二（一）1、" in conditions[QDP]
    assert "“链主”企业型服务商：3 项，必须、原则上、优先考虑〔" in conditions[QDP]
    assert silent(conditions) == {DG, GZ}


def test_time_to_rectify_is_stated_in_one_text_only(shown):
    spans = shown["整改期限"]
    assert spans[HS].startswith("1 个月")
    assert all(spans[slug].startswith(SILENT) for slug in set(FIVE) - {HS})


def test_council_sits_only_where_a_text_asks_for_it(shown):
    council = shown["退出前要不要会议审议"]
    confirmed, other = council[GZ].split("；")
    assert confirmed.endswith("〔4.4（末段）〕")
    assert other.endswith(f"：{SILENT}")
    assert silent(council) == set(FIVE) - {GZ}


def test_no_exit_is_shown_beforehand_and_two_are_announced(shown):
    assert silent(shown["退出前公示多久"]) == set(FIVE)
    assert silent(shown["退出后公告"]) == {GZ, HS, QDP}
    assert shown["退出后公告"][DG].endswith("〔第十一条〕")


def test_bar_on_re_entry_stands_in_two_texts_only(shown):
    bar = shown["退出后能否再申请"]
    assert silent(bar) == {HS, QDC, QDP}
    assert (bar[DG], bar[GZ]) == (
        "清退之后：不能再申请（不得）〔解释〕〔第十条〕",
        "清退牵引单位之后：不能再申请（不得）〔解释〕〔4.4〕",
    )


def test_planned_numbers_are_marked_as_planned(shown):
    assert "每个细分行业 10—20 家（拟）〔一（引言）〕" in shown["计划数"][QDP]
    assert silent(shown["计划数"]) == set(FIVE) - {QDP}


def test_what_is_only_flagged_is_no_plan_and_stays_outright(shown):
    assert shown["行业以外的签约"][HS] == "不能，限细分行业数字化服务商（只标注）〔解释〕〔第八条（一）〕"
    assert shown["价格与市场均价之比"][HS].startswith("不超过 100%")
    assert "（不得）" in shown["价格与市场均价之比"][HS]


def test_level_after_transformation_binds_as_strictly_as_each_text_says(shown):
    level = shown["改造后的数字化水平"]
    assert level[DG].endswith("（只标注）〔解释〕〔第六条（四）〕")
    assert level[GZ].endswith("（不得）〔解释〕〔2.2.5〕")
    assert level[HS].endswith("（不得）〔解释〕〔第八条（五）〕")
    assert silent(level) == {QDC, QDP}


def test_what_must_be_reported_promptly_is_said_of_all_that_ask_it(shown):
    promptly = shown["及时报什么"]
    assert promptly[GZ].endswith("〔4.2.4〕")
    assert promptly[HS].endswith("〔第十四条（一）〕")
    assert silent(promptly) == {QDP}


def test_legend_explains_every_tag_of_the_table(five, client):
    page = client.get(reverse("comparison"))
    comparison = page.context["table"]
    lines = (
        line
        for group in comparison.groups
        for row in group.rows
        for _, cell in row.cells
        for line in cell.lines
    )
    used = {line.tag for line in lines if line.tag}
    assert {one.word for one in used} == {"不得", "原则上", "拟", "只标注", "可"}
    assert used == set(comparison.legend)
    text = page.content.decode()
    assert '<span class="tag is-wait">只标注</span> 不合的标出来，不拦办理' in text


def test_validity_says_first_and_last_day_or_event(shown):
    assert (shown["施行"][QDC], shown["失效"][QDC]) == (
        "2021年11月19日〔第二十条〕",
        "2023年11月18日 之后〔第二十条〕",
    )
    assert shown["失效"][DG].startswith("城市试点工作验收完成")
    assert silent(shown["失效"]) == {QDP}
    assert shown["施行"][HS].startswith("尚未发布")


def test_every_duty_stands_in_one_row_of_its_group(five, client):
    group = next(one for one in table(client).groups if one.label == "报告义务")
    lines = [line for row in group.rows for _, cell in row.cells for line in cell.lines if not line.is_unset]
    assert len(lines) == ReportingDuty.objects.count() > 5


CHANGES: list[tuple[type, dict[str, Any], dict[str, Any], str, str, str]] = [
    (
        Limit,
        {"measure": "changes_per_window", "procedure_key": "partner_change"},
        {"number": 3},
        "每年可申请几次",
        DG,
        "3 次",
    ),
    (Limit, {"measure": "change_interval"}, {"strictness": "hard"}, "两次变更间隔", DG, "不得"),
    (
        Limit,
        {"measure": "level_after_transformation"},
        {"strictness": "flagged"},
        "改造后的数字化水平",
        GZ,
        "（只标注）",
    ),
    (
        Limit,
        {"measure": "contracts_beside_own_industry"},
        {"strictness": "planned"},
        "行业以外的签约",
        HS,
        "不超过 0 家企业，限细分行业数字化服务商（拟）",
    ),
    (Ground, {"key": "rectification_overdue"}, {"term": "除名"}, "退出情形几种", GZ, "可以除名（可）"),
    (Dimension, {"key": "tb_level"}, {"source": "office"}, "评价看哪些方面", DG, "6 个方面"),
    (Stage, {"kind": "publicity"}, {"span_number": 7}, "入库公示多久", QDP, "7 个工作日"),
    (Stage, {"kind": "publicity"}, {"channel": "here"}, "入库公示多久", QDP, "在本平台"),
    (ReportingDuty, {"timing": "before"}, {"timing": "after"}, "重大调整怎样报告", GZ, "办理之后"),
    (EvaluationScheme, {}, {"rhythm": "year"}, "评价多久一次", GZ, "每年"),
    (EvaluationScheme, {}, {"results": "publicity"}, "结果公开吗", GZ, "公示"),
    (GradeBand, {"label": "B"}, {"number": 75}, "等级怎样划", HS, "B 不少于 75 分"),
    (Ground, {"window": "consecutive"}, {"window": "lifetime"}, "评价多差会退出", QDC, "累计达到"),
    (
        Ground,
        {"detector": "rectification_orders"},
        {"comparator": "at_least"},
        "按次数或月数退出的其他情形",
        HS,
        "达到 3 次",
    ),
    (
        Ground,
        {"detector": "grade", "consequence": "clearance"},
        {"force": "must"},
        "评价多差会退出",
        HS,
        "应当",
    ),
    (Condition, {"unit": "亿元"}, {"number": 12}, "条件里的数值", QDP, "不少于 12 亿元"),
    (Quota, {"at_most": 20}, {"at_most": 25}, "计划数", QDP, "10—25 家"),
]


@pytest.mark.parametrize(("model", "which", "change", "label", "slug", "expected"), CHANGES)
def test_cell_follows_its_row(five, client, model, which, change, label, slug, expected):
    before = cells(client)[label]
    assert expected not in before[slug]
    changed = model.objects.filter(rulebook__programme__slug=slug, **which).update(**change)
    after = cells(client)[label]
    assert changed
    assert expected in after[slug]
    assert {one: text for one, text in after.items() if one != slug} == {
        one: text for one, text in before.items() if one != slug
    }


def decide(slug: str, matter: str, place: str, **value: Any) -> None:
    OfficeDecision.objects.create(
        programme=Programme.objects.get(slug=slug),
        section="stages",
        place=place,
        matter=matter,
        article="4.6.3",
        value=value,
        wording="5 个工作日",
        basis="会议纪要第 3 号",
        decided_on=date(2026, 3, 2),
        effective_from=date(2026, 3, 2),
        proposed_at=at("2026-03-02 09:00"),
        proposed_by=person("one", "甲登记"),
        settled_at=at("2026-03-02 10:00"),
        settled_by=person("two", "乙确认"),
        is_confirmed=True,
    )


def test_decision_stands_beside_the_gap_from_its_day_and_in_no_other_programme(five, client):
    counting = {"unit": "working", "first_day": "next", "roll": "none"}
    decide(GZ, "span", "partner_change.publicity", span_number=5, counting_rule=counting)
    label = "变更公示多久"

    after, before = cells(client)[label], cells(client, day="2026-03-01")[label]

    assert after[GZ].startswith(f"{SILENT}；")
    assert "2026年3月2日 确定为5 个工作日" in after[GZ]
    assert before[GZ].startswith(f"{SILENT}，由")
    assert silent(after) == silent(before) == {HS, QDC, QDP}


def test_past_day_shows_what_was_in_force_then(five, client):
    columns = {one.rulebook.programme.slug: one for one in table(client, day="2022-05-01").columns}
    assert {slug: one.standing.word for slug, one in columns.items()} == {
        QDC: "现行",
        DG: "尚未施行",
        GZ: "尚未施行",
        QDP: "尚未施行",
        HS: "征求意见稿",
    }
    assert [slug for slug, one in columns.items() if one.is_in_force] == [QDC]


@pytest.mark.parametrize(
    ("day", "word"),
    [("2021-11-18", "尚未施行"), ("2021-11-19", "现行"), ("2023-11-18", "现行"), ("2023-11-19", "已失效")],
)
def test_both_days_of_a_version_count(five, client, day, word):
    (column,) = table(client, programme=QDC, day=day).columns
    assert column.standing.word == word


def test_day_picks_the_version_of_that_day(client, tmp_path):
    second = (("version: 1", "version: 2"), ("effective_from: 2025-01-01", "effective_from: 2026-10-01"))
    changed = (*second, ("number: 2\n", "number: 4\n"))
    load([write(tmp_path), write(tmp_path, *changed, name="second.yaml")], at=AT)
    said = {day: cells(client, day=day)["每年可申请几次"] for day in ("2026-09-30", "2026-10-01")}
    assert "2 次" in said["2026-09-30"]["sample-providers"]
    assert "4 次" in said["2026-10-01"]["sample-providers"]


def test_programmes_are_picked_and_those_not_in_force_are_dim(five, client):
    page = client.get(reverse("comparison"), {"programme": [DG, HS]})
    text = page.content.decode()
    assert [one.rulebook.programme.slug for one in page.context["table"].columns] == [DG, HS]
    assert text.count('data-th="黄石（征求意见稿）" class="is-dim"') == text.count('data-th="东莞"') > 30
    assert '<span class="tag is-wait">征求意见稿</span>' in text
    assert f'<a class="cite" href="/rules/{DG}/?version=1#a-第十五条">第十五条</a>' in text


def test_download_holds_the_cells_of_the_page(five, client):
    query = {"programme": [GZ, QDC], "day": "2022-05-01"}
    response = client.get(reverse("comparison_csv"), query)
    text = b"".join(response).decode()
    heads, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    assert text.startswith("\ufeff")
    assert 'filename="rules-2022-05-01.csv"' in response["Content-Disposition"]
    assert [head.split("（")[1] for head in heads[2:]] == ["第 1 版，尚未施行）", "第 1 版，现行）"]
    on_page = cells(client, **query)
    assert {label: said for _, label, *said in rows} == {
        label: list(found.values()) for label, found in on_page.items()
    }


def test_download_never_holds_a_formula(client, tmp_path):
    load([write(tmp_path, ("title: 变更\n", "title: =1+1\n"))], at=AT)
    rows = csv.reader(io.StringIO(b"".join(client.get(reverse("comparison_csv"))).decode()))
    assert next(row for row in rows if row[1] == "可办哪些变更")[2] == "'=1+1〔第二条〕"


@pytest.mark.parametrize("name", ["comparison", "comparison_csv"])
@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"day": "x"}, "日期写成 2026-09-17 这样的年-月-日"),
        ({"day": "2026-02-30"}, "日期写成 2026-09-17 这样的年-月-日"),
        ({"day": "\0"}, "日期写成 2026-09-17 这样的年-月-日"),
        ({"day": "0001-01-01"}, "能查 2000年 至 2099年 的规则，换一天"),
        ({"day": "9999-12-31"}, "能查 2000年 至 2099年 的规则，换一天"),
        ({"programme": "nowhere"}, "没有这个项目，从列出的项目里选"),
        ({"programme": "\0"}, "没有这个项目，从列出的项目里选"),
    ],
)
def test_bad_query_is_told_in_a_sentence(client, tmp_path, name, query, sentence):
    load([write(tmp_path)], at=AT)
    response = client.get(reverse(name), query)
    assert response.status_code == 400
    assert sentence in response.content.decode()


@pytest.mark.parametrize(
    ("places", "number"),
    [
        (("第七条（一）", "第七条（一）", "第七条（十二）"), 2),
        (("二（一）1", "二（一）2", "二（一）2"), 2),
        (("4.4.7", "4.4.7", "4.4.10"), 2),
        (("第七条", "第七条", "4.3", "4.3", "一（引言）", "一（引言）"), 6),
    ],
)
def test_rows_of_one_item_count_once_and_those_of_an_article_each(places, number):
    rows = [Condition(pk=pk, article=Article(number=place)) for pk, place in enumerate(places, start=1)]
    assert items.count(rows) == number


def test_items_stand_with_their_article():
    places = ("第七条", "第七条（一）", "4.4.1", "第八条", "4.4", "第七条（二）")
    rows = [Condition(article=Article(number=place)) for place in places]
    assert [[one.article.number for one in found] for found in items.by_article(rows)] == [
        ["第七条", "第七条（一）", "第七条（二）"],
        ["4.4.1", "4.4"],
        ["第八条"],
    ]


def test_draft_is_not_compared_and_without_rules_the_page_says_so(client, tmp_path):
    load([write(tmp_path, ("standing: published", "standing: draft"))], at=AT)
    response = client.get(reverse("comparison"))
    assert response.status_code == 200
    assert "还没有公布规则" in response.content.decode()
    assert Rulebook.objects.exists()


def queries(read: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as asked:
        b"".join(read())
    return len(asked)


@pytest.mark.parametrize("name", ["comparison", "comparison_csv"])
def test_number_of_queries_is_the_same_for_one_and_for_three(client, tmp_path, name):
    counts = []
    for prefix in ("AA", "AB", "AC"):
        changes = (("sample-providers", prefix.lower()), ("number_prefix: SL", f"number_prefix: {prefix}"))
        load([write(tmp_path, *changes, name=f"{prefix}.yaml")], at=AT)
        counts.append(queries(lambda: client.get(reverse(name))))
    assert len(table(client).columns) == 3
    assert counts[0] == counts[1] == counts[2] <= 18


def test_rules_page_leads_to_the_comparison(client):
    assert reverse("comparison") in client.get(reverse("rulebooks")).content.decode()


def test_value_that_another_reading_would_change_is_marked_and_one_that_is_written_is_not(shown):
    """How the days of publicity are counted is our reading; how long one has to rectify is written out."""
    assert "〔解释〕〔第十五条（三）〕" in shown["变更公示多久"][DG]
    assert "〔解释〕" not in shown["退出情形几种"][HS]
