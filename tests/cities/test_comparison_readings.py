"""Where the comparison says that a value rests on our reading: never of what is written, always of what is not."""

from typing import Any

import pytest
from django.urls import reverse

from cities.models import CountingRule, Rulebook
from cities.rulebooks import dump
from cities.rulebooks.load import RulebookErrors, load
from tests.cities.rows import DG, GZ, HS, QDC, QDP
from tests.cities.rulebook_files import line_of, write
from tests.conftest import at

pytestmark = pytest.mark.django_db
AT = at("2026-09-17 10:32")
READING = """    interpretations:
      - question: 次数按谁数？
        reading: 按入库单位数。
        of: [per]
        alternatives:
          - {reading: 按集团数, why_not: 没有登记集团}
procedures:
"""


@pytest.fixture(autouse=True)
def now(stopped_clock: Any) -> None:
    stopped_clock(AT)


def cells(client: Any) -> dict[str, dict[str, str]]:
    groups = client.get(reverse("comparison")).context["table"].groups
    return {
        row.label: {column.rulebook.programme.slug: cell.text for column, cell in row.cells}
        for group in groups
        for row in group.rows
    }


@pytest.fixture
def shown(five: Any, client: Any) -> dict[str, dict[str, str]]:
    return cells(client)


def test_day_that_no_text_names_is_marked_and_one_that_is_named_is_not(shown):
    assert shown["施行"] == {
        DG: "2024年3月27日〔解释〕〔第二十一条〕",
        GZ: "2024年12月31日〔解释〕〔5.2〕",
        HS: "尚未发布，日期待定〔解释〕〔第二十一条〕",
        QDC: "2021年11月19日〔第二十条〕",
        QDP: "2024年1月19日〔解释〕〔落款（署名与日期）〕",
    }


def test_end_that_the_text_leaves_open_is_marked(shown):
    assert {slug for slug, text in shown["失效"].items() if "〔解释〕" in text} == {DG, GZ, HS, QDP}
    assert "〔文件信息（网页元数据）〕" in shown["失效"][QDP]


def test_beginning_stands_in_its_own_article_on_the_rules_page(five, client):
    page = client.get(reverse("rulebook", args=[QDP])).content.decode()
    begins = page.split("<dt>施行日期</dt>")[1].split("</dd>")[0]
    ends = page.split("<dt>失效</dt>")[1].split("</dd>")[0]
    assert "落款（署名与日期）" in begins
    assert "文件信息" not in begins
    assert "文件信息（网页元数据）" in ends


@pytest.mark.parametrize(
    ("label", "slug"),
    [
        ("入库单位能否作合作伙伴", DG),
        ("一家企业支持几家入库单位", DG),
        ("评价多久一次", QDC),
        ("评价多差会退出", GZ),
        ("按次数或月数退出的其他情形", HS),
        ("申报的限制", QDP),
    ],
)
def test_value_that_rests_on_a_reading_no_alternative_of_which_can_be_set_is_marked(shown, label, slug):
    assert "〔解释〕" in shown[label][slug]


def test_mark_comes_with_what_the_reading_is_said_to_be_about(client, tmp_path):
    """The same question without `of` is about something else than the value."""
    plain = READING.replace("        of: [per]\n", "")
    load(
        [write(tmp_path, ("procedures:\n", plain), ("standing: published", "standing: consultation"))], at=AT
    )
    assert "〔解释〕" not in cells(client)["每年可申请几次"]["sample-providers"]

    load([write(tmp_path, ("procedures:\n", READING))], at=AT)
    assert "〔解释〕" in cells(client)["每年可申请几次"]["sample-providers"]


def test_what_a_reading_is_about_is_dumped_as_it_was_written(tmp_path):
    changes = (("procedures:\n", READING.replace("of: [per]", "of: [number, procedure]")),)
    load([write(tmp_path, *changes)], at=AT)
    [limit] = dump.as_file(Rulebook.objects.get())["limits"]
    assert list(limit["interpretations"][0]) == ["question", "reading", "of", "alternatives"]
    assert limit["interpretations"][0]["of"] == ["number", "procedure"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("of: [pers]", "of 里不认识“pers”（最接近的是 per）"),
        ("of: [key]", "of 里不认识“key”（"),
        ("of: per", "of 写的是“per”（应为列表，可用的："),
        ("of: []", "of 写的是一个列表（应为列表，可用的："),
    ],
)
def test_what_a_reading_is_about_must_be_a_value_of_its_row(tmp_path, written, said):
    path = write(tmp_path, ("procedures:\n", READING.replace("of: [per]", written)))
    with pytest.raises(RulebookErrors) as refused:
        load([path], at=AT)
    [error] = refused.value.errors
    assert (error.line, error.reason[: len(said)]) == (line_of(path, written), said)


def test_article_of_the_beginning_is_one_of_the_text(tmp_path):
    path = write(
        tmp_path, ("validity_article: 第一条", "validity_article: 第一条\n  effective_article: 第三条")
    )
    with pytest.raises(RulebookErrors) as refused:
        load([path], at=AT)
    assert [(one.key, one.line) for one in refused.value.errors] == [
        ("rulebook.effective_article", line_of(path, "effective_article"))
    ]


def test_every_way_of_counting_asks_at_what_hour_the_last_day_closes(five):
    """All of them close at 24:00, which is our reading in every one."""
    for rule in CountingRule.objects.select_related("rulebook"):
        asked = [one for one in rule.interpretations if one["question"] == "最后一天几点截止？"]
        assert (rule.closing_hour, len(asked)) == (None, 1), f"{rule.rulebook} {rule.key}"
