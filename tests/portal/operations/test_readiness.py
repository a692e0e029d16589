import subprocess
import sys

import pytest

from tests.servers import ROOT, clean_environment


def asked(client) -> tuple[int, str]:
    answer = client.get("/readyz")
    return answer.status_code, answer.content.decode()


def test_site_that_can_serve(db, client):
    assert asked(client) == (200, "ready")


def test_site_whose_tables_are_older_than_its_code(db, client, older_tables):
    older_tables()

    assert asked(client) == (503, "not ready: migrations")


def test_site_whose_queue_is_gone(db, client, settings, nobody_listens):
    settings.CELERY_BROKER_URL = nobody_listens

    assert asked(client) == (503, "not ready: broker")


def test_site_whose_cache_is_gone(db, client, settings, nobody_listens):
    backend = "django.core.cache.backends.redis.RedisCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": nobody_listens}}

    assert asked(client) == (503, "not ready: cache")


@pytest.mark.once
def test_site_whose_database_is_gone(tmp_path):
    """A process of its own: the others' database must stay."""
    script = """if True:
        import django
        django.setup()
        from django.test import Client
        answer = Client().get("/readyz", headers={"host": "localhost"})
        print(answer.status_code, answer.content.decode())
    """
    variables = clean_environment(
        DATABASE_URL="postgres://nobody@127.0.0.1:1/nothing",
        BROKER_URL="filesystem://localhost",
        CACHE_URL="",
        PORTAL_VAR=str(tmp_path),
        DJANGO_SETTINGS_MODULE="portal.settings",
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=variables, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "503 not ready: database"
