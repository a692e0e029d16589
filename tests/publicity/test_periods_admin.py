"""Publicities taken down, sent back and over, on the office's pages."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from cases.sweep import sweep
from publicity import desk, steps
from tests.conftest import at
from tests.publicity.conftest import DURING

OVER = at("2026-10-04 00:00:00")
AFTER = at("2026-10-09 09:00")


def test_take_down_with_a_reason(seen_by, period):
    client = seen_by("clerk")
    response = client.post(
        reverse("admin:publicity_publicityperiod_take_down", args=[period.pk]),
        {"reason": "附件有误"},
        follow=True,
    )
    period.refresh_from_db()
    assert (period.taken_down_at, period.taken_down_reason) == (DURING, "附件有误")
    assert "已撤下，公示页只显示原因" in response.content.decode()


@pytest.mark.parametrize(
    ("reason", "said"), [("", "写明撤下的原因，不能留空"), ("441900199001011231 有误", "不能有身份证号码")]
)
def test_take_down_without_a_fit_reason_is_refused(seen_by, period, reason, said):
    response = seen_by("clerk").post(
        reverse("admin:publicity_publicityperiod_take_down", args=[period.pk]), {"reason": reason}
    )
    period.refresh_from_db()
    assert (response.status_code, period.taken_down_at) == (422, None)
    assert said in response.content.decode()


def test_take_down_after_it_has_ended_is_refused(seen_by, stopped_clock, period):
    client = seen_by("clerk")
    sweep(OVER)
    stopped_clock(OVER)
    url = reverse("admin:publicity_publicityperiod_take_down", args=[period.pk])
    assert client.post(url, {"reason": "附件有误"}).status_code == 422
    period.refresh_from_db()
    assert period.taken_down_at is None


def test_case_taken_down_is_sent_back_from_its_page(seen_by, item, clerk):
    client, address = seen_by("clerk"), reverse("admin:cases_case_change", args=[item.case_id])
    assert 'value="send_back"' not in client.get(address).content.decode()
    steps.take_down(item.period, by=clerk, at=DURING, reason="附件有误")
    page = client.get(address).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    refused = client.post(address, {**hidden, "action": "send_back", "reason": ""})
    assert "写明退回的原因，不能留空" in refused.content.decode()
    response = client.post(address, {**hidden, "action": "send_back", "reason": "名称写错"}, follow=True)
    assert "没有公示，已退回“审定”" in response.content.decode()


def test_standing_after_the_last_day_says_that_the_system_has_it(case_in_publicity, stopped_clock):
    deadline = case_in_publicity.deadlines.get()
    said = []
    for moment in (OVER - timedelta(seconds=1), OVER):
        stopped_clock(moment)
        said.append(desk.standing(case_in_publicity, deadline))
    assert said == ["公示中", "公示已到期，等系统办理"]
