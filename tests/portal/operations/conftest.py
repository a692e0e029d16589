from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test.utils import CaptureQueriesContext

from records.probes import Reading, probes


@pytest.fixture
def read(db: None) -> Callable[[str, datetime], Reading]:
    """One number as of a moment; what it raises is raised."""

    def one(key: str, at: datetime) -> Reading:
        return next(probe for probe in probes() if probe.key == key).read(at)

    return one


@pytest.fixture
def nobody_listens(settings: Any) -> str:
    """The address of a Redis that is not there."""
    return "redis://127.0.0.1:1/0"


@pytest.fixture
def older_tables(db: None, settings: Any) -> Callable[[], None]:
    """Make the tables older than the code. Where the run built none by migrations, all of them are missing."""

    def undo() -> None:
        settings.MIGRATION_MODULES = {}
        recorder = MigrationRecorder(connection)
        if recorder.has_table():
            [last] = MigrationLoader(connection).graph.leaf_nodes("records")
            recorder.record_unapplied(*last)

    return undo


def queries(call: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as seen:
        call()
    return len(seen)
