"""Sessions end, by themselves and by hand; everybody sees his own."""

import re

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client
from django.urls import reverse

from accounts.login import devices, sessions
from accounts.login.store import SessionStore
from accounts.models import LoginSession
from records.models import Event
from tests.accounts.conftest import PASSWORD
from tests.accounts.login.conftest import HOME, OUTSIDE, first_step, is_in
from tests.accounts.pages.pages import text

EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"
PHONE = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile MicroMessenger/8.0"


def ended():
    return [event.data["why"] for event in Event.objects.filter(verb="session_ended").order_by("pk")]


@pytest.mark.parametrize(("after", "open_"), [(-1, True), (0, False)])
def test_idle_session_ends_at_the_second(after, open_, client, manager, machine, settings):
    first_step(client, manager)
    machine.shift(settings.SESSION_COOKIE_AGE + after)
    assert (client.get("/my/").status_code == 200) == open_


@pytest.mark.parametrize(("after", "open_"), [(-1, True), (0, False)])
def test_busy_session_ends_at_its_age(after, open_, client, manager, machine, settings):
    first_step(client, manager)
    passed, pause = 0, settings.SESSION_COOKIE_AGE - 1
    while passed + pause < settings.SESSION_ABSOLUTE_SECONDS:
        machine.shift(pause)
        passed += pause
        assert client.get("/my/").status_code == 200
    machine.shift(settings.SESSION_ABSOLUTE_SECONDS - passed + after)
    assert (client.get("/my/").status_code == 200) == open_
    assert ended() == ([] if open_ else ["absolute"])


def test_whoever_comes_back_too_late_is_told_once(client, manager, machine, settings):
    first_step(client, manager)
    machine.shift(settings.SESSION_COOKIE_AGE)
    assert "您的登录已到时间，自动退出了" in text(client.get("/my/", follow=True))
    assert "您的登录已到时间" not in text(client.get("/my/", follow=True))


def test_sites_clock_moved_on_logs_nobody_out(client, manager, stopped_clock, at):
    first_step(client, manager)
    stopped_clock(at.replace(year=2027))
    assert client.get("/my/").status_code == 200


def test_session_without_a_beginning_is_none(client, manager):
    first_step(client, manager)
    session = client.session
    del session["login"]
    session.save()
    assert "/login/" in client.get("/my/").url


def test_own_sessions_are_listed_and_nobody_elses(client, manager, member, machine):
    Client(headers={"user-agent": PHONE}).post(
        "/login/", {"username": "manager", "password": PASSWORD}, REMOTE_ADDR=OUTSIDE
    )
    first_step(Client(), member, REMOTE_ADDR="192.0.2.1")
    machine.shift(60)
    first_step(client, manager, REMOTE_ADDR=HOME, headers={"user-agent": EDGE})
    page = text(client.get("/my/logins/"))
    assert re.findall(r'<th scope="row">([^<]+?)(?:　<span class="tag is-now">当前</span>)?</th>', page) == [
        "Windows，Edge",
        "安卓，微信",
    ]
    assert page.count("is-now") == 1
    for shown in (HOME, OUTSIDE, "9月17日 10:30"):
        assert shown in page
    assert "192.0.2.1" not in page
    assert "您在 2 处" in page
    assert client.session.session_key not in page


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (EDGE, "Windows，Edge"),
        (PHONE, "安卓，微信"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "iPhone，Safari",
        ),
        ("<script>alert(1)</script>", "没有说明的设备"),
        ("", "没有说明的设备"),
    ],
)
def test_device_is_named_in_our_words(agent, words):
    assert devices.named(agent) == words


def test_one_session_is_ended_and_the_others_stay(client, manager):
    other, third = Client(), Client()
    for one in (other, third, client):
        first_step(one, manager)
    number = LoginSession.objects.get(session_key=other.session.session_key).number
    assert client.post(reverse("my_login_end", args=[number])).url == "/my/logins/"
    assert [one.get("/my/").status_code for one in (other, third, client)] == [302, 200, 200]
    assert client.post(reverse("my_login_end", args=[number])).status_code == 404
    assert ended() == ["by_hand"]


def test_own_session_ended_here_leads_to_the_login(client, manager):
    first_step(client, manager)
    number = LoginSession.objects.get(user=manager).number
    assert client.post(reverse("my_login_end", args=[number])).url == "/login/"
    assert not is_in(client)


def test_all_others_are_ended(client, manager, member):
    other, theirs = Client(), Client()
    first_step(other, manager)
    first_step(theirs, member)
    first_step(client, manager)
    client.post("/my/logins/others/end/")
    assert [one.get("/my/").status_code for one in (other, theirs, client)] == [302, 200, 200]


def test_session_of_somebody_else_cannot_be_ended(client, manager, member):
    theirs = Client()
    first_step(theirs, member)
    number = LoginSession.objects.get(user=member).number
    first_step(client, manager)
    assert client.post(reverse("my_login_end", args=[number])).status_code == 404
    assert theirs.get("/my/").status_code == 200


def test_new_password_ends_the_others(client, manager):
    other = Client()
    first_step(other, manager)
    first_step(client, manager)
    new = "hongni-dajie-88x"
    answer = client.post("/password/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert answer.url == "/password/done/"
    assert [one.get("/my/").status_code for one in (other, client)] == [302, 200]
    assert LoginSession.objects.filter(user=manager).count() == 1
    assert Event.objects.filter(verb="password_set", actor=manager).count() == 1


def test_admin_changes_passwords_where_everybody_does(client, clerk):
    client.force_login(clerk)
    assert client.post("/admin/password_change/", {}).url == "/password/"


def test_login_and_logout_are_events_by_each_door(client, clerk):
    for door in ("/logout/", "/admin/logout/"):
        first_step(client, clerk)
        client.post(door)
    verbs = Event.objects.filter(actor=clerk).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["logged_in", "logged_out"] * 2


def test_what_is_over_is_cleared_after_a_day_and_said_once(client, manager, machine, settings, at):
    first_step(client, manager)
    machine.shift(settings.SESSION_COOKIE_AGE + sessions.REMEMBERED.total_seconds() - 1)
    assert (sessions.clear(at), ended()) == (0, [])
    machine.shift(1)
    assert (sessions.clear(at), ended()) == (1, ["idle"])
    assert (sessions.clear(at), LoginSession.objects.count()) == (0, 0)


def test_ended_session_is_not_written_again_by_a_page_that_was_under_way(client, manager):
    first_step(client, manager)
    under_way = SessionStore(client.session.session_key)
    under_way["more"] = 1
    LoginSession.objects.all().delete()
    with pytest.raises(UpdateError):
        under_way.save()
    assert not LoginSession.objects.exists()
