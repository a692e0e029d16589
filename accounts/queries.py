"""Reads of people, grants and invitations."""

from collections.abc import Iterable
from datetime import datetime

from django.db import models
from django.db.models import Q

from accounts import access, roles
from accounts.models import Grant, GrantQuerySet, Invitation, User
from cities.models import City, Programme
from cities.permissions import GRANT_ACCESS, VIEW_RECORDS
from providers.models import Organisation, Registration
from records.reads import shared


def not_over(at: datetime) -> models.QuerySet[Grant]:
    """By which somebody acts for an organisation, or will: at that moment it has not ended."""
    until = Q(ends_at__isnull=True) | Q(ends_at__gt=at)
    return Grant.objects.filter(until, role__in=roles.PROVIDER_ROLES, user__is_active=True)


def members_of(organisation: Organisation, at: datetime, *, in_use: bool = True) -> models.QuerySet[Grant]:
    """Who acts for an organisation: managers first. The office also asks of who would, were his account in use."""
    held = not_over(at) if in_use else Grant.objects.active(at).filter(role__in=roles.PROVIDER_ROLES)
    held = held.filter(organisation=organisation, starts_at__lte=at)
    return held.select_related("user", "granted_by").order_by("role", "starts_at", "pk")


@shared
def people_of(organisation: Organisation, at: datetime) -> list[User]:
    """Who is told what concerns an organisation: everybody who acts for it, once each."""
    return people_of_each([organisation], at)[organisation]


def people_of_each(organisations: Iterable[Organisation], at: datetime) -> dict[Organisation, list[User]]:
    """The same for several; one query."""
    found: dict[int, dict[int, User]] = {one.pk: {} for one in organisations}
    held = not_over(at).filter(organisation__in=found, starts_at__lte=at).order_by("user")
    for grant in held.select_related("user").only("organisation", "user"):
        found[grant.organisation_id or 0][grant.user_id] = grant.user
    return {one: list(found[one.pk].values()) for one in organisations}


def desk_people(at: datetime) -> models.QuerySet[User]:
    """Who holds a role at that moment that cases wait for."""
    working = [role for role, may in roles.PERMISSIONS.items() if may & roles.AT_DESKS]
    held = Grant.objects.active(at).filter(role__in=working)
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("pk")


def pending_invitations(organisation: Organisation, at: datetime) -> models.QuerySet[Invitation]:
    return Invitation.objects.pending(at).filter(organisation=organisation).select_related("invited_by")


def governed_cities(user: access.Person) -> models.QuerySet[City]:
    """The cities whose access somebody administers; a superuser does for all, so that a first administrator can be named."""
    if user.is_active and user.is_superuser:
        return City.objects.all()
    return access.cities_for(user, GRANT_ACCESS)


def governed_grants(user: access.Person) -> models.QuerySet[Grant]:
    """Grants, past ones too, on those cities, on what is in them and on organisations that stand or stood in their lists."""
    if user.is_active and user.is_superuser:
        return Grant.objects.all()
    cities = governed_cities(user)
    listed = Registration.objects.filter(programme__city__in=cities).values("organisation")
    return Grant.objects.filter(
        Q(city__in=cities)
        | Q(district__city__in=cities)
        | Q(programme__city__in=cities)
        | Q(organisation__in=listed)
    )


def readable_grants(user: access.Person) -> GrantQuerySet:
    """What an access administrator governs, and what a reader of records may read: grants on his programmes, their cities and
    what is in these, and on organisations that stand or stood in their lists."""
    programmes = access.programmes_for(user, VIEW_RECORDS)
    cities = Q(city__in=programmes.values("city")) | Q(district__city__in=programmes.values("city"))
    listed = Registration.objects.filter(programme__in=programmes).values("organisation")
    read = cities | Q(programme__in=programmes) | Q(organisation__in=listed)
    return Grant.objects.filter(Q(pk__in=governed_grants(user).values("pk")) | read)


def cities_of(user: User) -> models.QuerySet[City]:
    """Where whoever administers access governs this account: by all that it was ever granted."""
    held = Grant.objects.filter(user=user)
    listed = Registration.objects.filter(organisation__in=held.values("organisation"))
    return City.objects.filter(
        Q(pk__in=held.values("city"))
        | Q(pk__in=held.values("district__city"))
        | Q(pk__in=held.values("programme__city"))
        | Q(pk__in=listed.values("programme__city"))
    )


def answerable_programmes(user: access.Person) -> models.QuerySet[Programme]:
    """Of whose cases and organisations somebody may ask who could do what."""
    if user.is_active and user.is_superuser:
        return Programme.objects.all()
    governed = governed_cities(user).values("pk")
    read = access.programmes_for(user, VIEW_RECORDS).values("pk")
    return Programme.objects.filter(Q(city__in=governed) | Q(pk__in=read))


def governed_people(user: access.Person) -> models.QuerySet[User]:
    """Whoever has one of those grants, and who has none at all yet: he has just been entered."""
    if user.is_active and user.is_superuser:
        return User.objects.all()
    if not governed_cities(user).exists():
        return User.objects.none()
    return User.objects.filter(
        Q(pk__in=governed_grants(user).values("user")) | Q(grants=None), is_superuser=False
    ).distinct()
