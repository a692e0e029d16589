"""Several at once, and what they race for."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.db import connection, connections, transaction

from accounts.models import User
from cases import engine
from cases.models import Case
from cities.models import Programme
from providers import registry
from providers.models import Registration
from publicity import steps as publicity_steps
from tests.conftest import NOW, at, review, submitted
from tests.servers import wait_until

SHOWN, CLOSES = at("2026-09-28 10:00"), at("2026-10-04 00:00")


def show(apply: Any, unit: Registration, operation: Any, clerk: User, decider: User) -> Case:
    """An application brought in on paper and shown from 2026-09-28: 9月29日 to 10月3日."""
    case = apply(unit, clerk, [operation], channel="paper", received_on=NOW.date())
    case = review(submitted(case, by=clerk, at=NOW), clerk, decider, NOW)
    publicity_steps.open_period(case, by=clerk, at=SHOWN)
    return engine.load(case.pk)


@contextmanager
def queue_for(programme: Programme) -> Iterator[Callable[[Callable[[], Any]], "Future[Any]"]]:
    """Holds the programme's list, and lets go at the end: whoever was started meanwhile has read what there is, waits
    for the same lock and gets it in the order of starting. PostgreSQL."""
    with ThreadPoolExecutor() as pool, transaction.atomic():
        registry.lock(programme)
        waiting: list[Future[Any]] = []

        def start(call: Callable[[], Any]) -> "Future[Any]":
            waiting.append(pool.submit(on_its_own_connection, call))
            wait_until(lambda: waiters() == len(waiting), 20, lambda: f"{waiters()} wait")
            return waiting[-1]

        yield start


def on_its_own_connection(call: Callable[[], Any]) -> Any:
    try:
        return call()
    finally:
        connections.close_all()


def waiters() -> int:
    """How many others wait for a lock in this database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return int(cursor.fetchone()[0])


def database_url() -> str:
    """The test database's, for a process of our own. PostgreSQL."""
    given = connection.settings_dict
    password = f":{given['PASSWORD']}" if given["PASSWORD"] else ""
    return f"postgres://{given['USER']}{password}@{given['HOST']}:{given['PORT']}/{given['NAME']}"
