"""How many queries and how long the long pages and the checks take: against a view that does nothing, and against the least
that a page could be, which is its own queries on a bare cursor and that view with as many bytes."""

import math
import os
import statistics
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypedDict

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from bench import databases, growth
from cases import engine, kinds
from providers.views import PER_PAGE

WARM_UP = 2
Ask = Callable[..., int]  # the bytes that came; a page takes something to add to its address
Statement = tuple[str, Any]
EMPTY, EMPTY_FOR_STAFF = "empty view", "empty view, logged in"
# What each row of the table is set against: the same request, with the same session, to a view that does nothing.
AGAINST = {
    EMPTY: EMPTY,
    "list": EMPTY,
    "list, its last page": EMPTY,
    "list, a search": EMPTY,
    "board": EMPTY,
    "first page": EMPTY,
    EMPTY_FOR_STAFF: EMPTY_FOR_STAFF,
    "worklist": EMPTY_FOR_STAFF,
    "all cases": EMPTY_FOR_STAFF,
    "filing + state checks": EMPTY_FOR_STAFF,
}


class Figure(TypedDict):
    """`seconds` is the median; `times` is how many times the empty view that is, `times_least` how many times the least."""

    queries: int
    seconds: float
    times: float
    times_least: float


class Sized(TypedDict):
    """What was found with so many registrations."""

    size: int
    seconds_to_grow: float
    figures: dict[str, Figure]


def measure(sizes: list[int], rounds: int) -> list[Sized]:
    """Every size in a database of its own, a copy of one that has the rules and nothing else."""
    stem = f"portal_bench_{os.getpid()}"
    found = []
    with databases.fresh(f"{stem}_rules") as rules:
        call_command("migrate", interactive=False, verbosity=0)
        growth.load_rules()
        for size in sizes:
            with databases.fresh(f"{stem}_{size}", rules):
                found.append(_sized(size, rounds))
    return found


@override_settings(ROOT_URLCONF="bench.urls")
def _sized(size: int, rounds: int) -> Sized:
    began = time.perf_counter()
    grown = growth.grow(size)
    databases.settle()
    grown_in = time.perf_counter() - began
    asked = _asked(grown, size)
    counted = {name: queries(ask) for name, ask in asked.items()}
    least = _least(asked)
    seconds = medians({**asked, **{f"least {name}": ask for name, ask in least.items()}}, rounds)
    figures = {
        name: Figure(
            queries=counted[name],
            seconds=seconds[name],
            times=seconds[name] / seconds[AGAINST[name]],
            times_least=seconds[name] / seconds[f"least {name}"],
        )
        for name in asked
    }
    return Sized(size=size, seconds_to_grow=grown_in, figures=figures)


def _least(asked: dict[str, Ask]) -> dict[str, Callable[[], object]]:
    """By name the same queries without Django's models, and the empty view that sends as many bytes."""
    recorded = {name: _recorded(ask) for name, ask in asked.items()}
    return {
        name: _bare(
            size, [one for one in found if one not in recorded[AGAINST[name]][1]], asked[AGAINST[name]]
        )
        for name, (size, found) in recorded.items()
    }


def _recorded(ask: Ask) -> tuple[int, list[Statement]]:
    """How many bytes came, and what was asked of the database for them."""
    found: list[Statement] = []

    def note(execute: Any, statement: str, params: Any, many: bool, context: Any) -> Any:
        found.append((statement, params))
        return execute(statement, params, many, context)

    with connection.execute_wrapper(note):
        return ask(), found


def _bare(size: int, statements: list[Statement], empty: Ask) -> Callable[[], object]:
    def least() -> None:
        with connection.cursor() as cursor:
            for statement, params in statements:
                cursor.execute(statement, params)
                if cursor.description:
                    cursor.fetchall()
        empty(f"?bytes={size}")

    return least


def _asked(grown: growth.Grown, size: int) -> dict[str, Ask]:
    """By name what to do once."""
    public, staff = Client(SERVER_NAME="127.0.0.1"), Client(SERVER_NAME="127.0.0.1")
    staff.force_login(grown.clerk)
    page = f"/lists/{grown.programme.slug}/"
    return {
        EMPTY: get(public, "/empty/"),
        "list": get(public, page),
        "list, its last page": get(public, f"{page}?page={math.ceil(size / PER_PAGE)}"),
        "list, a search": get(public, f"{page}?q={growth.unit_name(0)}"),
        "board": get(public, "/publicity/"),
        "first page": get(public, "/"),
        EMPTY_FOR_STAFF: get(staff, "/empty/"),
        "worklist": get(staff, "/admin/cases/case/"),
        "all cases": get(staff, "/admin/cases/case/?status=all"),
        "filing + state checks": _checks(grown),
    }


def get(client: Client, address: str) -> Ask:
    def ask(more: str = "") -> int:
        response = client.get(address + more)
        if response.status_code != HTTPStatus.OK:
            raise RuntimeError(f"{address} answered {response.status_code}")
        return len(response.getvalue())

    return ask


def _checks(grown: growth.Grown) -> Ask:
    """Of an application with five operations, from the row alone as `engine.load` gives it."""
    case = engine.load(grown.case.pk)

    def ask(more: str = "") -> int:
        kind = kinds.of(case)
        kind.filing_checks(case, at=grown.now)
        kind.state_checks(case, at=grown.now)
        return 0

    return ask


def queries(ask: Callable[[], object]) -> int:
    """How many it asks once it is warm."""
    for _ in range(WARM_UP):
        ask()
    with CaptureQueriesContext(connection) as captured:
        ask()
    return len(captured)


def medians(asked: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """In turn, round after round: what disturbs the machine meanwhile disturbs all of them alike."""
    spans: dict[str, list[float]] = {name: [] for name in asked}
    for _ in range(rounds):
        for name, ask in asked.items():
            began = time.perf_counter()
            ask()
            spans[name].append(time.perf_counter() - began)
    return {name: statistics.median(found) for name, found in spans.items()}
