"""Databases made for a measurement and thrown away after it; the process goes from one to the next."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection

# Where the process began, and what it stands in while it makes or drops another.
HOME: str = connection.settings_dict["NAME"]


@contextmanager
def fresh(name: str, template: str | None = None) -> Iterator[str]:
    """A database, empty or a copy of another, that every query goes to while this lasts. Tells what to copy it by."""
    make, drop = (_make_file, _drop_file) if connection.vendor == "sqlite" else (_make, _drop)
    left = _go_to(HOME)
    made = make(name, template)
    try:
        _go_to(made)
        yield made
    finally:
        _go_to(HOME)
        drop(made)
        _go_to(left)


@contextmanager
def plainly(name: str = "") -> Any:
    """A connection without Django, to where Django is or to another database of the same server."""
    given = connection.get_connection_params()
    wanted = {key: given[key] for key in ("host", "port", "user", "password") if given.get(key)}
    with psycopg.connect(**wanted, dbname=name or connection.settings_dict["NAME"], autocommit=True) as plain:
        yield plain


def settle() -> None:
    """Let the database look at what it holds, as PostgreSQL does by itself some time after a large change."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _go_to(name: str) -> str:
    """Have the next query open that database; tells which one was left."""
    left: str = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    return left


def _make_file(name: str, template: str | None) -> str:
    path = Path(HOME).with_name(f"{name}.sqlite3")
    if template:
        shutil.copy(template, path)
    return str(path)


def _drop_file(name: str) -> None:
    for path in Path(name).parent.glob(f"{Path(name).name}*"):
        path.unlink()


def _make(name: str, template: str | None) -> str:
    source = template or "template0"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE {source}")
    return name


def _drop(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
