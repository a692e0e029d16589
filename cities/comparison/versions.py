"""Which version of each programme's rules is set beside the others, and of what moment."""

from collections.abc import Iterable
from datetime import date, datetime, time

from django.utils import timezone

from cities.models import Programme, Rulebook
from cities.rulebooks import page


def programmes() -> list[tuple[Programme, list[Rulebook]]]:
    """Every programme whose rules are public with its versions, the newest first; two queries."""
    rows = page.every_public_version()
    found: dict[int, tuple[Programme, list[Rulebook]]] = {}
    for one in rows.order_by("programme__city__name", "programme__name", "-version"):
        found.setdefault(one.programme_id, (one.programme, []))[1].append(one)
    return list(found.values())


def shown(versions: Iterable[list[Rulebook]], at: datetime) -> list[Rulebook]:
    """Of each programme the version in force, else the one a reader should see first."""
    return [book for book in (page.shown_first(one, at) for one in versions) if book]


def moment(day: date, now: datetime) -> datetime:
    """Today is the present; another day means its end."""
    if day == timezone.localdate(now):
        return now
    return timezone.make_aware(datetime.combine(day, time.max))
