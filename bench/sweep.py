"""Closing publicities that are all due with the sweep, against bare SQL that writes the same rows. PostgreSQL.

In each round every way gets a copy of the same database. The bare way replays the very statements of the sweep that wrote
something, values and all, on a connection of psycopg's own: one transaction a case, no reading, no locking, no checks.
"""

import os
import statistics
import time
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

import psycopg
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from bench import databases, growth
from cases.sweep import sweep

WRITES = ("INSERT", "UPDATE", "DELETE")
# What a sweep asks first of each case, under the programme's lock.
BEGINS = 'FROM "cases_case"'

Statement = tuple[str, Any]


class Recorder:
    """Every statement that goes by: how many of each kind, and those that write, by case."""

    def __init__(self) -> None:
        self.cases: list[list[Statement]] = []
        self.kinds: Counter[str] = Counter()

    def __call__(self, execute: Any, statement: str, params: Any, many: bool, context: Any) -> Any:
        word = statement.split(maxsplit=1)[0]
        self.kinds[word] += 1
        if BEGINS in statement and "FOR UPDATE" in statement:
            self.cases.append([])
        elif word in WRITES and self.cases:
            self.cases[-1].append((statement, params))
        return execute(statement, params, many, context)


def measure(sizes: list[int], rounds: int) -> list[dict[str, Any]]:
    stem = f"portal_bench_{os.getpid()}"
    with databases.fresh(f"{stem}_rules") as rules:
        call_command("migrate", interactive=False, verbosity=0)
        growth.load_rules()
        found = []
        for size in sizes:
            with databases.fresh(f"{stem}_due", rules) as due:
                closes_at = growth.grow_due(size)
                databases.settle()
                found.append(_sized(size, rounds, due, closes_at))
        return found


def _sized(size: int, rounds: int, due: str, closes_at: Any) -> dict[str, Any]:
    spans: dict[str, list[float]] = {"sweep": [], "bare": [], "set": []}
    for number in range(rounds):
        recorder = Recorder()
        with databases.fresh(f"{due}_{number}_swept", due) as swept:
            with connection.execute_wrapper(recorder):
                spans["sweep"].append(_seconds(lambda: _close_all(closes_at, size)))
            with databases.fresh(f"{due}_{number}_bare", due):
                spans["bare"].append(_bare(recorder.cases))
            with databases.fresh(f"{due}_{number}_set", due):
                spans["set"].append(_in_sets(swept))
    statements = {word: count / size for word, count in recorder.kinds.items()}
    return {
        "size": size,
        "seconds": {name: statistics.median(found) for name, found in spans.items()},
        "statements": statements,
        "rows": sum(map(len, recorder.cases)) / size,
    }


def _close_all(closes_at: Any, size: int) -> None:
    report = sweep(closes_at)
    if len(report.done) != size:
        raise RuntimeError(f"{len(report.done)} of {size} done: {report.failed[:1]} {report.trouble}")


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


@contextmanager
def _plainly(name: str = "") -> Any:
    """A connection without Django, to where Django is or to another database of the same server."""
    given = connection.get_connection_params()
    wanted = {key: given[key] for key in ("host", "port", "user", "password") if given.get(key)}
    with psycopg.connect(**wanted, dbname=name or connection.settings_dict["NAME"], autocommit=True) as plain:
        yield plain


def _bare(cases: list[list[Statement]]) -> float:
    with _plainly() as plain, plain.cursor() as cursor:
        began = time.perf_counter()
        for statements in cases:
            with plain.transaction():
                for statement, params in statements:
                    cursor.execute(statement, params)
        return time.perf_counter() - began


def _in_sets(swept: str) -> float:
    """The same rows with one INSERT and one UPDATE a table, from tables that hold them already."""
    tables = [model._meta for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    with _plainly() as plain, _plainly(swept) as source:
        changed = [table for table in tables if _bring(source, plain, table.db_table)]
        began = time.perf_counter()
        with plain.transaction():
            plain.execute("SET CONSTRAINTS ALL DEFERRED")
            for table in changed:
                _put(plain, table)
        return time.perf_counter() - began


def _bring(source: Any, plain: Any, table: str) -> bool:
    """What the table holds there and does not hold here, as a temporary table; whether there is any."""
    names = {"table": sql.Identifier(table), "all": sql.Identifier(f"all_{table}")}
    plain.execute(sql.SQL("CREATE TEMP TABLE {all} (LIKE {table})").format(**names))
    with (
        source.cursor().copy(sql.SQL("COPY {table} TO STDOUT").format(**names)) as out,
        plain.cursor().copy(sql.SQL("COPY {all} FROM STDIN").format(**names)) as into,
    ):
        for block in out:
            into.write(block)
    names["new"] = sql.Identifier(f"new_{table}")
    plain.execute(
        sql.SQL("CREATE TEMP TABLE {new} AS SELECT * FROM {all} EXCEPT SELECT * FROM {table}").format(**names)
    )
    return bool(plain.execute(sql.SQL("SELECT EXISTS (SELECT FROM {new})").format(**names)).fetchone()[0])


def _put(plain: Any, table: Any) -> None:
    key = table.pk.column
    columns = [field.column for field in table.concrete_fields if field.column != key]
    names = {
        "table": sql.Identifier(table.db_table),
        "new": sql.Identifier(f"new_{table.db_table}"),
        "key": sql.Identifier(key),
        "columns": sql.SQL(", ").join(map(sql.Identifier, columns)),
        "values": sql.SQL(", ").join(sql.Identifier("n", column) for column in columns),
    }
    plain.execute(
        sql.SQL(
            "UPDATE {table} t SET ({columns}) = ROW ({values}) FROM {new} n WHERE t.{key} = n.{key}"
        ).format(**names)
    )
    plain.execute(
        sql.SQL(
            "INSERT INTO {table} ({key}, {columns}) SELECT n.{key}, {values} FROM {new} n"
            " WHERE NOT EXISTS (SELECT FROM {table} t WHERE t.{key} = n.{key})"
        ).format(**names)
    )
