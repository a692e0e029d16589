import pytest
from django.core.checks import run_checks
from django.test import override_settings

GOOD = {
    "PRODUCTION": True,
    "SECRET_KEY": "x" * 50,
    "ALLOWED_HOSTS": ["portal.example.gov.cn"],
    "CLOCK_FILE": None,
    "DEBUG": False,
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "CELERY_BROKER_URL": "redis://redis/0",
    "CACHES": {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://redis/1"}
    },
    "DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql"}},
    "EMAIL_CARRIER": "django.core.mail.backends.smtp.EmailBackend",
    "SECOND_FACTOR_REQUIRED": True,
    "EMAIL_ALLOWED": [],
    "PORTAL_BASE_URL": "https://portal.example.gov.cn/",
}
SQLITE = {"default": {"ENGINE": "django.db.backends.sqlite3"}}
LOCMEM = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


def found() -> list[str]:
    return [
        str(message.id) for message in run_checks(tags=["security"]) if str(message.id).startswith("portal.")
    ]


@pytest.mark.parametrize(
    ("wrong", "ids"),
    [
        ({}, []),
        ({"SECRET_KEY": ""}, ["portal.E001"]),
        ({"SECRET_KEY": "x" * 49}, ["portal.E001"]),
        ({"ALLOWED_HOSTS": []}, ["portal.E002"]),
        ({"ALLOWED_HOSTS": ["*"]}, ["portal.E002"]),
        ({"CLOCK_FILE": "var/clock.json"}, ["portal.E003"]),
        ({"DEBUG": True}, ["portal.E004"]),
        ({"SESSION_COOKIE_SECURE": False}, ["portal.E005"]),
        ({"CSRF_COOKIE_SECURE": False}, ["portal.E005"]),
        ({"SECOND_FACTOR_REQUIRED": False}, ["portal.E010"]),
        ({"DATABASES": SQLITE}, ["portal.W001"]),
        ({"CELERY_BROKER_URL": "filesystem://localhost"}, ["portal.W002"]),
        ({"CACHES": LOCMEM}, ["portal.W003"]),
        ({"EMAIL_CARRIER": "django.core.mail.backends.filebased.EmailBackend"}, ["portal.W004"]),
        ({"EMAIL_CARRIER": "django.core.mail.backends.console.EmailBackend"}, ["portal.W004"]),
        ({"EMAIL_ALLOWED": ["@example.org"]}, ["portal.W009"]),
        ({"PORTAL_BASE_URL": ""}, ["portal.W010"]),
        ({"SECRET_KEY": "", "DEBUG": True}, ["portal.E001", "portal.E004"]),
    ],
)
@pytest.mark.filterwarnings("ignore:Overriding setting DATABASES")
def test_production_site_with(wrong, ids):
    with override_settings(**{**GOOD, **wrong}):
        assert found() == ids


@pytest.mark.parametrize(
    ("hosts", "ids"),
    [
        (["127.0.0.1", "localhost"], []),
        (["portal.example.gov.cn"], ["portal.W005"]),
        (["*"], ["portal.W005"]),
    ],
)
def test_demonstration_site_at(hosts, ids):
    with override_settings(PRODUCTION=False, DEBUG=True, ALLOWED_HOSTS=hosts):
        assert found() == ids


def test_uploads_below_a_public_folder(tmp_path):
    with override_settings(STATIC_ROOT=tmp_path, PRIVATE_FILES_ROOT=tmp_path / "files"):
        assert found() == ["portal.E006"]


def test_broker_folder_open_to_other_users(tmp_path):
    tmp_path.chmod(0o750)

    with override_settings(BROKER_FOLDER=tmp_path):
        assert found() == ["portal.E007"]


@pytest.mark.django_db
def test_database_of_this_run_holds_chinese():
    assert run_checks(tags=["database"], databases=["default"]) == []
