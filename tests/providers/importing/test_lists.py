"""A list becomes an edition, once."""

from datetime import date

import pytest

from providers import importing, queries, registry
from providers.models import ListEdition, Organisation, Registration
from providers.operations import ListOperation
from records.models import Event
from tests.providers.codes import code
from tests.providers.importing.workbook import AT, PARTNER_ROWS, UNIT_ROWS, row


def test_list_becomes_edition_one(ruled, make):
    plan = importing.read(make(), ruled, at=AT)
    edition, is_new = importing.carry_out(plan, at=AT, by=None)

    unit = Registration.objects.get(organisation__credit_code=code(1))
    assert (edition.number, is_new, edition.published_at) == (1, True, AT)
    assert edition.counts == {"units": 2, "partners": 3, "items": 2, "industries": {"food": 2, "textile": 1}}
    assert unit.entered_on == date(2025, 12, 15)
    assert unit.organisation.profiles.get().place == "示例市"
    assert [(row["industry"], row["code"]) for row in queries.snapshot(unit, AT)["partners"]] == [
        ("food", code(101)),
        ("textile", code(101)),
    ]
    assert Event.objects.get().verb == "import_list"


def test_every_row_has_its_line(ruled, make):
    plan = importing.read(make(), ruled, at=AT)

    assert plan.problems == []
    assert [str(line) for line in plan.lines] == [
        f"单位 第 2 行：新增 示例智造科技有限公司（{code(1)}），牵引单位 · 食品饮料",
        f"单位 第 3 行：新增 示例智造科技有限公司（{code(1)}），牵引单位 · 纺织服装",
        f"单位 第 4 行：新增 范例数字科技有限公司（{code(2)}），牵引单位 · 食品饮料",
        f"合作伙伴 第 2 行：新增 示例智造科技有限公司 · 食品饮料：样例物联技术有限公司（{code(101)}）",
        f"合作伙伴 第 3 行：新增 示例智造科技有限公司 · 纺织服装：样例物联技术有限公司（{code(101)}）",
        f"合作伙伴 第 4 行：新增 范例数字科技有限公司 · 食品饮料：假想冷链数据有限公司（{code(102)}）",
        "目录 第 2 行：新增 示例智造科技有限公司：P-01 排产软件",
        "目录 第 3 行：新增 范例数字科技有限公司：P-01 质检软件",
    ]


def test_same_file_twice_changes_nothing(ruled, make):
    first, _ = importing.carry_out(importing.read(make(), ruled, at=AT), at=AT, by=None)
    history = Organisation.history.count()
    shuffled = make(units=UNIT_ROWS[::-1], partners=PARTNER_ROWS[::-1])
    second, is_new = importing.carry_out(importing.read(shuffled, ruled, at=AT), at=AT, by=None)

    assert (second, is_new) == (first, False)
    assert ListEdition.objects.count() == 1
    assert Organisation.history.count() == history
    assert Event.objects.count() == 1


def test_same_file_after_a_change_still_changes_nothing(ruled, make):
    path = make()
    importing.carry_out(importing.read(path, ruled, at=AT), at=AT, by=None)
    unit = Registration.objects.get(organisation__credit_code=code(1))
    drop = ListOperation("end_item", item_code="P-01")
    registry.publish(registry.lock(ruled), unit, [drop], at=AT, kind=ListEdition.Kind.CHANGE)

    assert importing.carry_out(importing.read(path, ruled, at=AT), at=AT, by=None)[1] is False
    assert ListEdition.objects.count() == 2


def test_another_file_is_refused_with_the_differences(ruled, make):
    importing.carry_out(importing.read(make(), ruled, at=AT), at=AT, by=None)
    other = make(
        "other.xlsx",
        units=[
            *row(UNIT_ROWS[:2], 0, _5=date(2025, 12, 14))[:1],
            [code(3), "样本有限公司", None, "牵引单位", "食品饮料", date(2026, 1, 1)],
        ],
        partners=[[code(1), "食品饮料", code(103), "虚构视觉检测有限公司"]],
        items=[[code(1), "P-01", "排产软件", "29,800 元／年", "面向小微企业"]],
    )
    with pytest.raises(importing.ImportRefused, match="已有名单，和文件不同，什么都没有写入") as refusal:
        importing.carry_out(importing.read(other, ruled, at=AT), at=AT, by=None)

    whose = f"示例智造科技有限公司（{code(1)}）"
    assert refusal.value.lines == sorted(
        [
            f"{whose}入库日期：名单是2025年12月15日，文件是2025年12月14日",
            f"{whose}文件缺少：纺织服装",
            f"{whose}食品饮料 － {code(101)} 样例物联技术有限公司",
            f"{whose}食品饮料 ＋ {code(103)} 虚构视觉检测有限公司",
            f"{whose}纺织服装 － {code(101)} 样例物联技术有限公司",
            f"{whose}目录 ～ P-01 排产软件",
            f"范例数字科技有限公司（{code(2)}）在名单里，文件里没有",
            f"样本有限公司（{code(3)}）在文件里，名单里没有",
        ],
        key=refusal.value.lines.index,
    )
    assert ListEdition.objects.count() == 1
    assert not Organisation.objects.filter(credit_code=code(3)).exists()


def test_difference_that_no_line_tells_is_still_refused(ruled, make):
    importing.carry_out(importing.read(make(), ruled, at=AT), at=AT, by=None)
    plan = importing.read(make("other.xlsx", units=row(UNIT_ROWS, 2, _2="别的市")), ruled, at=AT)

    assert importing.obstacles(plan, at=AT) == ["登记地、类别或名称的写法与第 1 版导入时不同"]
