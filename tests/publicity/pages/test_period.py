"""The page of one publicity."""

import pytest

from cases.sweep import sweep
from publicity import steps
from tests.publicity.conftest import CONTACT, OBJECTOR, what
from tests.publicity.pages.moments import DURING, LAST_SECOND, OVER, text

pytestmark = pytest.mark.django_db


def test_period_says_both_dates_and_why_it_ends_then(page):
    said = text(page(DURING))
    assert "公示时间：2026年9月29日至2026年10月3日 24:00，共 5 天。" in said
    assert "为什么是 10月3日" in said
    assert "从发布次日起算，发布当日不计。" in said
    assert "最后一天是休息日怎么办？ 照常届满，不顺延；条文没有写顺延。" in said
    assert "第 2 天" in said
    assert "样板工艺软件有限公司" in said


def test_period_shows_what_the_office_has_not_set_as_a_gap(page, programme):
    assert "部门、电话、监督电话、地址未设置" in text(page(DURING)).replace(" ", "")
    programme.objection_phone = "0000-0000000"
    programme.save()
    assert "电话0000-0000000部门、监督电话、地址未设置" in text(page(DURING)).replace(" ", "")


@pytest.mark.parametrize(("moment", "is_offered"), [(LAST_SECOND, True), (OVER, False)])
def test_period_offers_the_form_until_the_last_day_is_over(page, moment, is_offered):
    assert ("提交异议" in text(page(moment))) is is_offered


def test_period_that_was_published_names_the_edition(page, item):
    sweep(OVER)
    assert "已发布 第 2 版名单" in text(page(OVER))


def test_period_taken_down_shows_the_reason_and_nothing_of_the_list(page, item, period, clerk):
    steps.take_down(period, by=clerk, at=DURING, reason="附件有误，重新公示")
    response = page(DURING)
    assert "原因：附件有误，重新公示" in text(response)
    hidden = ("样板工艺软件有限公司", str(item.case.organisation), item.case.number)
    assert [word for word in hidden if word in response.content.decode()] == []


def test_period_with_an_objection_says_so_and_names_nobody(page, item):
    steps.lodge(item, at=DURING, **what())
    response = page(DURING)
    assert "本件有 1 条异议，正在核实。" in text(response)
    assert [word for word in (OBJECTOR, CONTACT, "停止经营") if word in response.content.decode()] == []


def test_period_that_does_not_exist_is_not_found(client, programme):
    assert client.get("/publicity/00000000-0000-0000-0000-000000000000/").status_code == 404
