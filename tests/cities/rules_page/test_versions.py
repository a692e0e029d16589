"""Which version of which day is shown."""

import pytest
from django.urls import reverse

from cities.models import Dimension, RequiredMaterial
from cities.rulebooks import numbering
from cities.rulebooks.describe import describe
from cities.rulebooks.load import load
from tests.cities.open_rules import OPEN_SPAN, OPEN_VALUES
from tests.cities.rulebook_files import write
from tests.cities.rules_page.page import AT, DONGGUAN, decide, queries, row_of, text
from tests.conftest import at, person

pytestmark = pytest.mark.django_db


SECOND = (("version: 1", "version: 2"), ("effective_from: 2025-01-01", "effective_from: 2026-10-01"))

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
