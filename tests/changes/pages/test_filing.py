"""Filing, filing again, and on paper."""

import pytest
from django.urls import reverse

from cases import engine, kinds, paper, steps
from cases.models import Case
from providers.models import Organisation
from tests.changes.conftest import Page, every_material, text
from tests.changes.pages.typed import FRESH, operations
from tests.conftest import NOW, PARTNERS, UNITS, at

pytestmark = pytest.mark.django_db


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
        submitted_case, "return", by=clerk, at=NOW, opinion="补股东会决议", named_day=at("2026-09-22").date()
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
