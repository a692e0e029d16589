"""The whole way of one application, through the pages, as the people on it go it."""

from datetime import timedelta

import pytest

from cases.sweep import sweep
from tests.browser.visitor import Visitor
from tests.conftest import PARTNERS, PDF, at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CODE, PARTNER = PARTNERS["fresh"]
MATERIALS = ("变更申请书", "变更后的合作伙伴名单", "产品和服务目录")
SHOWN, OBJECTED, CLOSED = at("2026-09-28 10:00"), at("2026-09-30 10:00"), at("2026-10-04 00:00")
WORKLIST = "/admin/cases/case/"


def test_a_change_goes_from_its_draft_to_the_new_list(everybody, stopped_clock, provider, clerk, decider):
    applicant = everybody(provider)
    apply(applicant)
    clerk_at_desk = everybody(clerk)
    say_yes_at_the_first_desk(clerk_at_desk)
    approve(everybody(decider))

    stopped_clock(SHOWN)
    open_publicity(clerk_at_desk)
    stopped_clock(OBJECTED - timedelta(minutes=1))
    citizen = everybody()
    read_the_publicity(citizen)
    stopped_clock(OBJECTED)
    receipt = object_to_it(citizen)

    stopped_clock(CLOSED)
    assert sweep(CLOSED).done == []
    see_it_held(citizen)
    dismiss(clerk_at_desk)
    assert sweep(CLOSED).done == ["DG-2026-0001"]

    citizen.go(receipt)
    assert citizen.heading == "异议已处理：不成立"
    read_the_new_list_and_the_old(citizen)
    applicant.go("/my/")
    assert "变更合作伙伴、产品和服务目录 DG-2026-0001 已发布 10月4日" in applicant.text
    read_the_letters(applicant)


def apply(me: Visitor) -> None:
    assert "申请变更 还可 2 次 不超过 2 次，已用 0 次" in me.text
    assert me.overflow() == 0
    me.press("开始申请")
    assert me.heading == "申请变更合作伙伴、产品和服务目录"
    add_partner(me)
    me.fill({"变更的具体原因": "补充工艺软件能力"})
    for label in MATERIALS:
        me.upload(f"选择{label}", f"{label}.pdf")
    me.press("上传所选文件并保存")
    assert [label for label in MATERIALS if f"{label}.pdf {len(PDF)} B" not in me.text] == []
    assert me.overflow() == 0
    me.tick("所填内容和所附材料真实")
    me.press("提交申请")
    assert "受理回执 事项编号 DG-2026-0001 提交时间 2026年9月17日 10:32:00 提交人 陈办事" in me.text
    assert me.overflow() == 0


def read_the_letters(me: Visitor) -> None:
    me.go("/my/letters/")
    assert me.heading == "6 封未读"
    assert me.overflow() == 0
    me.follow("DG-2026-0001 收到异议，暂缓办理")
    assert "公示期 2026年9月29日 至 2026年10月3日 24:00 不变" in me.text
    assert "王异议" not in me.text
    assert me.overflow() == 0
    me.follow("查看这件")
    assert me.heading == "变更合作伙伴、产品和服务目录：已发布"
    assert me.overflow() == 0
    me.go("/my/letters/")
    assert me.heading == "5 封未读"


def add_partner(me: Visitor) -> None:
    me.press("新增合作伙伴")
    me.choose("行业", "智能移动终端")
    me.fill({"统一社会信用代码": CODE, "单位全称": PARTNER})
    me.press("先查一查")
    assert f"{PARTNER}在智能移动终端行业变更后是 1 家牵引单位的合作伙伴，不超过 2 家" in me.text
    assert me.overflow() == 0
    me.press("加入变更")
    assert f"智能移动终端 {PARTNER} {CODE} 新增合作伙伴" in me.text


def say_yes_at_the_first_desk(me: Visitor) -> None:
    assert me.heading == "待办 1 件"
    me.follow("变更合作伙伴")
    for _ in MATERIALS:
        me.press("章已核")
    me.tick("同意，报审定")
    me.press("提交意见")
    assert "经办审核：同意，报审定。DG-2026-0001 现在在“审定”。" in me.text


def approve(me: Visitor) -> None:
    assert me.heading == "待办 1 件"
    me.follow("变更合作伙伴")
    me.tick("同意，拟批复变更")
    me.press("提交意见")
    assert "审定：同意，拟批复变更。DG-2026-0001 现在在“公示”。" in me.text


def open_publicity(me: Visitor) -> None:
    me.go(WORKLIST)
    me.follow("变更合作伙伴")
    assert "现在开始，公示 9月29日 至 10月3日 24:00" in me.text
    me.press("开始公示")
    assert "已开始公示，编号 DG-GS-2026-0001，2026年9月29日 至 2026年10月3日 24:00。" in me.text


def read_the_publicity(me: Visitor) -> None:
    for address, heading in (
        ("/", "正在公示 1 批，最先截止的一批 10月3日 24:00 截止"),
        ("/publicity/", "正在公示 1 批，10月3日 24:00 截止"),
    ):
        me.go(address)
        assert me.heading == heading
        assert "9月29日 至 10月3日 24:00 还有 3 天" in me.text
        assert me.overflow() == 0
    me.follow("变更公示")
    assert "公示时间：2026年9月29日至2026年10月3日 24:00，共 5 天。" in me.text
    assert [" ".join(day.split()) for day in me.main.locator(".days li").all_inner_texts()] == [
        "9月28日 周一 不计 起算当日",
        "9月29日 周二 第 1 天",
        "9月30日 周三 第 2 天",
        "10月1日 周四节 ，节假日 第 3 天 国庆节，照计",
        "10月2日 周五节 ，节假日 第 4 天 国庆节，照计",
        "10月3日 周六节 ，节假日 第 5 天 国庆节，照计，24:00 截止",
    ]
    assert f"智能移动终端 无 ＋ 新增 {PARTNER}" in me.text
    assert me.overflow() == 0


def object_to_it(me: Visitor) -> str:
    """The address of the receipt."""
    me.tick("个人")
    me.fill(
        {
            "姓名或单位全称": "王异议",
            "电话或邮箱": "13800001111",
            "事实与理由": "该企业 2026年8月 已停止经营，不能再作合作伙伴。",
        }
    )
    me.press("提交异议")
    assert me.heading == "异议已收到"
    assert "回执编号 DG-YY-2026-0001 查询码 " in me.text
    assert "提交时间 2026年9月30日 10:00:00" in me.text
    assert "王异议" not in me.text
    assert me.overflow() == 0
    return me.page.url


def see_it_held(me: Visitor) -> None:
    me.go("/publicity/")
    assert "已结束，还没有发布 1 批" in me.text
    assert me.overflow() == 0
    me.follow("变更公示")
    assert "本件有 1 条异议，还没有决定是否受理。 公示已结束。只暂缓本件，处理完以前不发布。" in me.text
    assert me.main.get_by_role("button", name="提交异议").count() == 0
    assert me.overflow() == 0


def dismiss(me: Visitor) -> None:
    me.go(WORKLIST)
    assert "异议待处理" in me.text
    me.follow("变更合作伙伴")
    me.follow("异议 DG-YY-2026-0001")
    assert me.overflow() == 0
    me.press("受理")
    me.fill({"核实情况": "看了社保记录和合同。"})
    me.press("登记核实")
    me.tick("不成立")
    me.fill({"处理意见": "经核实，该企业仍在经营。"})
    me.press("作出结论")
    assert "异议 DG-YY-2026-0001 不成立，DG-2026-0001 公示期满后继续办理。" in me.text
    me.tick("电话")
    me.fill({"告知日期": "2026-10-04"})
    me.press("登记告知")
    assert "告知提出人 2026年10月4日，电话" in me.text


def read_the_new_list_and_the_old(me: Visitor) -> None:
    me.go("/lists/")
    assert me.overflow() == 0
    me.follow("牵引单位")
    assert "现行 第 2 版，2026年10月4日 00:00 起" in me.text
    assert f"智能移动终端 2 家 {PARTNER}" in me.text
    assert me.overflow() == 0
    me.fill({"查看哪一天的名单": "2026-10-03"})
    me.press("查看当日名单")
    assert "这是 2026年10月3日 24:00 时的名单。" in me.text
    assert "智能移动终端 1 家 样例云服务有限公司" in me.text
    assert PARTNER not in me.text
    assert me.overflow() == 0
    me.follow("第 2 版")
    me.follow("第 2 版改了什么")
    assert f"新增 {PARTNER}" in me.text
    assert me.overflow() == 0
