"""What somebody was granted, by guardian's rows: accounts, which writes them, lies above this app."""

from functools import cache
from typing import Any

from django.db.models import Q
from guardian.utils import get_user_obj_perms_model

from cities.models import City, Programme
from records import clock
from records.reads import shared

# Guardian looks for it among all models each time.
rows_of: Any = cache(get_user_obj_perms_model)


def holds(user: Any, *permissions: str) -> bool:
    """Whether any of these permissions was granted on any programme, by itself or through its city."""
    return not _held_somewhere(user).isdisjoint(permissions)


@shared
def _held_somewhere(user: Any) -> frozenset[str]:
    """All at once: the sidebar alone asks for a dozen. One query."""
    if not user.is_active:
        return frozenset()
    on_itself = rows_of(Programme).objects.filter(not_over(), user=user.pk)
    on_city = rows_of(City).objects.filter(not_over(), user=user.pk, content_object__programmes__isnull=False)
    names = "permission__codename"
    return frozenset(on_itself.values_list(names, flat=True).union(on_city.values_list(names, flat=True)))


def not_over() -> Q:
    """Each row carries its end, so that what is over opens nothing even before a sweep has taken it away."""
    return Q(ends_at__isnull=True) | Q(ends_at__gt=clock.now())
