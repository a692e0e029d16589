"""A database of its own for rehearsals: never the site's, and empty."""

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import environ
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connections
from django.test.utils import override_settings

IN_MEMORY = "sqlite://:memory:"
WHERE = ("ENGINE", "HOST", "PORT", "NAME")


@contextmanager
def private(address: str = IN_MEMORY) -> Iterator[None]:
    """Within the block every query goes to that database, whose tables are made first, every file to a folder that goes
    away, and no mail leaves. Raises CommandError for the site's own database and for one that holds tables."""
    wanted = _settings(address)
    site, kept = connections.databases["default"], connections["default"]
    if _same(wanted, site):
        raise CommandError("这是站点自己的数据库，演练不在那里进行。换一个空的数据库，或者不写 --database")
    connections.databases["default"] = {**site, **wanted, "OPTIONS": wanted.get("OPTIONS", {})}
    connections["default"] = connections.create_connection("default")
    ContentType.objects.clear_cache()  # its ids are those of the database that was asked
    try:
        with _tables(), _files():
            yield
    finally:
        connections["default"].close()
        connections.databases["default"], connections["default"] = site, kept
        ContentType.objects.clear_cache()


@contextmanager
def _tables() -> Iterator[None]:
    """Straight from the models: a second instead of twenty, and the same tables."""
    if connections["default"].introspection.table_names():
        raise CommandError("这个数据库里已经有表。演练只用空的数据库")
    with override_settings(MIGRATION_MODULES={app.label: None for app in apps.get_app_configs()}):
        call_command("migrate", run_syncdb=True, verbosity=0)
    yield


@contextmanager
def _files() -> Iterator[None]:
    with (
        tempfile.TemporaryDirectory() as folder,
        # What a rehearsal tells its invented people goes nowhere.
        override_settings(
            PRIVATE_FILES_ROOT=folder, EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend"
        ),
    ):
        yield


def _settings(address: str) -> dict[str, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what it says of an address without a scheme, in English; told below
        wanted: dict[str, Any] = environ.Env.db_url_config(address)
    if not wanted.get("ENGINE") or not wanted.get("NAME"):
        raise CommandError(
            f"--database 是“{address}”，要写成 postgres://主机/库名 或 sqlite:///文件 这样的地址"
        )
    return wanted


def _same(wanted: dict[str, Any], site: dict[str, Any]) -> bool:
    return _place(wanted) == _place(site)


def _place(database: dict[str, Any]) -> tuple[str, ...]:
    """Where a database is; a file by where it really lies."""
    found = {key: str(database.get(key) or "") for key in WHERE}
    if found["ENGINE"].endswith("sqlite3") and found["NAME"] != ":memory:":
        found["NAME"] = str(Path(found["NAME"]).resolve())
    return tuple(found.values())
