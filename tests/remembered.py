"""Rows that take long to make: made once in a process, put back as they were wherever nothing stands in their way."""

from collections.abc import Callable

from django.db import connection, transaction


class Remembered:
    """Calling it does what `make` does, which must only add rows, to tables that are empty."""

    def __init__(self, make: Callable[[], object]) -> None:
        self._make = make
        self._inserts: dict[str, str] = {}

    def __call__(self) -> None:
        if self._inserts and not _filled(list(self._inserts)):
            with transaction.atomic(), connection.cursor() as cursor:
                for insert in self._inserts.values():
                    cursor.execute(insert)
        else:
            self._make_and_remember()

    def _make_and_remember(self) -> None:
        before = _filled(connection.introspection.table_names())
        self._make()
        after = _filled(connection.introspection.table_names())
        # Where it found tables filled, its rows are not all there is to put back.
        if all(after[table] == count for table, count in before.items()):
            self._inserts = {table: _insert(table) for table in after.keys() - before.keys()}


def _filled(tables: list[str]) -> dict[str, int]:
    """How many rows each table has that has any."""
    counts = " UNION ALL ".join(f"SELECT '{table}', COUNT(*) FROM \"{table}\"" for table in tables)  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(counts)
        return {table: count for table, count in cursor.fetchall() if count}


def _insert(table: str) -> str:
    """One statement that puts every row of a table back, whatever the types of its columns."""
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, table)
        names = [f'"{column.name}"' for column in described]
        literal = "quote({})" if connection.vendor == "sqlite" else "quote_nullable({}::text)"
        row = " || ',' || ".join(literal.format(name) for name in names)
        cursor.execute(f'SELECT {row} FROM "{table}"')  # noqa: S608
        rows = ",\n".join(f"({row})" for (row,) in cursor.fetchall())
    return f'INSERT INTO "{table}" ({", ".join(names)}) VALUES {rows}'  # noqa: S608  (names of our own tables, literals the database wrote)
