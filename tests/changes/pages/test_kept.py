"""What was typed into an application when the log-in was over: shown as it was filled in, and never filed by a click elsewhere."""

import re

import pytest
from django.urls import reverse

from accounts.login import kept
from accounts.models import KeptForm
from cases.models import Case
from changes.models import Operation
from tests.accounts.login.kept_page import rows, send_again
from tests.accounts.pages.pages import text
from tests.changes.pages.typed import FRESH

pytestmark = pytest.mark.django_db


@pytest.fixture
def keep(rf, provider):
    return lambda path, **typed: kept.keep(rf.post(path, typed), provider)


@pytest.mark.parametrize("do", ["submit", "discard", "save", "remove-1"])
def test_whatever_was_pressed_a_draft_is_only_saved(do, page, client, draft, keep):
    seen = re.findall(r'name="seen" value="([^"]*)"', text(page.read()))[0]
    keep(page.url, do=do, seen=seen, reason="甲公司自愿退出", truthful="on")
    shown = text(client.get("/my/kept/"))
    assert rows(shown) == [
        ("变更的具体原因", "甲公司自愿退出"),
        ("所填内容和所附材料真实、完整，与盖章原件一致。", "已勾选"),
    ]
    assert f"{draft.organisation}：{draft.procedure.title}" in shown
    assert '<button class="btn">保存草稿</button>' in shown
    assert send_again(client, shown).url == page.url
    draft.refresh_from_db()
    assert (draft.status, draft.partner_change.reason) == (Case.Status.DRAFT, "甲公司自愿退出")
    assert not KeptForm.objects.exists()


def test_operation_is_opened_as_it_was_filled_in_and_not_added(page, client, draft, keep):
    keep(reverse("change_operation", args=[draft.pk, "add_partner"]), do="add", **FRESH)
    shown = text(client.get("/my/kept/"))
    said = dict(rows(shown))
    assert said["单位全称"] == FRESH["partner_name"]
    assert FRESH["industry"] not in said.values()
    before = Operation.objects.count()
    opened = send_again(client, shown)
    assert (opened.status_code, Operation.objects.count()) == (200, before)
    assert f'value="{FRESH["partner_name"]}"' in text(opened)


def test_draft_that_is_a_draft_no_more_is_shown_to_copy(page, client, draft, keep):
    keep(page.url, do="submit", reason="甲公司自愿退出")
    page.press("discard")
    shown = text(client.get("/my/kept/"))
    assert "甲公司自愿退出" in shown
    assert kept.MARK not in shown


def test_application_of_others_is_not_named(page, client, draft, rf, stranger):
    kept.keep(rf.post(page.url, {"reason": "别人的"}), stranger)
    client.force_login(stranger)
    assert str(draft.organisation) not in text(client.get("/my/kept/"))
