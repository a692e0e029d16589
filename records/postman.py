"""Calls whoever sends letters, once what wrote them is committed. Nothing hangs on it: the sweep sends what nobody was called for."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)

# By name: it is a task of an app above. Void when the sweep has come meanwhile.
TASK, SECONDS = "cases.tasks.send_letters", 55
_is_here: ContextVar[bool] = ContextVar("postman_is_here", default=False)


@contextmanager
def here() -> Iterator[None]:
    """Whoever is inside sends the letters himself when he has done."""
    before = _is_here.set(True)
    try:
        yield
    finally:
        _is_here.reset(before)


def call() -> None:
    """Once for a transaction, however many letters it writes."""
    if not _is_here.get() and not _was_called():
        transaction.on_commit(_send_for, robust=True)


def _was_called() -> bool:
    return any(function is _send_for for _, function, _ in transaction.get_connection().run_on_commit)


def _send_for() -> None:
    """Without a queue the act stands all the same, and nobody waits for one to come back."""
    try:
        current_app.send_task(TASK, expires=SECONDS, retry=False, ignore_result=True)
    except Exception as error:  # noqa: BLE001 -- whatever a queue does
        logger.warning("letters left to the next sweep: no queue (%s)", type(error).__name__)
