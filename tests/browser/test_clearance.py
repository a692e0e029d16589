"""From a ground that somebody found to the document that anybody can verify, through the pages."""

from typing import Any

import pytest
from playwright.sync_api import expect

from cases.sweep import sweep
from notices import loading
from notices.models import Notice
from tests.browser.visitor import Visitor
from tests.conftest import NOW, UNITS
from tests.notices.conftest import FILE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

UNIT = UNITS["first"][1]
FACTS, EVIDENCE = "所附合同经核对并不存在", "核对了合同原件"


def test_a_ground_goes_from_the_clerk_to_the_citizen_who_verifies_the_notice(
    everybody: Any,
    stopped_clock: Any,
    registration: Any,
    provider: Any,
    clerk: Any,
    decider: Any,
):
    stopped_clock(NOW)
    loading.load(FILE, at=NOW)
    desk = everybody(clerk)
    enter_the_ground(desk)
    open_the_case(desk)
    decides = everybody(decider)
    hear(decides)
    state(everybody(provider))
    clear(decides)
    sweep(NOW)
    notice = Notice.objects.get(kind="clearance")
    verify(everybody(), notice)


def enter_the_ground(me: Visitor) -> None:
    me.go("/admin/clearance/measure/")
    me.follow("登记情形")
    me.page.get_by_placeholder("单位或其合作伙伴的名称、代码").fill(UNIT)
    me.press("找单位")
    me.follow(UNIT)
    me.choose("哪一种情形", "材料造假或弄虚作假（第十条（五），应当）")
    me.fill({"依据": EVIDENCE})
    assert me.overflow() == 0
    me.press("登记")
    assert EVIDENCE in me.text


def open_the_case(me: Visitor) -> None:
    me.follow("立案：清退")
    me.press("立案：清退")
    assert me.overflow() == 0
    me.fill({"事实和理由": FACTS})
    me.press("提交")
    assert "已提交 DG-2026-0001，现在在“决定是否清退”。" in me.text
    assert me.overflow() == 0


def hear(me: Visitor) -> None:
    me.go("/admin/cases/case/")
    me.follow("清退")
    me.tick("先听取陈述")
    me.page.get_by_role("textbox", name="到哪一天").fill("2026-09-24")
    me.press("提交意见")
    assert "现在在“听取陈述”" in me.text


def state(me: Visitor) -> None:
    assert "要您办的 1 件" in me.heading
    assert me.overflow() == 0
    me.follow("去确认收到")
    assert FACTS not in me.text
    me.press("确认收到并查看")
    assert FACTS in me.text
    assert EVIDENCE not in me.text
    me.go("/my/")
    me.follow("去答复")
    assert me.overflow() == 0
    me.fill({"答复": "合同由前任经办人所附。"})
    me.press("提交")
    expect(me.main).to_contain_text("已陈述")


def clear(me: Visitor) -> None:
    me.go("/admin/cases/case/")
    me.follow("清退")
    assert "合同由前任经办人所附。" in me.text
    me.tick("予以清退")
    me.fill({"意见": "情形属实"})
    me.press("提交意见")
    assert "现在在“公告”" in me.text


def verify(me: Visitor, notice: Notice) -> None:
    me.go(f"/notices/{notice.code}/")
    assert UNIT in me.text
    assert FACTS in me.text
    assert EVIDENCE not in me.text
    assert me.overflow() == 0
    me.go("/verify/")
    me.page.get_by_role("textbox", name="查验码").fill(notice.code)
    me.press("查验")
    assert notice.title in me.text
    assert me.overflow() == 0
    me.go("/lists/")
    me.follow("牵引单位")
    assert f"{UNIT}：移出 1 家" in me.text
