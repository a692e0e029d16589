"""What was typed when the session was over is there after the next log-in, for that person alone."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from accounts import roles
from accounts.login import again, kept
from accounts.models import Invitation, KeptForm
from tests.accounts.login.conftest import first_step
from tests.accounts.login.kept_page import rows
from tests.accounts.pages.pages import text

TYPED = {"email": "xinren@example.com", "role": roles.PROVIDER_MEMBER}


@pytest.fixture(params=["idle", "absolute"])
def over(request, client, manager, machine, settings):
    """A manager fills in a form until the session is over, one way or the other."""
    if request.param == "absolute":
        settings.SESSION_ABSOLUTE_SECONDS = 600
    first_step(client, manager)
    client.get("/my/members/")
    machine.shift(600 if request.param == "absolute" else settings.SESSION_COOKIE_AGE)
    return client


def hidden(page):
    """The fields of the form that sends it again."""
    page = page[page.index('name="kept_form"') - 100 :]
    return {
        name: unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
        if name != "csrfmiddlewaretoken"
    }


def test_typing_is_kept_and_sent_again(over, manager):
    answer = over.post("/my/members/", TYPED, follow=True)
    assert "刚才填写的内容留着（不含文件）" in text(answer)
    assert not Invitation.objects.exists()
    assert "xinren" not in str(KeptForm.objects.values())
    assert first_step(over, manager).url == "/my/kept/"
    page = text(over.get("/my/kept/"))
    assert rows(page) == [
        ("邮箱", "xinren@example.com"),
        ("以什么身份", roles.LABELS[roles.PROVIDER_MEMBER]),
    ]
    assert "办事人员：邀请一个人" in page
    assert '<button class="btn">发送邀请</button>' in page
    assert 'action="/my/members/"' in page
    fields = hidden(page)
    assert fields == {**TYPED, kept.MARK: "1"}
    over.post("/my/members/", fields)
    assert Invitation.objects.get().email == "xinren@example.com"
    assert not KeptForm.objects.exists()
    assert over.get("/my/kept/").url == "/my/"


def test_typing_is_nobody_elses(over, manager, member):
    over.post("/my/members/", TYPED)
    assert first_step(over, member).url == "/my/"
    assert over.get("/my/kept/").url == "/my/"
    assert first_step(Client(), manager).url == "/my/kept/"


def test_row_put_to_somebody_else_is_not_shown(over, manager, member):
    over.post("/my/members/", TYPED)
    KeptForm.objects.update(user=member)
    assert kept.of(member) is None


def test_typing_in_the_admin_is_kept_to_copy_and_never_sent_again(client, administrator, machine, settings):
    first_step(client, administrator)
    machine.shift(settings.SESSION_COOKIE_AGE)
    typed = {"full_name": "新来的人", "username": "xin", "since": "2026-09-17T02:30:00.123456+00:00"}
    client.post("/admin/accounts/user/add/", typed)
    assert first_step(client, administrator).url == "/my/kept/"
    page = text(client.get("/my/kept/"))
    assert re.findall(r'<div class="box is-quiet"><p>(.*?)</p></div>', page) == ["新来的人"]
    assert '<a class="btn" href="/admin/accounts/user/add/">打开原来的页面，重新填写</a>' in page
    assert 'action="/admin/' not in page
    assert kept.MARK not in page


@pytest.mark.parametrize(
    ("value", "is_shown"),
    [
        ("approve", False),
        ("17", False),
        ("2026-09-17T02:30:00+00:00", False),
        ("2026-09-22", True),
        ("材料齐全", True),
        ("OK", True),
    ],
)
def test_what_nobody_typed_is_not_shown_as_typed(value, is_shown, rf, administrator):
    kept.keep(rf.post("/admin/cases/case/again/", {"one": value}), administrator)
    shown = again.shown(administrator, kept.of(administrator))
    assert (shown.rows == [("", value)], shown.button) == (is_shown, "")


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/password/", {"old_password": "a-secret", "new_password1": "another-secret"}),
        ("/my/second/", {"password": "a-secret", "code": "123456"}),
        ("/my/second/codes/", {"code": "123456"}),
        ("/my/members/", {"email": "x" * (kept.LARGEST + 1)}),
        ("/my/members/", {}),
    ],
)
def test_secrets_and_what_is_too_large_are_not_kept(path, fields, over):
    assert "重新登录后接着办" in text(over.post(path, fields, follow=True))
    assert not KeptForm.objects.exists()


def test_forged_form_is_not_kept(manager, machine, settings):
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(manager)
    machine.shift(settings.SESSION_COOKIE_AGE)
    assert careful.post("/my/members/", TYPED).status_code == 403
    assert not KeptForm.objects.exists()


def test_session_that_was_ended_by_hand_keeps_nothing_and_says_so_once(client, manager):
    first_step(client, manager)
    first_step(other := Client(), manager)
    other.post("/my/logins/others/end/")
    said = "这次登录已在别处结束，刚才填写的内容没有保存"
    assert said in text(client.post("/my/members/", TYPED, follow=True))
    assert not KeptForm.objects.exists()
    assert said not in text(client.post("/my/members/", TYPED, follow=True))


@pytest.mark.parametrize("visited", [False, True])
def test_whoever_was_not_logged_in_is_told_of_no_end(visited, client, manager):
    if visited:  # a session without anybody
        session = client.session
        session["seen"] = 1
        session.save()
    assert "已在别处结束" not in text(client.post("/my/members/", TYPED, follow=True))


def test_page_that_is_only_opened_lost_nothing(client, manager):
    first_step(client, manager)
    first_step(other := Client(), manager)
    other.post("/my/logins/others/end/")
    assert "已在别处结束" not in text(client.get("/my/members/", follow=True))


@pytest.mark.parametrize(("after", "there"), [(-1, True), (0, False)])
def test_typing_is_kept_for_a_day(after, there, over, manager, machine, at):
    over.post("/my/members/", TYPED)
    machine.shift(kept.KEPT_FOR + timedelta(seconds=after))
    assert (kept.of(manager) is not None) == there
    kept.clear(at)
    assert KeptForm.objects.exists() == there


def test_typing_that_is_not_wanted_is_thrown_away(over, manager):
    over.post("/my/members/", TYPED)
    first_step(over, manager)
    assert over.post(reverse("kept_form")).url == "/my/"
    assert not KeptForm.objects.exists()


def test_typing_stays_where_the_page_is_gone(over, manager, at):
    over.post("/my/members/?organisation=999", TYPED)
    first_step(over, manager)
    fields = hidden(text(over.get("/my/kept/")))
    assert over.post("/my/members/?organisation=999", fields).status_code == 404
    assert KeptForm.objects.exists()
