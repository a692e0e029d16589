from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cities import built, decisions
from cities.models import Dimension, Limit, Outcome, RequiredMaterial, Rulebook, Stage
from cities.rulebooks import numbering
from cities.rulebooks.describe import citation, describe
from cities.rulebooks.load import load
from portal.rehearsals.proofs import proven
from tests.cities.open_rules import OPEN_HOUR, OPEN_SPAN, OPEN_VALUES, OPEN_WINDOW
from tests.cities.rulebook_files import write
from tests.conftest import at, person
from tests.rulebooks import load_changed

DONGGUAN = Path(__file__).parents[2] / "fixtures/rulebooks/dongguan-lead-units.yaml"
AT = at("2026-09-17 10:32")
SECOND = (("version: 1", "version: 2"), ("effective_from: 2025-01-01", "effective_from: 2026-10-01"))
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(stopped_clock: Any) -> None:
    stopped_clock(AT)


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_describe_says_each_row_in_plain_chinese():
    load([DONGGUAN], at=AT)
    assert describe(Stage.objects.get(procedure__key="partner_change", key="publicity")) == (
        "公示：5 个自然日，自次日起算，末日不顺延，在本平台，期满自行发布"
    )
    assert describe(Stage.objects.get(procedure__key="partner_change", key="approval")) == (
        "审定：未规定期限，由审定人办理，不能与前面的经办人是同一人"
    )
    assert describe(Limit.objects.get(key="changes_per_year")) == (
        "申请次数：每家牵引单位，每个公历年不超过 2 次（计提交的申请，未通过的、撤回的也计，责令变更的不计；提交时查）"
    )
    assert describe(Limit.objects.get(key="months_between_changes")) == (
        "两次变更间隔：每家牵引单位原则上不少于 6 个月（从上一次发布量到这一次提交；计已发布的变更，责令变更的不计；提交时查）"
    )
    assert describe(Outcome.objects.get(stage__procedure__key="partner_change", key="failed")) == (
        "发布“未能发布”：转“审定”，5 个工作日，自次日起算，末日不顺延"
    )
    assert describe(RequiredMaterial.objects.get(key="representative_id")) == (
        "法定代表人身份证复印件：必交，须盖章，含个人信息，不公开，PDF、JPEG、PNG，20 MB 以内"
    )


def test_citation_leads_to_the_article_of_that_very_version():
    load([DONGGUAN], at=AT)
    number, url = citation(Limit.objects.get(key="changes_per_year"))
    assert (number, url) == ("第十五条", "/rules/dongguan-lead-units/?version=1#a-第十五条")


def test_rulebook_page_shows_articles_rows_and_readings(client, monkeypatch):
    monkeypatch.setattr(built, "_procedures", {"partner_change"})
    load([DONGGUAN], at=AT)

    page = text(client, reverse("rulebook", args=["dongguan-lead-units"]))

    assert 'id="a-第十五条（三）"' in page
    assert "公示：5 个自然日，自次日起算，末日不顺延，在本平台，期满自行发布" in page
    assert "〔解释：最后一天是休息日怎么办？照常届满，不顺延；条文没有写顺延。〕" in page
    assert "顺延到下一个工作日" in page
    assert '<span class="tag is-good">现行</span>' in page
    assert "有效期至城市试点工作验收完成" in page


def test_rulebook_page_marks_procedures_that_no_app_carries_out(client, monkeypatch, tmp_path):
    monkeypatch.setattr(built, "_procedures", set())
    load([write(tmp_path)], at=AT)
    address = reverse("rulebook", args=["sample-providers"])

    def awaiting() -> set[str]:
        found = client.get(address).context["articles"]
        return {row.kind for article in found for row in article.rows if row.awaits}

    assert awaiting() == {"程序", "环节", "结果", "材料", "限制"}
    built.declare("partner_change")
    assert awaiting() == set()


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_rulebook_page_costs_the_same_queries_for_few_rows_and_for_many(client, tmp_path):
    load([DONGGUAN, write(tmp_path)], at=AT)

    few, many = (
        queries(client, reverse("rulebook", args=[slug]))
        for slug in ("sample-providers", "dongguan-lead-units")
    )

    assert few == many


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


def decide(rulebook: Rulebook, place: str, one: Any, two: Any, *, choose: str = "", day: Any = AT) -> None:
    """The first matter of a row: seven days, or what is chosen."""
    matter = next(m for m in decisions.matters(rulebook, day) if m.place == place)
    value, wording = (
        decisions.span_value(7, "calendar", "next", "none")
        if matter.is_value
        else decisions.chosen(matter, choose)
    )
    made = decisions.propose(
        rulebook.programme,
        matter,
        value=value,
        wording=wording,
        basis="示例纪要第 1 号",
        decided_on=day.date(),
        effective_from=day.date(),
        by=one,
        at=day,
    )
    decisions.confirm(made, by=two, at=day)


def row_of(response: Any, words: str) -> Any:
    rows = [row for article in response.context["articles"] for row in article.rows]
    return next(row for row in rows if row.words.startswith(words))


def test_set_value_is_shown_with_the_article_and_the_decision(client, tmp_path):
    rulebook = load([write(tmp_path, OPEN_SPAN)], at=AT)[0].rulebook
    address = reverse("rulebook", args=["sample-providers"])
    assert row_of(client.get(address), "公示").words.startswith("公示：天数未规定，由主管部门确定")

    decide(rulebook, "change.publicity", person("one", "一号"), person("two", "二号"))

    response = client.get(address)
    assert row_of(response, "公示").words.startswith("公示：7 个自然日，自次日起算，末日不顺延")
    cited = (
        "第二条 未规定；主管部门 2026年9月17日 确定为 7 天（自然日），次日起算，末日不顺延（示例纪要第 1 号）"
    )
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


NEXT = ("effective_from: 2025-01-01", "effective_from: 2025-01-01\n  effective_to: 2025-12-31")


def test_a_day_shows_the_version_of_that_day_and_says_so(client, tmp_path):
    later = (("version: 1", "version: 2"), ("effective_from: 2025-01-01", "effective_from: 2026-01-01"))
    load([write(tmp_path, NEXT), write(tmp_path, *later, name="second.yaml")], at=AT)
    address = reverse("rulebook", args=["sample-providers"])

    for day, version in (("2025-01-01", 1), ("2025-12-31", 1), ("2026-01-01", 2)):
        assert client.get(address, {"day": day}).context["rulebook"].version == version
    page = client.get(address, {"day": "2025-05-01"})
    assert "显示 2025年5月1日 有效的规则：第 1 版" in page.content.decode()
    assert page.context["standing"].word == "已修订"


@pytest.mark.parametrize(
    ("day", "status", "said"),
    [
        ("2024-12-31", 404, "2024年12月31日 没有有效的规则"),
        ("2026-01-01", 404, "2026年1月1日 没有有效的规则"),
        ("x", 400, "日期写成 2026-09-17 这样的年-月-日"),
        ("1999-12-31", 400, "能查 2000年 至 2099年 的规则"),
    ],
)
def test_a_day_without_a_version_says_which_there_are(client, tmp_path, day, status, said):
    load([write(tmp_path, NEXT)], at=AT)

    response = client.get(reverse("rulebook", args=["sample-providers"]), {"day": day})

    assert response.status_code == status
    assert said in response.content.decode()
    assert "2025年1月1日 起施行，有效期至 2025年12月31日（含当日）" in response.content.decode()


def test_decisions_are_shown_as_of_the_day_and_an_ended_version_as_of_its_end(client, tmp_path):
    rulebook = load([write(tmp_path, OPEN_SPAN, NEXT)], at=AT)[0].rulebook
    one, two = person("one", "一号"), person("two", "二号")
    decide(rulebook, "change.publicity", one, two, day=at("2025-06-01 10:00"))
    decide(rulebook, "change.publicity", one, two, day=at("2026-06-01 10:00"))
    address = reverse("rulebook", args=["sample-providers"])

    assert row_of(client.get(address, {"day": "2025-05-31"}), "公示").decided == []
    assert "2025年6月1日" in row_of(client.get(address, {"day": "2025-06-01"}), "公示").decided[0]
    assert "2025年6月1日" in row_of(client.get(address), "公示").decided[0]


def test_text_for_comment_says_how_long_comments_were_taken(client, tmp_path):
    asked = "standing: consultation\n  consulted_from: 2026-09-01\n  consulted_to: 2026-09-30"
    unset = ("  effective_from: 2025-01-01\n", "")
    load([write(tmp_path, ("standing: published", asked), unset)], at=AT)

    page = text(client, reverse("rulebook", args=["sample-providers"]))

    assert "征求意见稿，没有效力；征求意见自 2026年9月1日 至 2026年9月30日（含当日）" in page
    assert '<span class="unset">未确定</span>' in page


def test_attached_text_is_shown_under_its_article_and_never_as_html(client, tmp_path):
    rulebook = load([write(tmp_path)], at=AT)[0].rulebook
    written = "第一段。\n\n- （一）<b>甲</b>。\n- （二）乙。"
    rulebook.texts.create(number="第二条", text=written, source="示例网站", attached_at=AT)

    response = client.get(reverse("rulebook", args=["sample-providers"]))

    page = response.content.decode()
    for said in ("<p>第一段。</p>", "<p>（一）&lt;b&gt;甲&lt;/b&gt;。</p>", "<p>（二）乙。</p>"):
        assert said in page
    assert "来源：示例网站；2026年9月17日 附上" in page
    assert [article.text is None for article in response.context["articles"]] == [True, False]


@pytest.mark.parametrize(
    ("numbers", "items"),
    [
        (["第十五条", "第十五条（三）", "第十五条之一"], {"第十五条（三）"}),
        (["4.6", "4.6.1", "4.60"], {"4.6.1"}),
        (["2.2", "2.2.1", "2.2.10"], {"2.2.1", "2.2.10"}),
        (["4.4", "4.4（末段）"], {"4.4（末段）"}),
        (["二（一）", "二（一）1"], {"二（一）1"}),
        (["二（一）基本条件", "二（一）1", "二（二）某类单位"], {"二（一）1"}),
        (["一（引言）", "一（一）", "通知正文"], set()),
    ],
)
def test_items_stand_under_the_article_their_number_begins_with(numbers, items):
    assert numbering.items(numbers) == items


def test_rulebook_page_shows_the_version_asked_for(client, tmp_path):
    load([write(tmp_path), write(tmp_path, *SECOND, name="second.yaml")], at=AT)
    address = reverse("rulebook", args=["sample-providers"])

    assert client.get(address).context["rulebook"].version == 1
    later = client.get(address, {"version": "2"})
    assert (later.context["rulebook"].version, later.context["standing"].word) == (2, "尚未施行")


@pytest.mark.parametrize("version", ["9", "", "x", "1 or 1", "9" * 400])
def test_rulebook_page_of_no_such_version_is_a_clear_404(client, tmp_path, version):
    load([write(tmp_path)], at=AT)
    response = client.get(reverse("rulebook", args=["sample-providers"]), {"version": version})

    assert response.status_code == 404
    assert "没有这一版规则。已公布的：第 1 版。" in response.content.decode()


def test_draft_is_not_public_and_a_text_for_comment_is_shown_as_one(client, tmp_path):
    load([write(tmp_path, ("standing: published", "standing: draft"))], at=AT)
    address = reverse("rulebook", args=["sample-providers"])
    assert client.get(address).status_code == 404
    assert "还没有公布规则" in text(client, reverse("rulebooks"))

    load([write(tmp_path, ("standing: published", "standing: consultation"))], at=AT)
    assert '<span class="tag is-wait">征求意见稿</span>' in text(client, address)
    assert "征求意见稿，没有效力" in text(client, reverse("rulebooks"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([], "平台按下面的规则办理示例市示例服务商的事项。提要"),
        (
            [("standing: published", "standing: consultation")],
            "这份文本没有效力，平台不据此办理任何事项。提要",
        ),
        (
            [("effective_from: 2025-01-01", "effective_from: 2026-10-01")],
            "从 2026年10月1日 起，平台按下面的规则办理示例市示例服务商的事项；在那以前不据此办理。提要",
        ),
        (
            [("effective_from: 2025-01-01", "effective_from: 2025-01-01\n  effective_to: 2026-09-16")],
            "存档：这一版从 2025年1月1日 到 2026年9月16日（含当日）有效，之后提交的事项不按它办理。提要",
        ),
    ],
)
def test_page_says_what_is_done_by_a_version_as_it_stands(client, tmp_path, changes, said):
    load([write(tmp_path, *changes)], at=AT)
    assert said in text(client, reverse("rulebook", args=["sample-providers"]))


def test_materials_of_one_group_are_not_each_said_to_be_needed(tmp_path):
    one = "{key: form, article: 第二条, label: 申请书, need: always, file_kinds: [pdf], max_megabytes: 20}"
    load([write(tmp_path, (one, one.replace("need: always", "need: always, either_or: papers")))], at=AT)

    assert describe(RequiredMaterial.objects.get()) == "申请书：同组任选其一，PDF，20 MB 以内"


def test_rows_speak_in_the_programmes_own_words(tmp_path):
    own = (
        "  number_prefix: SL\n",
        "  number_prefix: SL\n  partner_term: 联合体企业\n  office_term: 数据局\n",
    )
    one = "{key: form, article: 第二条, label: 申请书, need: always, file_kinds: [pdf], max_megabytes: 20}"
    dimensions = "weights_set_by_office: true\n    dimensions:\n      - {key: d, article: 第二条, label: 进度, source: office}\n"
    open_values = (OPEN_VALUES[0], OPEN_VALUES[1].replace("weights_set_by_office: true\n", dimensions))
    load(
        [write(tmp_path, own, (one, one.replace("need: always", "need: always, per: partner")), open_values)],
        at=AT,
    )

    assert describe(RequiredMaterial.objects.get()) == "申请书：必交，每家联合体企业，PDF，20 MB 以内"
    assert describe(Dimension.objects.get()) == "进度：数据局评"


def test_list_of_rulebooks_costs_the_same_queries_for_one_and_for_three(client, tmp_path):
    counts = []
    for prefix in ("AA", "AB", "AC"):
        changes = (("sample-providers", prefix.lower()), ("number_prefix: SL", f"number_prefix: {prefix}"))
        load([write(tmp_path, *changes, name=f"{prefix}.yaml")], at=AT)
        counts.append(queries(client, reverse("rulebooks")))

    assert counts[0] == counts[2]
    assert len(client.get(reverse("rulebooks")).context["rows"]) == 3


def test_authority_of_a_district_is_not_called_by_the_name_of_the_programmes_own(calendar):
    [loaded] = load([DONGGUAN.with_name("qingdao-empowerment-centers.yaml")], at=AT)
    duty = loaded.rulebook.reportingdutys.get(key="major_change")
    assert "由区市主管部门报，办理之后 30 个工作日" in describe(duty)


def test_correction_of_our_rows_does_not_move_the_day_of_the_law(tmp_path, client):
    load([write(tmp_path)], at=AT)
    wrong = write(tmp_path, ("number: 2", "number: 3"))
    [corrected] = load([wrong], at=AT, correction="次数写错了")

    page = text(client, reverse("rulebook", args=["sample-providers"]))
    assert "2025年1月1日 起施行" in page
    assert "第 2 版（更正）自 2026年9月17日 起：次数写错了" in page
    before = text(client, reverse("rulebook", args=["sample-providers"]) + "?version=1")
    assert "已更正" in before
    assert "2026年9月17日 起由第 2 版更正" in before
    assert corrected.rulebook.version == 2
