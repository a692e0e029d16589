"""The one writer of events."""

from datetime import datetime
from typing import Any

from records.models import Event

SYSTEM = "系统"


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
    return Event.objects.create(
        at=at,
        verb=verb,
        summary=summary[:500],
        article=article,
        actor=by,
        actor_name=actor_name or (by.display_name if by else SYSTEM),
        data=data or {},
        **subjects,
    )
