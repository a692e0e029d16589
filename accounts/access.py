"""Load an object and authorise in one call, so that it cannot be had without the check; a stranger gets 404.

Only what is granted counts. Nobody holds anything by being a superuser: the machine's keeper administers people and
grants (accounts/admin) and has no part in cases, rules or organisations that nobody granted. Who is inactive or not
logged in holds nothing.
"""

from typing import Any, NoReturn, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models
from django.db.models import Q
from django.http import Http404, HttpRequest

from accounts.models import (
    CityPermission,
    DistrictPermission,
    OrganisationPermission,
    ProgrammePermission,
    User,
)
from cities.holding import holds
from cities.models import City, District, Programme
from providers.models import Organisation
from records import clock
from records.reads import shared

Person = User | AnonymousUser
Row = TypeVar("Row", bound=models.Model)


def cities_for(user: Person, permission: str) -> models.QuerySet[City]:
    return City.objects.filter(pk__in=_held(CityPermission, user, permission))


def programmes_for(user: Person, permission: str) -> models.QuerySet[Programme]:
    """Programmes granted by themselves or through their city; one query, however many grants there are."""
    return Programme.objects.filter(
        Q(pk__in=_held(ProgrammePermission, user, permission))
        | Q(city__in=_held(CityPermission, user, permission))
    )


def somewhere(user: Person, permission: str) -> bool:
    """Whether somebody holds a permission on any programme."""
    return holds(user, permission)


def districts_for(user: Person, permission: str) -> models.QuerySet[District]:
    return District.objects.filter(
        Q(pk__in=_held(DistrictPermission, user, permission))
        | Q(city__in=_held(CityPermission, user, permission))
    )


def organisations_for(user: Person, permission: str) -> models.QuerySet[Organisation]:
    return Organisation.objects.filter(pk__in=_held(OrganisationPermission, user, permission))


@shared
def may(user: Person, permission: str, obj: City | District | Programme | Organisation) -> bool:
    """Whether somebody holds a permission on this very object; one query."""
    if isinstance(obj, Organisation):
        return organisations_for(user, permission).filter(pk=obj.pk).exists()
    if isinstance(obj, Programme):
        return programmes_for(user, permission).filter(pk=obj.pk).exists()
    if isinstance(obj, District):
        return districts_for(user, permission).filter(pk=obj.pk).exists()
    return cities_for(user, permission).filter(pk=obj.pk).exists()


def holders(place: Programme | District, permission: str) -> models.QuerySet[User]:
    """The persons who hold a permission on a programme or district now, on itself or through its city."""
    table = DistrictPermission if isinstance(place, District) else ProgrammePermission
    on_itself = _standing(table, permission).filter(content_object=place)
    on_city = _standing(CityPermission, permission).filter(content_object=place.city_id)
    held = Q(pk__in=on_itself.values("user")) | Q(pk__in=on_city.values("user"))
    return User.objects.filter(held, is_active=True)


def programme_or_404(user: Person, permission: str, **lookup: Any) -> Programme:
    return one_or_404(programmes_for(user, permission), **lookup)


def one_or_404(rows: models.QuerySet[Row], **lookup: Any) -> Row:
    """The one row, or the answer a stranger gets: also where the address holds what cannot be a key."""
    try:
        return rows.get(**lookup)
    except (ObjectDoesNotExist, ValueError, TypeError, OverflowError, ValidationError):
        refuse_stranger()


def acting(request: HttpRequest) -> User:
    """Who is logged in; a view behind `login_required` asks for no more."""
    return request.user if isinstance(request.user, User) else refuse_stranger()


def refuse_stranger() -> NoReturn:
    """The same answer whether the object exists or not."""
    raise Http404


def _held(table: type[Any], user: Person, permission: str) -> models.QuerySet[Any, Any]:
    """The objects on which somebody holds a permission now."""
    objects = _standing(table, permission).filter(user=user.pk).values("content_object")
    return objects if user.is_active else objects.none()


def _standing(table: type[Any], permission: str) -> models.QuerySet[Any, Any]:
    return _not_over(table).filter(permission__codename=permission)


def _not_over(table: type[Any]) -> models.QuerySet[Any, Any]:
    """What is held now, whether or not the sweep has taken away what is over."""
    rows: models.QuerySet[Any, Any] = table.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=clock.now())
    )
    return rows
