"""Letters before a grant ends by itself: to who holds it, and to who administers access there and can grant it anew."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet

from accounts import letters, roles
from accounts.derivation import lock
from accounts.models import Grant, User
from accounts.targets import TARGETS, city_of
from records.models import Letter

BEFORE = timedelta(days=7)


def remind(at: datetime) -> int:
    """Write what is due; of how many grants. Once for each end, so that after an outage nobody gets a heap; of one that was given
    for no longer, nobody is reminded."""
    ending = Grant.objects.filter(closed_at=None, ends_at__gt=at, ends_at__lte=at + BEFORE)
    long_enough = ending.filter(ends_at__gt=F("starts_at") + BEFORE, user__is_active=True)
    due = {letters.key_of_end(one): one for one in long_enough.select_related("user", *TARGETS)}
    written = set(Letter.objects.filter(key__in=due).values_list("key", flat=True))
    return sum(_remind(due[key], at) for key in sorted(due.keys() - written))


@transaction.atomic
def _remind(held: Grant, at: datetime) -> bool:
    lock(held.user)
    if not Grant.objects.filter(pk=held.pk, closed_at=None, ends_at=held.ends_at).exists():
        return False
    letters.grant_ends(held, [held.user, *_keepers(held, at)], at)
    return True


def _keepers(held: Grant, at: datetime) -> QuerySet[User]:
    """Besides the holder; an organisation's grants are its own business."""
    city = city_of(held.target)
    keeps = Grant.objects.active(at).filter(role=roles.ACCESS_ADMINISTRATOR, city__isnull=False, city=city)
    found = User.objects.filter(pk__in=keeps.values("user"), is_active=True)
    return found.exclude(pk=held.user_id).order_by("pk")
