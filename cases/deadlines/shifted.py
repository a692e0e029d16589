"""How many open deadlines the present calendar would count otherwise: a line for who decides, a number for who keeps the site."""

from django.core.cache import cache
from django.urls import reverse

from cases.deadlines.shifting import shifts
from cases.desk import Waiting
from cities.models import Programme

# Each is counted again day by day, which is too much for every page and every scrape.
KEPT_SECONDS = 60


def shifted(programme: Programme) -> int:
    found: int | None = cache.get(_key(programme))
    if found is None:
        found = len(shifts(programme))
        cache.set(_key(programme), found, KEPT_SECONDS)
    return found


def forget(programme: Programme) -> None:
    """Somebody has just decided."""
    cache.delete(_key(programme))


def waiting(programmes: list[int]) -> list[Waiting]:
    """Of each programme by its key, as a sentence that leads to its list."""
    rows = Programme.objects.filter(pk__in=programmes).order_by("pk")
    found = [(programme, count) for programme in rows if (count := shifted(programme))]
    address = reverse("admin:cases_deadline_calendar")
    return [
        Waiting(
            f"{programme}：上班日历变了，{count} 个期限要定按新日历改还是维持",
            f"{address}?programme={programme.slug}",
        )
        for programme, count in found
    ]


def _key(programme: Programme) -> str:
    return f"shifted-deadlines-{programme.pk}"
