"""Calls whoever makes the files, once what decided on them is committed. Nothing hangs on it: the sweep makes what is left."""

import logging

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)

TASK, SECONDS = "notices.tasks.make_files", 55


def call() -> None:
    if not any(function is _send for _, function, _ in transaction.get_connection().run_on_commit):
        transaction.on_commit(_send, robust=True)


def _send() -> None:
    try:
        current_app.send_task(TASK, expires=SECONDS, retry=False, ignore_result=True)
    except Exception as error:  # noqa: BLE001 -- whatever a queue does
        logger.warning("documents left to the next sweep: no queue (%s)", type(error).__name__)
