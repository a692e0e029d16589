"""An application being written: its page and its operations."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cities.models import Limit
from tests.changes.conftest import text
from tests.changes.pages.typed import FRESH, operations
from tests.conftest import NOW, PARTNERS, UNITS

pytestmark = pytest.mark.django_db


CLOUD = f"smart-terminals:{PARTNERS['cloud'][0]}"

ITEM = {"item_code": "P-0012", "item_name": "轻量 MES", "item_price": "36,000 元／年"}

WRONG_DIGIT = "91990001MAQ0003971"


def test_empty_draft_tells_what_is_left_the_next_day_and_the_partners_now(page):
    said = text(page.read())
    assert "申请变更 还可 2 次" in said
    assert "下一次申请现在就可以" in said
    assert "合作伙伴现在 1 家" in said
    assert "原则上不超过 10 家" in said
    assert "第十六条" in said


def test_page_follows_the_row(page):
    Limit.objects.filter(measure="changes_per_window", procedure_key="partner_change").update(number=3)
    assert "申请变更 还可 3 次" in text(page.read())


def test_draft_begun_under_an_earlier_version_says_that_there_is_a_newer(page, programme, draft):
    old = draft.procedure.rulebook
    programme.rulebooks.filter(pk=old.pk).update(effective_to=NOW.date() - timedelta(days=1))
    newer = programme.rulebooks.create(
        version=2,
        title=old.title,
        short_title=old.short_title,
        effective_from=NOW.date(),
    )
    newer.procedures.create(
        key="partner_change",
        kind="partner_change",
        title="变更",
        article=newer.articles.create(number="第九条"),
    )
    newer.standing = "published"
    newer.save()
    said = text(page.read())
    draft.refresh_from_db()
    assert "规则有了新版本，这份草稿改按新版本查验" in said
    assert draft.procedure.rulebook == newer


@pytest.mark.parametrize(
    ("industry", "partner", "states"),
    [("food-beverage", "shared", ["pass"] * 3), ("smart-terminals", "fresh", ["pass"] * 3)],
)
def test_look_tells_both_hard_limits_and_adds_nothing(page, draft, industry, partner, states):
    code, name = PARTNERS[partner]
    response = page.add("add_partner", "look", industry=industry, partner_code=code, partner_name=name)
    assert [check.state for check in response.context["found"]] == states
    assert f'value="{code}"' in response.content.decode()
    assert operations(draft) == []


def test_look_tells_a_unit_that_is_listed_itself(page):
    code, name = UNITS["second"]
    response = page.add("add_partner", "look", industry="food-beverage", partner_code=code, partner_name=name)
    said = text(response)
    assert "范例数字科技有限公司本身在牵引单位名单内，牵引单位不得作为其他牵引单位的合作伙伴" in said
    assert [check.state for check in response.context["found"]] == ["pass", "fail", "pass"]


def test_look_tells_who_stands_in_front_when_two_units_are_reached(page):
    Limit.objects.filter(measure="registrations_per_partner").update(number=1)
    code, name = PARTNERS["shared"]
    response = page.add("add_partner", "look", industry="food-beverage", partner_code=code, partner_name=name)
    said = text(response)
    assert "不能新增虚构视觉检测技术有限公司：在食品饮料行业已是 1 家牵引单位的合作伙伴，不超过 1 家" in said
    assert "现在：范例数字科技有限公司" in said
    assert "第十六条" in said


def test_partner_is_added_ended_and_replaced(page, draft):
    fresh, cloud, other = (PARTNERS[key][0] for key in ("fresh", "cloud", "other"))
    page.add("add_partner", **FRESH)
    page.add("end_partner", leaving=CLOUD, note="自愿退出")
    joining = {"partner_code": other, "partner_name": PARTNERS["other"][1]}
    page.add("replace_partner", leaving=f"smart-terminals:{fresh}", note="已停业", **joining)
    assert operations(draft) == [
        ("add_partner", fresh, "", ""),
        ("end_partner", "", cloud, ""),
        ("replace_partner", other, fresh, ""),
    ]


def test_replacing_tells_why_one_leaves_and_why_the_code_of_the_other_is_right(page, draft):
    typed = {"leaving": CLOUD, "partner_code": WRONG_DIGIT, "partner_name": "样板工艺软件有限公司"}
    refused = text(page.add("replace_partner", **typed))
    assert "写退出的原因" in refused
    assert "校验位不符" in refused
    page.add("replace_partner", **typed, note="已停业", code_note="与营业执照一致")
    assert draft.partner_change.operations.get().note == "已停业（新单位信用代码校验位不符：与营业执照一致）"


def test_items_are_added_edited_and_ended(page, draft):
    page.add("add_item", item_code="P-0031", item_name="排产", item_price="1 元", item_summary="")
    page.add("edit_item", **{**ITEM, "item_price": "30,000 元／年"})
    page.add("end_item", item_code="P-0031", note="不再提供")
    assert operations(draft) == [
        ("add_item", "", "", "P-0031"),
        ("edit_item", "", "", "P-0012"),
        ("end_item", "", "", "P-0031"),
    ]
    assert "30,000 元／年" in text(page.read())


def test_editing_begins_with_what_the_item_says_now(page, client, draft):
    url = reverse("change_operation", args=[draft.pk, "edit_item"])
    assert "先选一项" in text(client.get(url))
    chosen = client.get(url, {"item_code": "P-0012"})
    assert chosen.context["form"].initial["item_price"] == "36,000 元／年"
    assert 'value="36,000 元／年"' in chosen.content.decode()


def test_editing_nothing_is_refused(page, draft):
    response = page.add("edit_item", **ITEM)
    assert response.status_code == 422
    assert "和现在的内容一样，没有调整" in text(response)
    assert operations(draft) == []


def test_ending_where_there_is_nothing_says_so(page, client, draft):
    page.add("end_item", item_code="P-0012", note="不再提供")
    url = reverse("change_operation", args=[draft.pk, "end_item"])
    assert "目录里现在没有产品和服务可以停用" in text(client.get(url))


def test_operation_is_taken_back(page, draft):
    page.add("add_partner", **FRESH)
    operation = draft.partner_change.operations.get()
    page.press(f"remove-{operation.pk}", reason="先写原因")
    draft.partner_change.refresh_from_db()
    assert (operations(draft), draft.partner_change.reason) == ([], "先写原因")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"partner_code": "123"}, "18 位"),
        ({"partner_code": "9" * 400}, "统一社会信用代码是 18 位，现在 400 位"),
        ({"partner_code": "91990001MAI000397B"}, "I"),
        ({"partner_code": WRONG_DIGIT}, f"{WRONG_DIGIT} 的校验位不符"),
        ({"partner_name": ""}, "写合作伙伴的单位全称"),
        ({"partner_name": "长" * 121}, "单位全称最多 120 字，现在 121 字"),
        ({"industry": ""}, "选一个行业"),
        ({"industry": "textile-apparel"}, "从列出的里面选"),
        ({"code_note": "长" * 81}, "说明最多 80 字，现在 81 字"),
        (
            {"partner_code": PARTNERS["cloud"][0], "partner_name": "样例云服务有限公司"},
            "已经是智能移动终端的合作伙伴，不能再新增",
        ),
    ],
)
def test_wrong_candidate_is_refused_with_a_sentence_and_kept_as_typed(page, draft, typed, said):
    response = page.add("add_partner", **{**FRESH, **typed})
    assert response.status_code == 422
    assert said in text(response)
    field, value = next(iter(typed.items()))
    assert response.context["form"][field].value() == value
    assert operations(draft) == []


def test_wrong_check_digit_goes_in_with_its_reason(page, draft):
    response = page.add(
        "add_partner", **{**FRESH, "partner_code": WRONG_DIGIT, "code_note": "与营业执照核对无误"}
    )
    assert response.status_code == 302
    row = draft.partner_change.operations.get()
    assert (row.partner_code, row.note) == (WRONG_DIGIT, "与营业执照核对无误")


@pytest.mark.parametrize(
    ("action", "typed", "said"),
    [
        ("end_partner", {}, "选一家退出的合作伙伴"),
        ("end_partner", {"leaving": "nonsense", "note": "x"}, "从列出的里面选"),
        ("end_partner", {"leaving": CLOUD}, "写退出的原因"),
        ("end_item", {"item_code": "P-9999", "note": "x"}, "从列出的里面选"),
        ("add_item", {"item_code": "P-0012", "item_name": "又一个"}, "目录里已有编码 P-0012，不能再新增"),
        ("add_item", {"item_code": "长" * 31, "item_name": "名"}, "编码最多 30 字，现在 31 字"),
        ("add_item", {}, "写编码"),
        ("edit_item", {**ITEM, "item_summary": "长" * 301}, "说明最多 300 字，现在 301 字"),
    ],
)
def test_wrong_operation_is_refused_with_a_sentence(page, draft, action, typed, said):
    response = page.add(action, **typed)
    assert response.status_code == 422
    assert said in text(response)
    assert operations(draft) == []


def test_same_partner_twice_in_one_change_is_refused(page, draft):
    page.add("add_partner", **FRESH)
    assert "不能再新增" in text(page.add("add_partner", **FRESH))
    assert len(operations(draft)) == 1


@pytest.mark.parametrize("pk", ["not-an-id", "0c6f6d2e-8f5b-4a39-9d58-0d1f6c1a7b11"])
def test_application_that_is_not_there(client, provider, pk):
    client.force_login(provider)
    assert client.get(f"/changes/{pk}/").status_code == 404


@pytest.mark.parametrize("action", ["nothing", "ADD_PARTNER", "add_partner;"])
def test_unknown_action_is_not_found(client, page, draft, action):
    assert client.get(f"/changes/{draft.pk}/operations/{action}/").status_code == 404
