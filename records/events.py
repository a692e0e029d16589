"""The one writer of events."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from records.models import Event
from records.trail import digests

SYSTEM = "系统"
NAME_ERASED = "erase_name"


def record(
    verb: str,
    summary: str,
    *,
    at: datetime,
    by: Any,
    actor_name: str = "",
    article: str = "",
    data: dict[str, Any] | None = None,
    **subjects: Any,
) -> Event:
    """Write what was done. `by=None` is the system; subjects are any of city, programme, organisation, case."""
    name, salt = actor_name or (by.display_name if by else SYSTEM), digests.new_salt()
    return Event.objects.create(
        at=at,
        verb=verb,
        summary=summary[:500],
        article=article,
        actor=by,
        actor_name=name,
        actor_salt=salt,
        actor_mark=digests.mark(name, salt),
        data=data or {},
        **subjects,
    )


@transaction.atomic
def erase_name(person: Any, *, at: datetime, by: Any, reason: str) -> int:
    """Take a person's name out of everything he did: what was done stays, with his number. In how many events it stood."""
    named = Event.objects.filter(actor=person)
    count = QuerySet.update(named, actor_name="", actor_salt="")
    record(
        NAME_ERASED,
        f"从记录里去掉 {person.pk} 号账号的姓名：{reason}",
        at=at,
        by=by,
        data={"user": person.pk, "events": count},
    )
    return count
