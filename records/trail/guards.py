"""The database itself refuses to change what has happened, whoever asks. Only a name may go, and only as a whole."""

from typing import Any

from django.apps import apps
from django.db import connections

REFUSAL = "what has happened cannot be changed"
GUARDED = ("Event", "TrailBlock")
ERASABLE = ("actor_name", "actor_salt")


def remove(using: str = "default", **kwargs: Any) -> None:
    """Before every migration, which may change what they name."""
    connection = connections[using]
    statement = {
        "postgresql": "DROP TRIGGER IF EXISTS {0}_guard ON {0}",
        "sqlite": "DROP TRIGGER IF EXISTS {0}_no_update; DROP TRIGGER IF EXISTS {0}_no_delete",
    }.get(connection.vendor, "")
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        for table in {apps.get_model("records", label)._meta.db_table for label in GUARDED} & there:
            for one in filter(None, statement.format(table).split(";")):
                cursor.execute(one)


def install(using: str = "default", **kwargs: Any) -> None:
    """After every migration. Twice does no harm."""
    connection = connections[using]
    statements = {"postgresql": _postgresql, "sqlite": _sqlite}.get(connection.vendor)
    if statements is None:
        return
    with connection.cursor() as cursor:
        for label in GUARDED:
            model = apps.get_model("records", label)
            if model._meta.db_table in connection.introspection.table_names(cursor):
                for statement in statements(model):
                    cursor.execute(statement)


def _allowed(model: Any, same: str) -> str:
    """The one change of an event that is let through: a name and its salt emptied, everything else as it was."""
    columns = {field.column for field in model._meta.concrete_fields}
    if not columns.issuperset(ERASABLE):
        return ""
    emptied = [f"NEW.{column} = ''" for column in ERASABLE]
    kept = [f"NEW.{column} {same} OLD.{column}" for column in sorted(columns - {*ERASABLE})]
    return " AND ".join([*emptied, *kept])


def _postgresql(model: Any) -> list[str]:
    table, allowed = model._meta.db_table, _allowed(model, "IS NOT DISTINCT FROM")
    unless = f"IF TG_OP = 'UPDATE' AND ({allowed}) THEN RETURN NEW; END IF; " if allowed else ""
    return [
        (
            f"CREATE OR REPLACE FUNCTION {table}_guard() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {unless}RAISE EXCEPTION '{REFUSAL}'; END $$"
        ),
        f"DROP TRIGGER IF EXISTS {table}_guard ON {table}",
        (
            f"CREATE TRIGGER {table}_guard BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_guard()"
        ),
    ]


def _sqlite(model: Any) -> list[str]:
    table, allowed = model._meta.db_table, _allowed(model, "IS")
    unless = f"WHEN NOT ({allowed}) " if allowed else ""
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    made = []
    for action, condition in (("update", unless), ("delete", "")):
        made.append(f"DROP TRIGGER IF EXISTS {table}_no_{action}")
        made.append(
            f"CREATE TRIGGER {table}_no_{action} BEFORE {action.upper()} ON {table} {condition}{refuse}"
        )
    return made
