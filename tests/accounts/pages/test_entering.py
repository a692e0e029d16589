"""Logging in and out, and a new password."""

import re
from datetime import timedelta

import pytest

from accounts.models import User
from records import letters
from records.models import Letter, LetterDelivery
from tests.accounts.conftest import PASSWORD
from tests.accounts.pages.pages import NEW, text


@pytest.mark.parametrize(
    ("who", "lands"), [("clerk", "/admin/"), ("manager", "/my/"), ("member", "/my/"), ("stranger", "/")]
)
def test_login_leads_to_where_the_work_is(who, lands, request, client):
    user = request.getfixturevalue(who)

    response = client.post("/login/", {"username": user.username, "password": PASSWORD})

    assert (response.status_code, response.url) == (302, lands)


@pytest.mark.parametrize(
    ("target", "lands"),
    [("/my/members/", "/my/members/"), ("https://evil.example/", "/my/"), ("//evil.example", "/my/")],
)
def test_login_goes_on_to_pages_of_this_site_only(target, lands, client, manager):
    response = client.post("/login/", {"username": "manager", "password": PASSWORD, "next": target})

    assert response.url == lands


@pytest.mark.parametrize("username", ["manager", "gone", "nobody"])
def test_login_that_fails_never_says_why(username, client, manager, person):
    person("gone", is_active=False)
    secret = PASSWORD if username == "gone" else "wrong"

    response = client.post("/login/", {"username": username, "password": secret})

    assert response.context["form"].non_field_errors() == ["登录名或密码不对，区分大小写。忘了密码可以重设。"]


def test_logout_takes_a_post(client, manager):
    client.force_login(manager)

    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_reset_says_the_same_whether_the_address_is_known(client, manager, mailoutbox, at):
    answers = []
    for email in (manager.email, "nobody@example.com"):
        response = client.post("/password/reset/", {"email": email}, follow=True)
        page = re.sub(r"页面生成于.*?（", "", text(response))
        answers.append((response.status_code, response.redirect_chain, page))

    assert answers[0] == answers[1]
    letters.send_due(at)
    assert [letter.to for letter in mailoutbox] == [[manager.email]]


def test_reset_asked_for_again_within_the_minute_is_one_letter(client, manager, at, stopped_clock):
    for seconds in (0, 20, 60):
        stopped_clock(at + timedelta(seconds=seconds))
        client.post("/password/reset/", {"email": manager.email})
    assert Letter.objects.count() == 2


def test_reset_stands_in_the_outbox_without_its_link(client, manager, mailoutbox, at):
    client.post("/password/reset/", {"email": manager.email})
    letters.send_due(at)

    link = re.findall(r"http://testserver(/password/reset/\S+)", mailoutbox[0].body)[0]
    kept = str(list(Letter.objects.values())) + str(list(LetterDelivery.objects.values()))
    assert "/password/reset/" not in kept
    assert link.split("/")[-2] not in kept
    assert manager.email not in kept


def test_reset_of_who_was_put_out_of_use_meanwhile_is_not_mailed(client, manager, mailoutbox, at):
    client.post("/password/reset/", {"email": manager.email})
    manager.is_active = False
    manager.save()
    letters.send_due(at)
    assert (mailoutbox, LetterDelivery.objects.get().state) == ([], "not_needed")


def test_reset_link_sets_a_password_once(client, manager, mailoutbox, at):
    client.post("/password/reset/", {"email": manager.email})
    letters.send_due(at)
    link = re.findall(r"http://testserver(/password/reset/\S+)", mailoutbox[0].body)[0]

    form = client.get(link, follow=True).redirect_chain[0][0]
    client.post(form, {"new_password1": "hongni-dajie-88x", "new_password2": "hongni-dajie-88x"})

    assert client.login(username="manager", password="hongni-dajie-88x") is True
    assert "链接已失效" in text(client.get(link, follow=True))


@pytest.mark.parametrize(
    ("weak", "why"),
    [
        ("short-1", "密码太短，至少 10 个字符"),
        ("20260917123456", "密码不能只有数字，加上字母或其他字符"),
        ("password1234", "这个密码很多人在用，一猜就中，换一个"),
        ("chenbanshi", "密码和登录名、姓名或邮箱太像，换一个"),
        ("chenbanshi1", "密码和登录名、姓名或邮箱太像，换一个"),
    ],
)
def test_weak_password_is_refused(weak, why, client, address):
    response = client.post(address, NEW | {"password1": weak, "password2": weak})

    assert response.status_code == 422
    assert why in response.context["form"].errors["password2"]
    assert not User.objects.filter(username="chenbanshi").exists()
