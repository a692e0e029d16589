"""What the office itself is told: one letter a working morning to each person at a desk, of all that waits there.

Who gets it follows the grants that hold that morning; where nothing waits no letter is written. A morning that was missed is not
made up for: the next one says all.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.queries import desk_people
from cases import desk as desks
from cases import reminders, worklist
from cases.models import DeskMorning
from cities.calendar import Calendar, CalendarMissing, start_of
from records import letters
from records.letters import Envelope, NotNeeded
from records.models import Letter, LetterDelivery
from records.words import local_day

logger = logging.getLogger(__name__)
KIND = "desk"
NEAR, NEW = "临近期限", "新到"
# In the order of the letter.
GROUPS = (*(worklist.GROUPS[one] for one in (worklist.OVER, worklist.UNSERVED, worklist.TODAY)), NEAR, NEW)
ASIDE = worklist.GROUPS[worklist.ASIDE]
# Of each group so many are named; the rest is counted.
MOST_NAMED = 20


@dataclass(frozen=True)
class Morning:
    at: datetime
    since: datetime
    calendar: Calendar


@dataclass(frozen=True)
class Group:
    title: str
    cases: list[Any]

    @property
    def named(self) -> list[Any]:
        return self.cases[:MOST_NAMED]

    @property
    def rest(self) -> int:
        return len(self.cases) - len(self.named)


def write(at: datetime) -> int:
    """Write this morning's letters, unless it is no working day, too early, or done; how many."""
    today, hour = local_day(at), timezone.localtime(at).hour
    if hour < settings.DESK_LETTER_HOUR or DeskMorning.objects.filter(day=today).exists():
        return 0
    if not _is_workday(today):
        return 0
    with transaction.atomic():
        _, is_ours = DeskMorning.objects.get_or_create(day=today, defaults={"written_at": at})
        if not is_ours:
            return 0
        morning = Morning(at, _since(at), Calendar())
        return sum(_write(person, morning) for person in desk_people(at))


def seal(delivery: LetterDelivery) -> Envelope:
    person = delivery.person
    assert person is not None
    if not person.desk_mail:
        raise NotNeeded("本人不要邮件")
    if not worklist.desk_of(person).works:
        raise NotNeeded("已不在这里办事")
    return Envelope(person.email, delivery.letter.path)


def _is_workday(day: date) -> bool:
    try:
        return Calendar().is_workday(day)
    except CalendarMissing:  # which the operator's page says
        return False


def _since(at: datetime) -> datetime:
    """What has come to a desk since then is new: the morning before, or the day before where there was none."""
    before = DeskMorning.objects.filter(day__lt=local_day(at)).first()
    return before.written_at if before else start_of(local_day(at) - timedelta(days=1))


def _write(person: User, morning: Morning) -> bool:
    """One whose letter cannot be written does not keep the others from theirs."""
    try:
        with transaction.atomic():
            return _told(person, morning)
    except Exception:
        logger.exception("desk letter not written", extra={"person": person.pk})
        return False


def _told(person: User, morning: Morning) -> bool:
    desk, today = worklist.desk_of(person), local_day(morning.at)
    groups = _groups(desk, morning)
    waiting = desks.waiting(desk.handles, today)
    if not groups and not waiting:
        return False
    counts = [f"{group.title} {len(group.cases)} 件" for group in groups]
    facts = {"person": person, "groups": groups, "counts": "，".join(counts), "waiting": waiting}
    subject, body = letters.worded("desks/morning", {**facts, "at": morning.at})
    letters.write(
        f"desk:{person.pk}:{today}",
        [person],
        audience=Letter.Audience.STAFF,
        kind=KIND,
        subject=subject,
        body=body,
        path=reverse("admin:cases_case_changelist"),
        action="打开待办",
        at=morning.at,
    )
    return True


def _groups(desk: worklist.Desk, morning: Morning) -> list[Group]:
    """Each case once, in the worst group it belongs to."""
    found: dict[str, list[Any]] = {title: [] for title in (ASIDE, *GROUPS)}
    for case in _waiting_for(desk, morning.at):
        if title := _title(case, morning):
            found[title].append(case)
    return [Group(title, cases) for title, cases in found.items() if cases]


def _waiting_for(desk: worklist.Desk, at: datetime) -> Iterable[Any]:
    rows = worklist.grouped(worklist.open_cases(desk), desk, worklist.ME, at)
    return worklist.for_rows(rows.exclude(group__in=[worklist.OTHERS, worklist.DRAFT]))


def _title(case: Any, morning: Morning) -> str:
    if case.group in (worklist.ASIDE, worklist.OVER, worklist.UNSERVED, worklist.TODAY):
        return worklist.GROUPS[case.group]
    if any(_is_near(deadline, case, morning) for deadline in case.open_deadlines):
        return NEAR
    return NEW if case.stage_since and case.stage_since > morning.since else ""


def _is_near(deadline: Any, case: Any, morning: Morning) -> bool:
    """By the ladder of reminders that the programme's office has set."""
    if deadline.state != deadline.State.RUNNING:
        return False
    days = case.programme.reminder_days
    return reminders.rung(deadline, days, local_day(morning.at), morning.calendar) is not None
