"""Reminders before the end of what a provider must do in time: how many working days before, each programme's office sets."""

import logging
from collections.abc import Iterator
from datetime import date, datetime

from django.db import OperationalError

from cases import engine, kinds, letters
from cases.models import Case, Deadline
from cases.unit_notes import is_carried_out
from cities.calendar import Calendar, CalendarMissing, Counting, report_by
from records.models import Letter
from records.words import days_left, local_day

logger = logging.getLogger(__name__)
BEFORE = Counting("working", "same", "none")


def remind(at: datetime) -> int:
    """Write the reminders that are due; how many. Of several days that were missed only the nearest is made up for, so that
    after an outage nobody gets a heap of letters."""
    due = list(_due(at))
    written = set(Letter.objects.filter(key__in=[key for _, key in due]).values_list("key", flat=True))
    return sum(_remind(deadline, key, at) for deadline, key in due if key not in written)


def _due(at: datetime) -> Iterator[tuple[Deadline, str]]:
    """Deadlines that run for a provider and have come to a day of their programme's ladder; not where it has done its part."""
    calendar = Calendar()
    waiting = Deadline.objects.filter(
        state=Deadline.State.RUNNING,
        closes_at__gt=at,
        case__status=Case.Status.OPEN,
        case__waiting_for="provider",
    ).exclude(is_carried_out("case__"))
    for deadline in waiting.select_related("case__programme").order_by("closes_at", "pk"):
        ladder = deadline.case.programme.reminder_days
        if (step := rung(deadline, ladder, local_day(at), calendar)) is not None:
            # Not by the deadline: one that is counted again to the same day tells nothing new.
            yield deadline, f"reminder:{deadline.case_id}:{deadline.closes_on}:{step}"


def rung(deadline: Deadline, ladder: list[int], today: date, calendar: Calendar) -> int | None:
    """The lowest step of the ladder that has been reached since the deadline began, in working days before its last day. None
    before the first, and where the working calendar does not reach: a day that nobody can count is not named."""
    begun = local_day(deadline.started_at)
    try:
        days = {step: report_by(step, BEFORE, deadline.closes_on, calendar).report_by for step in ladder}
    except CalendarMissing:
        return None
    return min((step for step, day in days.items() if begun < day <= today), default=None)


def _remind(deadline: Deadline, key: str, at: datetime) -> bool:
    """One transaction each; asked again under the case's lock. One that fails is tried by the next sweep."""
    try:
        with engine.locked(deadline.case_id) as (case, _):
            still = case.deadlines.filter(pk=deadline.pk, state=Deadline.State.RUNNING).first()
            if still is None or case.waiting_for != "provider" or still.closes_on != deadline.closes_on:
                return False
            left = days_left(still.closes_at, at)
            kind = kinds.of(case).tells(case, "reminder", None)
            told = kind and letters.post(case, kind, key, at=at, article=still.article, left=left)
            return bool(told)
    except OperationalError:
        logger.exception("reminder left to the next sweep", extra={"deadline": deadline.pk})
    except Exception:
        logger.exception("reminder not written", extra={"deadline": deadline.pk})
    return False
