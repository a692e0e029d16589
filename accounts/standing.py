"""Who could do what at a past moment: from grants and from when accounts were out of use, never from guardian's rows, which
say the present alone. A grant counts from its first moment to just before its end."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from accounts import roles
from accounts.known_then import accounts_then
from accounts.models import Grant, Suspension, User
from cities.models import City, District, Programme
from providers.models import Organisation

Place = City | District | Programme | Organisation
LOADED = ("user", "granted_by", "ended_by", "city", "district__city", "programme__city", "organisation")


@dataclass(frozen=True)
class Held:
    """A grant on a day: whether it held at the moment itself, and what it allowed."""

    grant: Grant
    at: datetime
    # Of another account of whoever was asked about: how it was known then that both are one person's.
    one_with: str = ""

    @property
    def counts(self) -> bool:
        return self.grant.is_active(self.at) and self.out_of_use is None

    @property
    def ended_before(self) -> bool:
        """Earlier on the same day."""
        return not self.grant.is_active(self.at)

    @property
    def out_of_use(self) -> Suspension | None:
        found = self.grant.user.suspensions.all()
        return next((one for one in found if _covers(one, self.at)), None)

    @property
    def allowed(self) -> list[str]:
        return roles.allowed(self.grant.role)

    def gave(self, permission: str) -> bool:
        return self.counts and permission in roles.PERMISSIONS[self.grant.role]


def of_person(seen: QuerySet[Grant], user: User, at: datetime) -> list[Held]:
    """What somebody held, by whichever account was known then to be his; of the grants that the reader may see."""
    known = accounts_then([user.pk], at)
    return [
        replace(held, one_with=known[held.grant.user_id]) for held in _held(seen.filter(user__in=known), at)
    ]


def on(seen: QuerySet[Grant], places: Iterable[Place], at: datetime) -> list[Held]:
    """What everybody held on these or, through its city, on a programme or district among them."""
    reached = Q(pk__in=[])
    for place in places:
        reached |= Q(**{_word(place): place})
        if isinstance(place, District | Programme):
            reached |= Q(city=place.city_id)
    return _held(seen.filter(reached), at)


def _held(grants: QuerySet[Grant], at: datetime) -> list[Held]:
    """Those of the day up to the moment, so that what ended in the morning is told in the evening."""
    morning = timezone.make_aware(datetime.combine(timezone.localdate(at), time.min))
    rows = grants.filter(Q(ends_at=None) | Q(ends_at__gt=morning), starts_at__lte=at).select_related(*LOADED)
    out_of_use = Suspension.objects.select_related("by").order_by("starts_at")
    rows = rows.prefetch_related(Prefetch("user__suspensions", out_of_use))
    found = [Held(row, at) for row in rows.order_by("user__full_name", "user", "starts_at", "pk")]
    return sorted(found, key=lambda one: not one.counts)


def _covers(out_of_use: Suspension, at: datetime) -> bool:
    return out_of_use.starts_at <= at and (out_of_use.ends_at is None or at < out_of_use.ends_at)


def _word(place: Place) -> str:
    return {City: "city", District: "district", Programme: "programme", Organisation: "organisation"}[
        type(place)
    ]
