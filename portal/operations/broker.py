"""A connection to the task queue that gives up soon: whoever looks must not wait for a server that is not there."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from kombu import Connection

PATIENCE_SECONDS = 2


@contextmanager
def opened() -> Iterator[Any]:
    given = getattr(settings, "CELERY_BROKER_TRANSPORT_OPTIONS", {})
    soon = {"socket_timeout": PATIENCE_SECONDS, "socket_connect_timeout": PATIENCE_SECONDS}
    with Connection(settings.CELERY_BROKER_URL, transport_options={**soon, **given}) as connection:
        yield connection
