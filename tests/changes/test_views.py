"""The provider's form, from an empty draft to a receipt."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cases import engine, kinds, paper, steps
from cases.models import Case
from changes.models import Operation
from cities.models import Limit
from providers.models import Organisation
from records.models import StoredFile
from tests.changes.conftest import Page, every_material, text, upload
from tests.conftest import NOW, PARTNERS, UNITS, at

pytestmark = pytest.mark.django_db

FRESH = {
    "industry": "smart-terminals",
    "partner_code": PARTNERS["fresh"][0],
    "partner_name": PARTNERS["fresh"][1],
}
CLOUD = f"smart-terminals:{PARTNERS['cloud'][0]}"
ITEM = {"item_code": "P-0012", "item_name": "轻量 MES", "item_price": "36,000 元／年"}
WRONG_DIGIT = "91990001MAQ0003971"


def operations(case):
    return list(
        case.partner_change.operations.values_list("action", "partner_code", "leaving_code", "item_code")
    )


# Before a word is typed


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


# Candidates


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


# Partners and items


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


# Bad input


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


def test_removing_what_another_window_removed_says_so_and_keeps_the_words(page, draft):
    page.press("remove-999999", reason="打了很久的字")
    assert "这一项已经不在变更里" in text(page.read())
    draft.partner_change.refresh_from_db()
    assert draft.partner_change.reason == "打了很久的字"


@pytest.mark.parametrize("do", ["remove-", "remove-x", "remove-²"])
def test_removing_what_is_not_there_is_not_found_and_keeps_the_words(page, draft, do):
    assert page.press(do, reason="打了很久的字").status_code == 404
    draft.partner_change.refresh_from_db()
    assert draft.partner_change.reason == "打了很久的字"


def test_operation_of_another_case_is_not_removed(page, draft, apply, second, stranger):
    other = apply(second, stranger).partner_change.operations.get()
    page.press(f"remove-{other.pk}")
    assert Operation.objects.filter(pk=other.pk).exists()


def test_huge_text_is_refused_and_given_back_while_uploads_are_kept(page, draft):
    response = page.press("submit", reason="长" * 3001, **{"material-application": upload()})
    assert response.status_code == 422
    assert "变更原因最多 3000 字，现在 3001 字" in text(response)
    assert "长" * 3001 in response.content.decode()
    assert draft.materials.get().key == "application"


# Keeping the draft


@pytest.mark.parametrize(
    "do", ["save", "submit", "add_partner", "end_item", "remove-1", "", "no-such-button"]
)
def test_every_button_keeps_what_was_typed_and_uploaded(page, draft, do):
    page.press(do, reason="补充能力", explanation="急用", truthful="on", **{"material-catalogue": upload()})
    change = draft.partner_change
    change.refresh_from_db()
    assert (change.reason, change.explanation, change.truthful) == ("补充能力", "急用", True)
    assert draft.materials.get().key == "catalogue"


def test_discarded_draft_is_gone(page, client, draft):
    assert page.press("discard").url == reverse("my")
    assert engine.load(draft.pk).result == Case.Result.DISCARDED
    assert client.get(reverse("case", args=[draft.pk])).status_code == 404
    assert "变更" not in str(client.get(reverse("my")).context["todo"])


# Materials


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (upload(b"<html>", "盖章件.pdf"), "盖章件.pdf 的内容不是 PDF、JPG、PNG"),
        (upload(b""), "盖章件.pdf 是空文件"),
        (upload(b"%PDF-" + b"0" * (20 * 1024 * 1024)), "最大 20 MB"),
    ],
)
def test_wrong_file_is_refused_and_the_good_ones_stay(page, draft, wrong, said):
    response = page.press(
        "save", reason="补充能力", **{"material-application": wrong, "material-catalogue": upload()}
    )
    assert response.status_code == 422
    assert said in text(response)
    assert "有 1 个文件没有收下，其余已保存" in text(response)
    assert [material.key for material in draft.materials.all()] == ["catalogue"]
    assert StoredFile.objects.count() == 1
    draft.partner_change.refresh_from_db()
    assert draft.partner_change.reason == "补充能力"


def test_file_for_no_row_is_not_kept(page):
    page.press("save", **{"material-anything": upload()})
    assert StoredFile.objects.count() == 0


def test_replaced_file_stays_on_record(page, draft):
    page.press("save", **{"material-catalogue": upload(name="一.pdf")})
    page.press("save", **{"material-catalogue": upload(name="二.pdf")})
    rows = draft.materials.order_by("pk").values_list("file__name", "replaced_at")
    assert list(rows) == [("一.pdf", NOW), ("二.pdf", None)]


# Submitting


def test_all_errors_come_at_once_each_with_its_article(page):
    response = page.press("submit")
    assert response.status_code == 422
    said = [row["text"] for row in response.context["problems"]]
    assert said == [
        "至少写一项变更：合作伙伴或产品和服务目录（第十五条）",
        "写明变更的具体原因，不能留空（第十五条（一））",
        "勾选真实性承诺",
        "上传变更申请书（盖章）（第十五条（一））",
        "上传变更后的合作伙伴名单（盖章）（第十五条（一））",
        "上传产品和服务目录（盖章）（第十五条（一））",
    ]
    for row in response.context["problems"]:
        assert f'id="{row["href"][1:]}"' in response.content.decode()


def test_filing_answers_with_number_and_time_to_the_second(page, client, draft, stopped_clock):
    page.add("add_partner", **FRESH)
    stopped_clock(at("2026-09-17 10:32:08"))
    response = page.press("submit", reason="补充能力", truthful="on", **every_material())
    receipt = text(client.get(response.url))
    assert "已提交，编号 DG-2026-0001" in receipt
    assert "提交时间2026年9月17日 10:32:08" in receipt


def test_third_application_of_the_year_is_refused(page, client, draft, apply, registration, provider):
    page.press("discard")
    for month in ("03", "06"):
        moment = at(f"2026-{month}-02 09:00")
        earlier = steps.submit(apply(registration, provider, moment=moment), by=provider, at=moment)
        steps.withdraw(earlier, by=provider, at=moment, reason="改主意")
    third = Page(client, apply(registration, provider))
    assert "申请变更 还可 0 次" in text(third.read())
    response = third.press("submit", reason="补充能力", truthful="on")
    assert response.status_code == 422
    assert "2026 年第 3 次申请，不超过 2 次" in text(response)
    assert engine.load(third.case.pk).status == Case.Status.DRAFT


def test_post_after_submission_changes_nothing_and_says_so(page, client, submitted_case, stopped_clock):
    late = Page(client, submitted_case)
    response = late.press("save", reason="另一个原因")
    assert "DG-2026-0001 已经提交，不能再改" in text(client.get(response.url))
    response = late.add("add_partner", **{**FRESH, "partner_code": PARTNERS["other"][0]})
    assert "不能再改" in text(client.get(response.url))
    submitted_case.partner_change.refresh_from_db()
    assert submitted_case.partner_change.reason == "补充能力"
    assert len(operations(submitted_case)) == 1


def test_sent_back_application_is_corrected_under_its_number(page, client, submitted_case, clerk):
    steps.decide(
        submitted_case, "return", by=clerk, at=NOW, opinion="补股东会决议", correct_by=at("2026-09-22").date()
    )
    back = Page(client, engine.load(submitted_case.pk))
    assert "退回补正：补股东会决议" in text(back.read())
    response = back.press("submit", reason="补充能力，附决议", truthful="on")
    assert response.url == reverse("case", args=[submitted_case.pk])
    case = engine.load(submitted_case.pk)
    assert (case.number, case.submission["reason"]) == ("DG-2026-0001", "补充能力，附决议")


def test_list_to_be_sealed_is_the_list_after_the_change(page, client, draft):
    page.add("add_partner", **FRESH)
    said = text(client.get(reverse("change_print", args=[draft.pk])))
    assert "示例智造科技有限公司变更后的合作伙伴名单、产品和服务目录" in said
    assert PARTNERS["fresh"][1] in said
    assert PARTNERS["cloud"][1] in said


# Paper


def test_clerk_files_from_paper_through_the_same_pages(
    client, clerk, procedure, registration, provider, stopped_clock
):
    case = paper.begin(registration, procedure, at("2026-09-10").date(), by=clerk, at=NOW)
    client.force_login(clerk)
    desk = Page(client, case)
    assert "材料 2026年9月10日 收到" in text(desk.read())
    desk.add("add_partner", **FRESH)
    response = desk.press("submit", reason="补充能力", truthful="on", **every_material())
    receipt = text(client.get(response.url))
    assert "DG-2026-0001" in receipt
    assert "2026年9月10日 收到" in receipt
    case = engine.load(case.pk)
    assert (case.filed_on, case.submitted_by, case.channel) == (at("2026-09-10").date(), clerk, "paper")


def test_unit_does_not_touch_the_paper_draft_and_is_told_of_it(
    client, clerk, procedure, registration, provider, stopped_clock
):
    case = paper.begin(registration, procedure, at("2026-09-10").date(), by=clerk, at=NOW)
    client.force_login(provider)
    assert Page(client, case).read().status_code == 404
    response = client.post(reverse("apply", args=[registration.pk, "partner_change"]), follow=True)
    assert "工作人员正在录入您单位的纸质申请" in text(response)


# What two windows, a wrong name and a rule that ended do


def test_words_of_another_window_are_not_overwritten_without_a_word(page, draft):
    opened = page.read().context["seen"]
    page.press("save", reason="甲窗口写的", seen=opened)

    response = page.press("save", explanation="乙窗口写的", seen=opened)

    draft.partner_change.refresh_from_db()
    assert (response.status_code, draft.partner_change.reason) == (409, "甲窗口写的")
    assert "刚被他人或在别处改过" in text(response)
    assert "甲窗口写的" in response.content.decode()
    assert "乙窗口写的" in response.content.decode()
    assert page.press("save", explanation="乙窗口写的", seen=response.context["seen"]).status_code == 302


def test_known_code_under_another_name_is_refused_with_the_name_on_record(page, draft, edition):
    code, name = PARTNERS["shared"]

    response = page.add("add_partner", industry="food-beverage", partner_code=code, partner_name="冒名公司")

    assert response.status_code == 422
    assert f"{code} 登记的名称是“{name}”" in text(response)
    assert draft.partner_change.operations.count() == 0


def test_name_that_became_known_otherwise_meanwhile_is_found_by_the_state_check(
    apply, registration, provider
):
    case = apply(registration, provider)
    code, name = PARTNERS["fresh"]
    Organisation.objects.create(credit_code=code, name="另一个名称")

    check = next(check for check in kinds.of(case).state_checks(case, at=NOW) if check.key == "fits")

    assert (check.state, check.message) == ("fail", f"{code} 登记的名称是“另一个名称”，不是“{name}”")


def test_candidate_that_must_not_be_a_partner_is_not_taken_into_the_draft(page, draft):
    code, name = UNITS["second"]

    response = page.add("add_partner", industry="food-beverage", partner_code=code, partner_name=name)

    assert response.status_code == 422
    assert "不得作为其他牵引单位的合作伙伴（第十六条）。换一家" in text(response)
    assert draft.partner_change.operations.count() == 0


def test_submission_without_a_rulebook_in_force_says_why(page, draft, apply, registration, provider):
    apply(registration, provider)
    draft.programme.rulebooks.update(effective_to="2026-09-16")

    response = page.press("submit", reason="原因", truthful="on")

    assert response.status_code == 422
    assert "现在没有施行中的规则，不受理" in text(response)


@pytest.mark.parametrize(
    ("typed", "what"), [("联系13800138000", "手机号码"), ("110101199003074514 张某", "身份证号码")]
)
def test_personal_numbers_are_refused_in_what_will_be_shown(page, draft, typed, what):
    response = page.press("save", reason=typed)

    assert response.status_code == 422
    assert f"不能有{what}" in text(response)
    assert typed in response.content.decode()
