"""What the office has decided stands beside the text, and how its rules are carried out."""

import pytest
from django.urls import reverse

from cities import built
from cities.rulebooks.load import load
from portal.rehearsals.proofs import proven
from tests.cities.open_rules import OPEN_HOUR, OPEN_SPAN, OPEN_VALUES, OPEN_WINDOW
from tests.cities.rulebook_files import write
from tests.cities.rules_page.page import AT, decide, queries, row_of
from tests.conftest import person
from tests.rulebooks import load_changed

pytestmark = pytest.mark.django_db


def test_rulebook_page_costs_the_same_queries_for_one_decision_and_for_three(client, tmp_path):
    rulebook = load([write(tmp_path, OPEN_SPAN, OPEN_WINDOW, OPEN_VALUES)], at=AT)[0].rulebook
    one, two, address = (
        person("one", "一号"),
        person("two", "二号"),
        reverse("rulebook", args=["sample-providers"]),
    )
    counts = []
    for place in ("change.publicity", "news", "twice"):
        decide(rulebook, place, one, two)
        counts.append(queries(client, address))

    assert counts[0] == counts[2]


def test_set_value_is_shown_with_the_article_and_the_decision(client, tmp_path):
    rulebook = load([write(tmp_path, OPEN_SPAN)], at=AT)[0].rulebook
    address = reverse("rulebook", args=["sample-providers"])
    assert row_of(client.get(address), "公示").words.startswith("公示：天数未规定，由主管部门确定")

    decide(rulebook, "change.publicity", person("one", "一号"), person("two", "二号"))

    response = client.get(address)
    assert row_of(response, "公示").words.startswith("公示：7 个自然日，自次日起算，最后一天不顺延")
    cited = "第二条 未规定；主管部门 2026年9月17日 确定为 7 天（自然日），次日起算，最后一天不顺延（示例纪要第 1 号）"
    assert cited in response.content.decode()


@pytest.mark.parametrize(
    ("choose", "mark", "words", "waits"),
    [
        ("公历年。", "已确认", "每个公历年不超过 2 次", False),
        ("连续十二个月", "另选", "任意连续十二个月不超过 2 次", False),
        ("从入库之日起算", "另选", "每个公历年不超过 2 次", True),
    ],
)
def test_decided_reading_is_marked_and_the_row_says_what_counts(client, tmp_path, choose, mark, words, waits):
    rulebook = load([write(tmp_path, OPEN_WINDOW)], at=AT)[0].rulebook
    decide(rulebook, "twice", person("one", "一号"), person("two", "二号"), choose=choose)

    response = client.get(reverse("rulebook", args=["sample-providers"]))

    page = response.content.decode()
    assert words in row_of(response, "申请次数").words
    assert f">{mark}</span> 主管部门 2026年9月17日 确定为“{choose}”（示例纪要第 1 号）" in page
    assert ("等下一版规则照此办理" in page) is waits


def test_a_span_is_shown_with_how_its_days_are_read(client, tmp_path):
    load([write(tmp_path, OPEN_HOUR)], at=AT)
    row = row_of(client.get(reverse("rulebook", args=["sample-providers"])), "公示")
    assert [one.reading for one in row.readings] == ["当天 24:00。"]


TRACED = (
    (
        "counting_rules:\n",
        """rules:
  - {key: AB-1, article: 第一条, kind: validity, checkable: "no"}
  - {key: AB-2-a, article: 第二条, kind: limit, checkable: "yes"}
  - {key: AB-2-b, article: 第二条, kind: stage, checkable: "yes"}
counting_rules:
""",
    ),
    ("    strictness: hard\n", "    strictness: hard\n    rules: [AB-2-a]\n"),
    ("    title: 变更\n", "    title: 变更\n    rules: [AB-2-b]\n"),
    ("summary: 印发即施行。}", "summary: 印发即施行。, rules: [AB-1]}"),
)


def test_page_counts_the_rules_of_the_text_and_says_how_each_is_carried_out(client, tmp_path, monkeypatch):
    monkeypatch.setattr(built, "_proofs", [])
    built.declare_proofs(lambda _: {"AB-2-a"})
    load([write(tmp_path, *TRACED)], at=AT)

    response = client.get(reverse("rulebook", args=["sample-providers"]))

    assert (response.context["rules"], response.context["summary"]) == (
        3,
        [("平台查验或执行", 1), ("平台执行，还没有演练证明", 1), ("只作说明", 1)],
    )
    assert "规则 3 条" in response.content.decode()
    found = {rule.key: rule.how for one in response.context["articles"] for rule in one.rules}
    assert found == {"AB-1": "只作说明", "AB-2-a": "平台查验或执行", "AB-2-b": "平台执行，还没有演练证明"}


def test_rehearsals_of_this_installation_are_asked_for_proofs(tmp_path):
    book = load_changed(tmp_path, lambda content: None).rulebooks.get()
    assert built.proven(book) == proven(book) != set()
