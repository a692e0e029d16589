import json
import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.celery import app
from tests.servers import ROOT, clean_environment

SERVERS = {"DATABASE_URL": "", "BROKER_URL": "", "CACHE_URL": ""}


@pytest.fixture
def settings_with(tmp_path):
    """The settings as a new process reads them, from nothing but these variables."""

    def read(**environment: str) -> dict[str, Any]:
        clean = {k: v for k, v in clean_environment().items() if k not in SERVERS}
        script = """if True:
            import json
            from portal import settings
            print(json.dumps({k: v for k, v in vars(settings).items() if k.isupper()}, default=str))
        """
        done = subprocess.run(
            ["python", "-c", script],
            cwd=ROOT,
            env={**clean, "PORTAL_VAR": str(tmp_path / "var"), **environment},
            capture_output=True,
            text=True,
            check=True,
        )
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    return read


def test_empty_environment_is_a_demonstration_site_on_this_machine(settings_with, tmp_path):
    found = settings_with()

    assert (found["PRODUCTION"], found["DEBUG"]) == (False, False)
    assert found["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost", "[::1]"]
    assert found["DATABASE"]["NAME"] == str(tmp_path / "var" / "portal.sqlite3")
    assert found["DATABASE"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert found["CELERY_BROKER_URL"] == "filesystem://localhost"


def test_secret_key_without_one_given_is_made_once_and_readable_by_nobody_else(settings_with, tmp_path):
    with ThreadPoolExecutor(4) as together:
        keys = {found["SECRET_KEY"] for found in together.map(lambda _: settings_with(), range(4))}

    assert [len(key) for key in keys] == [50]
    assert mode(tmp_path / "var" / "secret_key") == 0o600


def test_broker_folders_are_private(settings_with, tmp_path):
    settings_with()

    folders = [tmp_path / "var" / "broker", *(tmp_path / "var" / "broker").iterdir()]
    assert [mode(folder) for folder in folders] == [0o700, 0o700, 0o700]


def test_production_makes_and_guesses_nothing(settings_with, tmp_path):
    found = settings_with(PORTAL_PRODUCTION="true", BROKER_URL="redis://redis/0")

    assert (found["SECRET_KEY"], found["ALLOWED_HOSTS"]) == ("", [])
    assert not (tmp_path / "var").exists()


def test_production_sends_cookies_over_https_only(settings_with):
    found = settings_with(PORTAL_PRODUCTION="true")

    secure = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT")
    assert [found[name] for name in secure] == [True, True, True]


def test_servers_come_from_the_environment(settings_with):
    found = settings_with(
        DATABASE_URL="postgres://clerk:word@db:5433/portal",
        BROKER_URL="redis://queue/0",
        CACHE_URL="redis://queue/1",
    )

    database = found["DATABASE"]
    assert (database["ENGINE"], database["HOST"], database["PORT"]) == (
        "django.db.backends.postgresql",
        "db",
        5433,
    )
    assert found["CELERY_BROKER_URL"] == "redis://queue/0"
    assert found["CACHES"]["default"]["LOCATION"] == "redis://queue/1"
    assert found["CELERY_BROKER_TRANSPORT_OPTIONS"] == {"socket_connect_timeout": 2}


OPTIONAL = [
    "CONN_MAX_AGE",
    "SESSION_IDLE_SECONDS",
    "SESSION_ABSOLUTE_SECONDS",
    "SECOND_FACTOR_REQUIRED",
    "LOGIN_TRIES",
    "LOGIN_TRIES_PER_ADDRESS",
    "LOGIN_LOCK_SECONDS",
    "INVITATION_DAYS",
    "ADDRESS_REST_HOURS",
    "SECURE_HSTS_SECONDS",
    "OBJECTION_FILES",
    "DISK_WARN_MB",
    "DISK_RED_MB",
    "DEBUG",
    "SECURE_COOKIES",
    "BEHIND_PROXY",
    "EMAIL_URL",
    "EMAIL_ALLOWED",
    "METRICS_TOKEN",
    "METRICS_ADDRESSES",
    "LOG_LEVEL",
    "SECRET_KEY_FALLBACKS",
    "PORTAL_SITE_NAME",
    "PORTAL_BASE_URL",
    "DEFAULT_FROM_EMAIL",
    "PRIVATE_FILES_ROOT",
    "CACHE_URL",
    "BROKER_URL",
    "DATABASE_URL",
]


def test_setting_with_nothing_behind_it_is_as_if_it_were_not_there(settings_with):
    """As compose hands on what stands in no .env."""
    assert settings_with(**dict.fromkeys(OPTIONAL, "")) == settings_with()


def test_secrets_come_from_files(settings_with, tmp_path):
    given = {
        "SECRET_KEY": "k" * 60,
        "SECRET_KEY_FALLBACKS": "old,older",
        "DATABASE_PASSWORD": "p@ss/word",
        "EMAIL_URL": "smtp://portal:word@mail.example.org:25",
        "METRICS_TOKEN": "t" * 40,
    }
    for name, value in given.items():
        (tmp_path / name).write_text(f"{value}\n")
    files = {f"{name}_FILE": str(tmp_path / name) for name in given}
    found = settings_with(PORTAL_PRODUCTION="true", DATABASE_URL="postgres://portal@db/portal", **files)

    assert (found["SECRET_KEY"], found["SECRET_KEY_FALLBACKS"]) == ("k" * 60, ["old", "older"])
    assert (found["DATABASE"]["USER"], found["DATABASE"]["PASSWORD"]) == ("portal", "p@ss/word")
    assert (found["EMAIL_HOST"], found["EMAIL_HOST_PASSWORD"]) == ("mail.example.org", "word")
    assert found["METRICS_TOKEN"] == "t" * 40


def test_metrics_behind_a_proxy_are_open_to_no_address(settings_with):
    """There every visitor comes from this machine."""
    assert settings_with()["METRICS_ADDRESSES"] == ["127.0.0.1", "::1"]
    assert settings_with(BEHIND_PROXY="true")["METRICS_ADDRESSES"] == []


def test_statements_are_prepared_only_where_asked(settings_with):
    address = "postgres://clerk:word@db:5433/portal?sslmode=require"
    plain = settings_with(DATABASE_URL=address)["DATABASE"]["OPTIONS"]
    prepared = settings_with(DATABASE_URL=address, DATABASE_PREPARED="true")["DATABASE"]["OPTIONS"]

    assert plain == {"sslmode": "require"}
    assert prepared == {"sslmode": "require", "server_side_binding": True, "prepare_threshold": 5}


def test_scheduled_tasks_exist():
    app.loader.import_default_modules()

    assert {entry["task"] for entry in app.conf.beat_schedule.values()} - set(app.tasks) == set()


def test_healthz_with_a_database(db, client: Client):
    answer = client.get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"ok")


def test_page_allows_a_browser_only_what_is_ours(db, client: Client):
    headers = client.get("/healthz").headers

    assert sorted(headers["Content-Security-Policy"].split("; ")) == [
        "base-uri 'none'",
        "connect-src 'self'",
        "default-src 'none'",
        "font-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "img-src 'self' data:",
        "manifest-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
    ]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("address", ["/healthz", "/admin/", "/nothing-here/", "/static/portal.css"])
def test_every_answer_is_fenced(db, client: Client, address):
    """A redirect, an error and a static file too."""
    with closing(client.get(address)) as answer:
        headers = answer.headers

    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_redirect_to_https_is_fenced(db, client: Client, settings):
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/rules/")

    assert answer.status_code == 301
    assert "camera=()" in answer.headers["Permissions-Policy"]


def test_admin_login_is_the_one_login_page(db, client: Client):
    answer = client.get("/admin/login/?next=/admin/cases/")

    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("login") + "?next=/admin/cases/")


def test_admin_refuses_a_person_who_is_not_staff(django_user_model, client: Client):
    client.force_login(django_user_model.objects.create_user("provider"))

    assert client.get("/admin/login/?next=/admin/").status_code == 403


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
