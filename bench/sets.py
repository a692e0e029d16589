"""The rows of one database that another lacks, written into it with one INSERT and one UPDATE a table."""

import time
from typing import Any

from django.apps import apps
from psycopg import sql

from bench.databases import plainly


def write(swept: str) -> float:
    """In how many seconds, from tables that hold them already; into the database where Django is."""
    tables = [model._meta for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    with plainly() as plain, plainly(swept) as source:
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
