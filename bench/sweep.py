"""Closing publicities that are all due with the sweep, against bare SQL that writes the same rows. PostgreSQL.

The bare way sends the very statements of the sweep that wrote something, values and all, on a connection of psycopg's own:
one transaction a case, no reading, no locking, no checks. The two take turns, slice by slice, each on a copy of the same
database, so that whatever else the machine does meanwhile is done to both.
"""

import os
import statistics
from collections import Counter
from contextlib import ExitStack, suppress
from typing import Any

from django.core.management import call_command
from django.db import connection

from bench import databases, effort, growth, sets
from bench.effort import Effort
from cases.sweep import sweep
from records import postman

WRITES = ("INSERT", "UPDATE", "DELETE")
# What a sweep asks first of each case, under the programme's lock.
BEGINS = 'FROM "cases_case"'
# As many turns each takes; the first and the last tell whether a case takes longer the more there are.
TURNS = 10
WARM = 5
# Of more only so many are closed: whether a case takes longer among many shows by then, and not an hour later.
MOST = 5000

Statement = tuple[str, Any]


class Enough(BaseException):
    """As many were closed as are measured; a sweep sets aside what raises an Exception, and goes on."""


class Turns:
    """Goes along with a sweep: counts its statements, and after each slice of its cases stops it to let the bare way write the
    same. Ends with the efforts of both, slice by slice."""

    def __init__(self, plain: Any, size: int) -> None:
        self.plain, self.most = plain, min(size, MOST)
        self.slice = max(1, self.most // TURNS)
        self.closed = 0
        self.backend = connection.connection.info.backend_pid
        self.cases: list[list[Statement]] = []
        self.kinds: Counter[str] = Counter()
        self.rows = 0
        self.swept: list[Effort] = []
        self.bare: list[Effort] = []
        self.begun = effort.so_far(self.backend)

    def __call__(self, execute: Any, statement: str, params: Any, many: bool, context: Any) -> Any:
        word = statement.split(maxsplit=1)[0]
        self.kinds[word] += 1
        if BEGINS in statement and "FOR UPDATE" in statement:
            if len(self.cases) == self.slice:
                self.take_turns()
            if self.closed == MOST:
                raise Enough
            self.closed += 1
            self.cases.append([])
        elif word in WRITES and self.cases:
            self.cases[-1].append((statement, params))
        return execute(statement, params, many, context)

    def take_turns(self) -> None:
        self.swept.append(effort.so_far(self.backend) - self.begun)
        self.bare.append(effort.of(self._write, self.plain.info.backend_pid))
        self.rows += sum(map(len, self.cases))
        self.cases = []
        self.begun = effort.so_far(self.backend)

    def _write(self) -> None:
        with self.plain.cursor() as cursor:
            for statements in self.cases:
                with self.plain.transaction():
                    for statement, params in statements:
                        cursor.execute(statement, params)


def measure(sizes: list[int], rounds: int) -> list[dict[str, Any]]:
    stem = f"portal_bench_{os.getpid()}"
    with databases.fresh(f"{stem}_rules") as rules:
        call_command("migrate", interactive=False, verbosity=0)
        growth.load_rules()
        with databases.fresh(f"{stem}_warm", rules):
            _close_all(growth.grow_due(WARM), WARM)  # what a process reads only once: addresses, templates
        return [_sized(size, rounds, f"{stem}_due", rules) for size in sizes]


def _sized(size: int, rounds: int, name: str, rules: str) -> dict[str, Any]:
    with databases.fresh(name, rules) as due:
        closes_at = growth.grow_due(size)
        databases.settle()
        found = [_round(size, due, f"{due}_{number}", closes_at) for number in range(rounds)]
    return sorted(found, key=lambda one: one["sweep"]["cpu"])[len(found) // 2]


def _round(size: int, due: str, name: str, closes_at: Any) -> dict[str, Any]:
    with ExitStack() as stack:
        bare = stack.enter_context(databases.fresh(f"{name}_bare", due))
        swept = stack.enter_context(databases.fresh(f"{name}_swept", due))
        plain = stack.enter_context(databases.plainly(bare))
        connection.ensure_connection()
        turns = Turns(plain, size)
        with connection.execute_wrapper(turns), suppress(Enough):
            _close_all(closes_at, size)
        if turns.cases:
            turns.take_turns()
        with databases.fresh(f"{name}_set", due):
            in_sets = sets.write(swept)
    return _told(size, turns, in_sets)


def _told(size: int, turns: Turns, in_sets: float) -> dict[str, Any]:
    ways = {"sweep": turns.swept, "bare": turns.bare}
    whole = {way: sum(slices, Effort()) for way, slices in ways.items()}
    return {
        "size": size,
        "closed": turns.most,
        **{way: {"wall": one.wall, "cpu": one.cpu} for way, one in whole.items()},
        "growth": {way: _last_to_first(slices) for way, slices in ways.items()},
        "set": in_sets,
        "statements": {word: count / turns.most for word, count in turns.kinds.items()},
        "writes": turns.rows / turns.most,
    }


def _last_to_first(slices: list[Effort]) -> float:
    """How many times the processor time of the first three slices the last three whole ones took."""
    whole = [one.cpu for one in slices[:TURNS]]
    return statistics.fmean(whole[-3:]) / statistics.fmean(whole[:3])


def _close_all(closes_at: Any, size: int) -> None:
    """As `cases.runs` has it done: nobody is called for each letter, the sweep sends them itself when it has done."""
    with postman.here():
        report = sweep(closes_at)
    if len(report.done) != size:
        raise RuntimeError(f"{len(report.done)} of {size} done: {report.failed[:1]} {report.trouble}")
