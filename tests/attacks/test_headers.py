"""What goes along with every answer and every letter: caches, frames, hosts, tokens, sessions, subjects and lines of the log."""

import logging
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import LoginSession, User
from portal import logs
from records import letters
from tests.conftest import NOW
from tests.portal.doors.reading import Row, doors_of
from tests.portal.doors.world import World

pytestmark = pytest.mark.django_db

PASSWORD = "a-long-password-9"
READERS = ("manager", "clerk", "access", "editor", "decider")


def test_nothing_that_somebody_logged_in_saw_is_kept_by_any_cache(world: World, as_: Any) -> None:
    """Of the admin's stock pages one class sees to it; its own are asked."""
    kept, browsers = [], {who: as_(who) for who in READERS}
    areas = ("the site", "the rest of the admin")
    for door, row in (pair for area in areas for pair in doors_of(area)):
        if who := one_let_in(row):
            answer = browsers[who].get(world.address(door, row.about))
            b"".join(answer)
            answer.close()
            if "no-store" not in answer.headers.get("Cache-Control", ""):
                kept.append(door.name)
    assert kept == []


def one_let_in(row: Row) -> str:
    """Of who is logged in, where the page is not everybody's."""
    home = row.lines["GET"].home
    if home["anonymous"] == "yes":
        return ""
    return next((who for who in READERS if home[who] == "yes"), "")


def test_a_public_page_seen_while_logged_in_is_kept_by_no_cache(world: World, as_: Any) -> None:
    assert as_("manager").get(reverse("lists")).headers["Cache-Control"] == "private, no-store"
    assert "Cookie" in as_("anonymous").get(reverse("lists")).headers["Vary"]


@pytest.mark.parametrize(
    ("status", "asked"),
    [
        (400, {"path": "/", "headers": {"host": "evil.example"}}),
        (403, {"path": "/login/", "method": "POST"}),
        (404, {"path": "/nothing/"}),
        (405, {"path": "/logout/"}),
        (500, {"path": "/healthz"}),
    ],
)
def test_every_kind_of_error_is_fenced_in(monkeypatch: Any, status: int, asked: dict[str, Any]) -> None:
    def fail() -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("portal.operations.readiness.database", fail)
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)

    answer = client.generic(asked.get("method", "GET"), asked["path"], headers=asked.get("headers", {}))

    assert answer.status_code == status
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "testserver:80@evil.example"},
        {"host": "testserver\tevil.example"},
        {"host": "evil.example/testserver"},
    ],
)
def test_host_of_somebody_else_gets_no_password_letter(clerk: User, settings: Any, headers: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]

    answer = Client(raise_request_exception=False).post(
        reverse("password_reset"), {"email": clerk.email}, headers=headers
    )

    assert answer.status_code == 400
    letters.send_due(NOW)
    assert mail.outbox == []


@pytest.mark.parametrize(
    "header", ["X-Forwarded-Host", "X-Host", "X-Original-URL", "Forwarded", "X-Rewrite-URL"]
)
def test_host_that_is_forwarded_stands_in_no_letter(
    clerk: User, settings: Any, client: Client, stopped_clock: Any, header: str
) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    client.post(reverse("password_reset"), {"email": clerk.email}, headers={header: "evil.example"})
    letters.send_due(NOW)

    assert "http://testserver/password/reset/" in mail.outbox[0].body
    assert "evil" not in str(mail.outbox[0].message())


@pytest.mark.parametrize(
    "email", ["ｃlerk@example.org", "clerк@example.org", "clerk@exаmple.org", "clerk@example.org\u200b"]
)
def test_address_that_looks_alike_gets_no_letter_of_its_own(
    clerk: User, client: Client, stopped_clock: Any, email: str
) -> None:
    client.post(reverse("password_reset"), {"email": email})
    letters.send_due(NOW)

    assert {address for one in mail.outbox for address in one.to} <= {clerk.email}


@pytest.mark.parametrize(
    "headers",
    [{}, {"origin": "https://evil.example"}, {"origin": "null"}, {"referer": "https://evil.example/"}],
)
@pytest.mark.parametrize(
    "door", ["login", "logout", "password_change", "my_logins_end_others", "admin:accounts_user_add"]
)
def test_form_of_another_site_does_nothing(clerk: User, headers: dict[str, str], door: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(clerk)

    answer = client.post(reverse(door), {"username": "clerk", "password": PASSWORD}, headers=headers)

    assert answer.status_code == 403
    assert "_auth_user_id" in client.session


def test_token_of_another_browser_is_none(clerk: User) -> None:
    other, client = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    other.get(reverse("login"))
    client.get(reverse("login"))

    stolen = other.cookies["csrftoken"].value
    answer = client.post(
        reverse("login"), {"username": "clerk", "password": PASSWORD, "csrfmiddlewaretoken": stolen}
    )

    assert answer.status_code == 403


def test_session_that_was_planted_is_not_the_one_after_the_log_in(clerk: User, client: Client) -> None:
    session = client.session
    session["planted"] = True
    session.save()
    planted = str(session.session_key)
    client.cookies["sessionid"] = planted

    client.post(reverse("login"), {"username": "clerk", "password": PASSWORD})

    assert client.session["_auth_user_id"] == str(clerk.pk)
    assert client.session.session_key != planted
    assert not LoginSession.objects.filter(session_key=planted).exists()


def test_session_number_that_was_made_up_is_not_taken(clerk: User, client: Client) -> None:
    client.cookies["sessionid"] = "a" * 32

    client.post(reverse("login"), {"username": "clerk", "password": PASSWORD})

    assert client.cookies["sessionid"].value != "a" * 32
    assert client.cookies["sessionid"]["httponly"]
    assert client.cookies["sessionid"]["samesite"] == "Lax"


@pytest.mark.parametrize(
    "line",
    ["\r\nBcc: evil@example.org", "\nBcc: evil@example.org", "\u2028Bcc: evil@example.org", "\x0bBcc: x"],
)
def test_subject_of_a_letter_is_one_line(provider: User, line: str) -> None:
    letters.write(
        "attack:1", [provider], audience="staff", kind="note", subject=f"新到{line}", body="请办理", at=NOW
    )
    letters.send_due(NOW)

    assert len(mail.outbox) == 1
    for one in mail.outbox:
        said = one.message()
        assert said["Bcc"] is None
        assert len(str(said["Subject"]).splitlines()) == 1


@pytest.mark.parametrize("formatter", [logs.JsonFormatter(), logs.PlainFormatter("%(message)s")])
def test_line_of_the_log_cannot_be_made_up(client: Client, caplog: Any, formatter: logging.Formatter) -> None:
    with caplog.at_level("DEBUG"):
        client.get("/nothing/%0AWARNING%20forged%0D%0Aline/")
        client.post(
            reverse("login"),
            {"username": "a\nWARNING forged", "password": "x"},
            headers={"user-agent": "b\x1b[2J"},
        )

    said = [formatter.format(record) for record in caplog.records]
    assert any("nothing" in one for one in said)
    assert [one for one in said if len(one.splitlines()) > 1 or "\x1b" in one] == []
