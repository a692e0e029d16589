"""The sweep seals what was recorded since the last time."""

from datetime import datetime

from django.db import OperationalError, connection, transaction
from django.db.models import Count, Min, QuerySet

from records.models import Event, TrailBlock
from records.trail import digests

MOST_IN_A_BLOCK = 1000
# How long sealing waits for whoever is writing; then it leaves it to the next sweep.
PATIENCE = "300ms"


def last_block() -> TrailBlock | None:
    return TrailBlock.objects.order_by("-number").first()


def waiting() -> tuple[int, datetime | None]:
    """How many events are not sealed yet, and the earliest moment among them."""
    found = _after(last_block()).aggregate(Count("pk"), Min("at"))
    return found["pk__count"], found["at__min"]


def seal(at: datetime) -> int:
    """Seal all that was recorded, in blocks of at most a thousand; how many events were sealed. While somebody is in the
    middle of writing it is left to the next time."""
    sealed = 0
    while count := _seal_next(at):
        sealed += count
    return sealed


def _seal_next(at: datetime) -> int:
    if not _after(last_block()).exists():
        return 0
    try:
        with transaction.atomic():
            _let_writers_finish()
            return _append(at)
    except OperationalError:
        return 0


def _append(at: datetime) -> int:
    before = last_block()
    events = list(_after(before)[:MOST_IN_A_BLOCK])
    if not events:
        return 0
    block = TrailBlock(
        number=before.number + 1 if before else 1,
        after=before.through if before else 0,
        through=events[-1].pk,
        digests={str(event.pk): digests.of_event(event) for event in events},
        sealed_at=at,
    )
    block.digest = digests.of_block(before.digest if before else "", block)
    block.save()
    return len(events)


def _after(block: TrailBlock | None) -> QuerySet[Event]:
    return Event.objects.filter(pk__gt=block.through if block else 0).order_by("pk")


def _let_writers_finish() -> None:
    """Keys are given out before a transaction commits: a block must not close over one that is still to come. SQLite has one
    writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
            cursor.execute(f"LOCK TABLE {Event._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
