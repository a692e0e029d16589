"""The database in a file, and back: by PostgreSQL's own tools, or SQLite's own copying."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection, transaction
from django.db.backends.postgresql.client import DatabaseClient

from portal.backups.errors import BackupRefused
from portal.backups.manifest import tables

# Rows that migrating makes by itself.
MADE_BY_MIGRATE = {"django_content_type", "auth_permission", "django_session"}


@contextmanager
def dumped(target: Path) -> Iterator[None]:
    """Writes the database into a file; what is asked within the block sees the same moment of it."""
    if connection.vendor == "postgresql":
        with _snapshot() as name:
            _run(
                "pg_dump",
                "--format=custom",
                "--no-owner",
                "--no-privileges",
                f"--snapshot={name}",
                f"--file={target}",
            )
            yield
    else:
        with (
            transaction.atomic(),
            closing(_second_connection()) as reader,
        ):  # IMMEDIATE: nobody writes meanwhile
            reader.execute("VACUUM INTO ?", [str(target)])
            yield


def _second_connection() -> sqlite3.Connection:
    """Of SQLite: one in a transaction cannot copy its own database."""
    return sqlite3.connect(connection.get_connection_params()["database"], uri=True)


@contextmanager
def _snapshot() -> Iterator[str]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor.fetchone()[0]


def restore(source: Path) -> None:
    """Put the database of a file in the place of this one."""
    if connection.vendor == "postgresql":
        _drop_tables()
        connection.close()
        _run(
            "pg_restore",
            "--exit-on-error",
            "--single-transaction",
            "--no-owner",
            "--no-privileges",
            str(source),
        )
    else:
        _replace_file(source)


def _drop_tables() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(table)} CASCADE")


def _replace_file(source: Path) -> None:
    connection.close()
    target = Path(connection.settings_dict["NAME"])
    target.parent.mkdir(parents=True, exist_ok=True)
    for rest in ("-wal", "-shm"):
        target.with_name(f"{target.name}{rest}").unlink(missing_ok=True)
    fresh = target.with_name(f"{target.name}.new")
    shutil.copyfile(source, fresh)
    fresh.chmod(0o600)
    fresh.replace(target)


def is_empty() -> bool:
    """Whether nobody has entered anything; tables that were only just made are empty."""
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor)) - MADE_BY_MIGRATE
    return not any(model._base_manager.exists() for model in tables() if model._meta.db_table in there)


def _run(tool: str, *options: str) -> None:
    found = shutil.which(tool)
    if found is None:
        raise BackupRefused(
            f"这台机器没有 {tool}。装上与数据库同一版本或更新的客户端再试（Debian：apt-get install postgresql-client）"
        )
    words, variables = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    command = [found, *options[:-1], *words[1:-1], f"--dbname={words[-1]}", options[-1]]
    done = subprocess.run(  # noqa: S603 -- the database's own tool, and no words of a visitor
        command, env={**os.environ, **(variables or {})}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise BackupRefused(f"{tool} 没有做成：{said[-1] if said else done.returncode}")
