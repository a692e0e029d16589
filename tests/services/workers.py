"""Talking to workers and beats that a test has started."""

import subprocess
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from celery.beat import PersistentScheduler
from django.utils import timezone

from portal.celery import app
from tests.conftest import at
from tests.servers import ROOT

# Where the clock of these processes stands: a minute after the end of 2026-10-03.
A_MINUTE_LATE = at("2026-10-04 00:01")


def call_sweep(environment: Mapping[str, str]) -> None:
    """As beat does every minute."""
    command = ["celery", "-A", "portal", "call", "cases.tasks.sweep_due"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)


def away_for_an_hour(schedule: Path) -> str:
    """The file that a beat leaves which last sent its tasks an hour ago."""
    scheduler = PersistentScheduler(app, schedule_filename=str(schedule))
    scheduler.schedule["sweep"].last_run_at = timezone.now() - timedelta(hours=1)
    scheduler.close()
    return str(schedule)
