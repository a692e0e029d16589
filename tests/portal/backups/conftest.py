import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from cases.sweep import sweep
from tests.conftest import at
from tests.servers import ROOT, clean_environment


@dataclass(frozen=True)
class OtherSite:
    """A site of its own, where commands run in processes of their own."""

    var: Path
    database: str

    def manage(self, *words: str, stdin: IO[bytes] | None = None) -> "subprocess.CompletedProcess[str]":
        return self.run("python", "manage.py", *words, stdin=stdin)

    def run(self, *command: str, stdin: IO[bytes] | None = None) -> "subprocess.CompletedProcess[str]":
        variables = clean_environment(
            DATABASE_URL=self.database, BROKER_URL="filesystem://localhost", PORTAL_VAR=str(self.var)
        )
        return subprocess.run(
            command, cwd=ROOT, env=variables, stdin=stdin, capture_output=True, text=True, check=False
        )

    @property
    def rows(self) -> list[Any]:
        done = self.manage("dumpdata")
        assert done.returncode == 0, done.stderr
        found: list[Any] = json.loads(done.stdout)
        return found

    @property
    def files(self) -> dict[str, bytes]:
        return files_below(self.var / "files")


def files_below(root: Path) -> dict[str, bytes]:
    return {str(one.relative_to(root)): one.read_bytes() for one in root.rglob("*") if one.is_file()}


@pytest.fixture
def other_site(tmp_path: Path) -> Iterator[OtherSite]:
    """Empty, on the same kind of database as this run."""
    var = tmp_path / "other"
    if connection.vendor == "sqlite":
        yield OtherSite(var, f"sqlite:///{var / 'portal.sqlite3'}")
        return
    given, name = os.environ["DATABASE_URL"], f"portal_restored_{uuid4().hex[:12]}"
    with psycopg.connect(given, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0")
        yield OtherSite(var, urlsplit(given)._replace(path=f"/{name}").geturl())
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def recorded_migrations(transactional_db: None, settings: Any) -> Iterator[None]:
    """A site's tables are of this version and say so, also where this run built them without migrations."""
    settings.MIGRATION_MODULES = {}
    recorder = MigrationRecorder(connection)
    was_there = recorder.has_table()
    if was_there and recorder.applied_migrations():
        yield
        return
    recorder.ensure_schema()
    for key in MigrationLoader(None).disk_migrations or ():
        recorder.record_applied(*key)
    yield
    recorder.flush()
    if not was_there:
        with connection.schema_editor() as editor:
            editor.delete_model(recorder.Migration)


@pytest.fixture
def site(recorded_migrations: None, case_in_publicity: Any) -> Any:
    """A case with its uploaded files, and the edition that it made."""
    sweep(at("2026-10-04 00:00"))
    return case_in_publicity


@pytest.fixture
def archive(site: Any, tmp_path: Path) -> Path:
    target = tmp_path / "site.tar.gz"
    call_command("backup", str(target), stdout=StringIO())
    return target


@pytest.fixture
def rows(site: Any) -> list[Any]:
    return rows_here()


def rows_here() -> list[Any]:
    out = StringIO()
    call_command("dumpdata", stdout=out)
    found: list[Any] = json.loads(out.getvalue())
    return found
