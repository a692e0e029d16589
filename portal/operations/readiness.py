"""Whether this process can serve: each part that it cannot go without, asked."""

import logging
from collections.abc import Callable

from django.core.cache import cache
from django.db import connection

from portal.operations.broker import opened
from portal.operations.machine import pending_migrations

logger = logging.getLogger(__name__)


class NotReady(Exception):
    """A part answers, and not as it should."""


def failing() -> list[str]:
    """The parts that do not answer, by name; empty where all is well. Without a database nothing is said of its tables."""
    broken = [name for name, ask in PARTS.items() if not _answers(name, ask)]
    return [name for name in broken if name != "migrations" or "database" not in broken]


def _answers(name: str, ask: Callable[[], None]) -> bool:
    try:
        ask()
    except Exception as error:  # noqa: BLE001 -- whatever it raises, it is not ready
        logger.warning("not ready: %s (%s)", name, type(error).__name__)
        return False
    return True


def database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _migrations() -> None:
    if pending_migrations():
        raise NotReady


def _broker() -> None:
    with opened() as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, timeout=2)


def _cache() -> None:
    cache.set("readiness", "here", 10)
    if cache.get("readiness") != "here":
        raise NotReady


PARTS: dict[str, Callable[[], None]] = {
    "database": database,
    "migrations": _migrations,
    "broker": _broker,
    "cache": _cache,
}
