"""Rows that take long to make: made once in a process by the real steps, and put back as they were where a test comes to the same
point by the same way.

A test's way is the list of what it has had made so far. As soon as it writes anything else, nobody knows where it stands, and
everything is made by its steps again.

Processes that share a folder share what they have made: whoever comes to a point first makes it, the others read it.
"""

import fcntl
import pickle
import re
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache, wraps
from hashlib import sha256
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.db import connection, models, transaction

from records import clock

P = ParamSpec("P")
R = TypeVar("R")

Way = tuple[Hashable, ...]
Rows = dict[str, str]  # literals the database wrote, by primary key
Tables = dict[str, Rows]

_running = clock.now
_READS = re.compile(r"\s*(SELECT|SAVEPOINT|RELEASE|BEGIN|PRAGMA|SET|SHOW)\b")
_WRITES = re.compile(r'\s*(?:INSERT(?: OR IGNORE)? INTO|UPDATE|DELETE FROM) "(\w+)"')


def remembered(make: Callable[P, R]) -> Callable[P, R]:
    """For what writes rows and files that depend on nothing but its arguments, the rows there are and the clock. Gives back what
    `make` gave the first time: a copy, as the rows are."""

    @wraps(make)
    def put(*args: P.args, **named: P.kwargs) -> R:
        return once(lambda: make(*args, **named), make.__module__, make.__qualname__, args, named)

    return put


def once(make: Callable[[], R], *facts: Any) -> R:
    """The same for a step whose rows depend on these facts and on nothing else of what it is given."""
    made: R = _here.go((_token(facts), _token(_clock())), make)
    return made


def begin() -> None:
    """A test that has written nothing yet."""
    if _here.watch not in connection.execute_wrappers:
        connection.execute_wrappers.append(_here.watch)
    _here.way = ()


def share(folder: Path) -> None:
    """With the other processes of this run."""
    folder.mkdir(exist_ok=True)
    _here.folder = folder


@dataclass
class _Kept:
    tables: Tables  # what the step has written, as it is now
    statements: list[str]
    files: dict[Path, bytes]
    given: bytes

    def put(self) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in self.statements:
                cursor.execute(statement)
        for path, content in self.files.items():
            target = settings.PRIVATE_FILES_ROOT / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)


class _Here:
    """Where the present test stands."""

    def __init__(self) -> None:
        self.way: Way | None = None  # None: nobody knows
        self.folder: Path | None = None  # None: no other process has it too
        self._kept: dict[Way, _Kept] = {}
        self._written: set[str] | None = None  # what the present step has written

    def watch(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """Every statement of this process passes here."""
        if not _READS.match(sql):
            self._note(sql)
        return execute(sql, params, many, context)

    def _note(self, sql: str) -> None:
        table = _WRITES.match(sql)
        if self._written is None:
            self.way = None
        elif table:
            self._written.add(table[1])
        elif not sql.startswith("ROLLBACK TO"):
            raise AssertionError(f"no step that can be remembered: {sql}")

    def go(self, step: Hashable, make: Callable[[], Any]) -> Any:
        if self.way is None or self._written is not None:
            return make()
        if self.way == ():
            self.way = self._start()
        before, self.way = self.way, None
        after = (*before, step)
        self._written = set()
        try:
            if after in self._kept:
                self._kept[after].put()
            else:
                self._kept[after] = self._first(before, after, make)
        finally:
            self._written = None
        self.way = after
        return pickle.loads(self._kept[after].given)  # noqa: S301  (our own, of this process)

    def _start(self) -> Way:
        """Content types and permissions are numbered anew whenever the tables have been emptied."""
        start = tuple(_rows("django_content_type")) + tuple(_rows("auth_permission"))
        if (start,) not in self._kept:
            filled = {table: _rows(table) for table in connection.introspection.table_names()}
            self._kept[(start,)] = _Kept(filled, [], {}, b"")
        return (start,)

    def _first(self, before: Way, after: Way, make: Callable[[], Any]) -> _Kept:
        """What this process comes to for the first time: another may have made it."""
        if self.folder is None:
            return self._make(before, make)
        with _only_one(self.folder / sha256(repr(after).encode()).hexdigest()) as path:
            if path.exists():
                kept: _Kept = pickle.loads(path.read_bytes())  # noqa: S301  (our own, of this run)
                kept.put()
            else:
                kept = self._make(before, make)
                part = path.with_suffix(".part")  # whoever is killed leaves no half of it
                part.write_bytes(pickle.dumps(kept))
                part.rename(path)
        return kept

    def _make(self, before: Way, make: Callable[[], Any]) -> _Kept:
        old_files = _files()
        given = pickle.dumps(make())
        assert self._written is not None
        new = {table: _rows(table) for table in sorted(self._written)}
        old = {table: self._latest(before, table) for table in new}
        statements = [line for table in new for line in _differences(table, old[table], new[table])]
        files = {path: content for path, content in _files().items() if path not in old_files}
        return _Kept(new, statements, files, given)

    def _latest(self, way: Way, table: str) -> Rows:
        """A table as the last step on this way that wrote it has left it."""
        points = (way[:length] for length in range(len(way), 0, -1))
        return next(
            kept.tables[table] for kept in map(self._kept.__getitem__, points) if table in kept.tables
        )


@contextmanager
def _only_one(path: Path) -> Iterator[Path]:
    """At a time: who comes second waits until the first has made it, or has failed to."""
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield path


_here = _Here()


def _clock() -> Any:
    """What it says where it is stopped; that it runs, where it runs; and a file that shifts it is each test's own."""
    return clock._stopped.get() or (settings.CLOCK_FILE if clock.now is _running else clock.now())


def _token(value: Any) -> Hashable:
    """What a step is called with, as far as its rows may depend on it."""
    if isinstance(value, models.Model):
        return (type(value), value.pk)
    if isinstance(value, dict):
        return tuple((key, _token(entry)) for key, entry in value.items())
    if isinstance(value, list | tuple):
        return tuple(map(_token, value))
    if value is None or isinstance(value, str | bytes | int | date | Path):
        return (type(value), value)
    raise TypeError(f"nobody can tell whether two of these are the same: {value!r}")


def _files() -> dict[Path, bytes]:
    root = Path(settings.PRIVATE_FILES_ROOT)
    return {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def _differences(table: str, old: Rows, new: Rows) -> list[str]:
    """The statements that make the old rows the new ones, whatever the types of the columns."""
    key, columns = _columns(table)
    gone = ", ".join(pk for pk, row in old.items() if new.get(pk) != row)
    come = ",\n".join(row for pk, row in new.items() if old.get(pk) != row)
    delete = f'DELETE FROM "{table}" WHERE "{key}" IN ({gone})'  # noqa: S608  (names of our own tables, literals the database wrote)
    insert = f'INSERT INTO "{table}" ({", ".join(columns)}) VALUES {come}'  # noqa: S608
    return [delete] * bool(gone) + [insert] * bool(come)


def _rows(table: str) -> Rows:
    key, columns = _columns(table)
    literal = "quote({})" if connection.vendor == "sqlite" else "quote_nullable({}::text)"
    row = " || ',' || ".join(literal.format(column) for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {literal.format(_quoted(key))}, '(' || {row} || ')' FROM \"{table}\"")  # noqa: S608
        return dict(cursor.fetchall())


@cache
def _columns(table: str) -> tuple[str, list[str]]:
    """The name of a table's primary key, and its columns."""
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, table)
        key = connection.introspection.get_primary_key_column(cursor, table)
    assert key is not None, table
    return key, [_quoted(column.name) for column in described]


def _quoted(name: str) -> str:
    return f'"{name}"'
