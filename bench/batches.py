"""What a batch costs that has so many cases, each with five changes to the list: gathered, held, decided, opened, closed."""

import os
import time
from collections.abc import Callable
from typing import Any, TypedDict

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import override_settings

from bench import databases, growth
from bench.pages import get
from cases import batches, sweep
from cases.batches import MOST_AT_ONCE
from cases.deadlines.many import change_many, open_deadlines
from cases.models import Batch
from publicity import steps


class Cost(TypedDict):
    """Of the whole batch."""

    queries: int
    processor: float
    seconds: float


class Sized(TypedDict):
    """What was found with so many cases."""

    size: int
    costs: dict[str, Cost]


def measure(sizes: list[int], rounds: int) -> list[Sized]:
    """Every size in a database of its own; each step is taken once."""
    stem = f"portal_bench_{os.getpid()}"
    found = []
    with databases.fresh(f"{stem}_rules") as rules:
        call_command("migrate", interactive=False, verbosity=0)
        growth.load_rules()
        for size in sizes:
            with databases.fresh(f"{stem}_{size}", rules):
                found.append(Sized(size=size, costs=_costs(size)))
    return found


@override_settings(ROOT_URLCONF="bench.urls")
def _costs(size: int) -> dict[str, Cost]:
    grown = growth.grow_batch(size)
    databases.settle()
    return {name: _cost(act) for name, act in _Told(grown).acts().items()}


class _Told:
    """The story of one batch: each act begins where the one before has left it."""

    def __init__(self, grown: growth.GrownBatch) -> None:
        self.grown = grown
        self.clerk, self.decider = grown.clerk, grown.decider
        self.batch: Any = None
        self.client = Client(SERVER_NAME="127.0.0.1")
        self.client.force_login(grown.clerk)

    def acts(self) -> dict[str, Callable[[], object]]:
        return {
            "gathered into the batch": self.gather,
            "page of the batch": lambda: self.page(f"/admin/cases/batch/{self.batch.pk}/change/"),
            "list of batches": lambda: self.page("/admin/cases/batch/"),
            "deadlines held": lambda: self.deadlines("hold"),
            "deadlines resumed": lambda: self.deadlines("resume"),
            f"decided at the first desk, {MOST_AT_ONCE} a request": lambda: self.decide(
                "support", self.clerk
            ),
            f"decided at the second, {MOST_AT_ONCE} a request": lambda: self.decide("approve", self.decider),
            "opened": self.open,
            "public page of the period": lambda: self.page(f"/publicity/{self.period.pk}/"),
            "closed and published": self.close,
        }

    def gather(self) -> None:
        cases = self.grown.cases
        self.batch = batches.create(cases[0].procedure, cases, by=self.clerk, at=self.grown.now)

    def page(self, address: str) -> None:
        get(self.client, address)()

    def deadlines(self, what: str) -> None:
        stamps = [deadline.stamp for deadline in open_deadlines(self.batch.programme)]
        found = change_many(
            self.batch.programme, stamps, what, by=self.decider, at=self.grown.now, reason="系统停机。"
        )
        _all_done(len(self.grown.cases), sum(one.is_done for one in found))

    def decide(self, outcome: str, by: Any) -> None:
        chosen = [(case.pk, batches.since(case)) for case in batches.open_cases(self.batch)]
        went = 0
        for start in range(0, len(chosen), MOST_AT_ONCE):
            some = chosen[start : start + MOST_AT_ONCE]
            told = batches.decide(self.batch, some, outcome, by=by, at=self.grown.now, opinion="同意。")
            went += len(told.went)
        _all_done(len(chosen), went)

    def open(self) -> None:
        self.period = steps.open_batch(self.batch, by=self.clerk, at=self.grown.now)

    def close(self) -> None:
        sweep.sweep(self.period.closes_at)
        _all_done(0, batches.open_cases(Batch.objects.get(pk=self.batch.pk)).count())


def _all_done(wanted: int, done: int) -> None:
    if wanted != done:
        raise RuntimeError(f"{done} instead of {wanted}")


def _cost(act: Callable[[], object]) -> Cost:
    count = 0

    def note(execute: Any, statement: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal count
        count += 1
        return execute(statement, params, many, context)

    processor, began = time.process_time(), time.perf_counter()
    with connection.execute_wrapper(note):
        act()
    return Cost(queries=count, processor=time.process_time() - processor, seconds=time.perf_counter() - began)
