"""The database in a file, and back: by PostgreSQL's own tools, or SQLite's own copying."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from django.db import connection, transaction
from django.db.backends.postgresql.client import DatabaseClient

from portal.backups.errors import BackupRefused
from portal.backups.manifest import tables

RESTORE_TOOLS = ("pg_restore", "psql")
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


def refuse_without_tools() -> None:
    """Before anything is written: what `restore` calls must be there."""
    for tool in RESTORE_TOOLS if connection.vendor == "postgresql" else ():
        _found(tool)


def restore(source: Path) -> None:
    """Put the database of a file in the place of this one: whole, or it stays as it was."""
    if connection.vendor == "postgresql":
        _replace_tables(source)
    else:
        _replace_file(source)


def _replace_tables(source: Path) -> None:
    """Read the whole dump first; then drop and fill in one transaction."""
    script = source.with_name(f"{source.name}.sql")
    _run("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(source), connects=False)
    dropping = source.with_name(f"{source.name}-drop.sql")
    dropping.write_text(_dropping())
    connection.close()
    _run(
        "psql",
        "--no-psqlrc",
        "--quiet",
        "--output=/dev/null",
        "--single-transaction",
        "--set=ON_ERROR_STOP=1",
        f"--file={dropping}",
        f"--file={script}",
    )


# Those of an extension belong to the database.
OUR_FUNCTIONS = """
    SELECT p.oid::regprocedure::text FROM pg_proc p
    WHERE p.pronamespace = current_schema()::regnamespace
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""


def _dropping() -> str:
    """Every table, and every function of ours (the guards of the trail), whatever version of the portal made it; gives up
    where somebody still uses one."""
    with connection.cursor() as cursor:
        names = [connection.ops.quote_name(name) for name in connection.introspection.table_names(cursor)]
        cursor.execute(OUR_FUNCTIONS)
        functions = [name for (name,) in cursor.fetchall()]
    lines = ["SET LOCAL lock_timeout = '20s';", *(f"DROP TABLE {name} CASCADE;" for name in names)]
    lines += [f"DROP FUNCTION {name} CASCADE;" for name in functions]
    return "\n".join(lines)


def _replace_file(source: Path) -> None:
    """The copy is whole before anything is taken away, and what the old file had beside it is written into it first."""
    connection.close()
    target = Path(connection.settings_dict["NAME"])
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = target.with_name(f"{target.name}.new")
    try:
        shutil.copyfile(source, fresh)
        fresh.chmod(0o600)
        _write_back(target)
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)


def _write_back(target: Path) -> None:
    """Else the journal of the old file would be taken for one of the new."""
    if not target.exists():
        return
    with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(target, timeout=20)) as old:
        [in_use, _, _] = old.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if in_use:
            raise BackupRefused("数据库还有程序在用，先停掉站点")
    for rest in ("-wal", "-shm"):
        target.with_name(f"{target.name}{rest}").unlink(missing_ok=True)


def is_empty() -> bool:
    """Whether nobody has entered anything; tables that were only just made are empty."""
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor)) - MADE_BY_MIGRATE
    return not any(model._base_manager.exists() for model in tables() if model._meta.db_table in there)


def _found(tool: str) -> str:
    found = shutil.which(tool)
    if found is None:
        raise BackupRefused(
            f"这台机器没有 {tool}。装上与数据库同一版本或更新的客户端再试（Debian：apt-get install postgresql-client）"
        )
    return found


def _run(tool: str, *options: str, connects: bool = True) -> None:
    command, variables = [_found(tool), *options], {}
    if connects:
        words, given = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
        command[1:1] = [*words[1:-1], f"--dbname={words[-1]}"]
        variables = given or {}
    done = subprocess.run(  # noqa: S603 -- the database's own tool, and no words of a visitor
        command, env={**os.environ, **variables}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise BackupRefused(f"{tool} 没有做成：{said[-1] if said else done.returncode}")
