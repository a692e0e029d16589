"""Cells follow rows, days and decisions; the table can be downloaded and asks a fixed number of queries."""

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
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
from tests.cities.comparison.table import AT, DG, GZ, HS, QDC, QDP, cells, silent, table
from tests.cities.rulebook_files import write
from tests.conftest import at, person

pytestmark = pytest.mark.django_db


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
