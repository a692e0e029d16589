"""What the sweeps of this site did, for who keeps it running: a row each, the last week of them."""

import logging
import time
from datetime import datetime

from django.db import Error

from cases.models import SweepRun
from cases.sweep import SweepReport, sweep
from records import clock, postman

logger = logging.getLogger(__name__)

# One a minute for a week. Counted by rows, not by days: a clock that is moved must not make them go or stay.
KEPT = 7 * 24 * 60


def run(at: datetime | None = None) -> SweepReport:
    """Sweep, and keep that it was done: by the site's clock as it goes on, or all of it as of one moment."""
    begins, since = at or clock.now(), time.monotonic()
    begun = _begin(begins)
    with postman.here():
        report = sweep(begins, None if at else clock.now)
    _end(begun, report, time.monotonic() - since)
    return report


def last() -> SweepRun | None:
    """The sweep that began last, whatever the clock said then; it may still be at work, or have been killed."""
    return SweepRun.objects.order_by("-pk").first()


def last_ended() -> SweepRun | None:
    return SweepRun.objects.exclude(seconds=None).order_by("-pk").first()


def _begin(at: datetime) -> SweepRun:
    """Without a database there is nothing to keep it in, and the sweep will say so itself."""
    row = SweepRun(at=at)
    try:
        row.save()
        SweepRun.objects.filter(pk__lte=row.pk - KEPT).delete()
    except Error:
        logger.error("sweep could not be recorded when it began")
    return row


def _end(row: SweepRun, report: SweepReport, seconds: float) -> None:
    row.seconds = seconds
    row.due, row.done = report.due, len(report.done)
    row.set_aside, row.left = len(report.failed) - len(report.broken_chores), len(report.left)
    row.trouble = report.trouble[:300]
    try:
        row.save()
    except Error:
        logger.error("sweep could not be recorded when it ended")
