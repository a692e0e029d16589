"""Guardian's rows and `is_staff`, made to say what the grants say; their only writer."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

from accounts import roles
from accounts.models import (
    CityPermission,
    DistrictPermission,
    Grant,
    OrganisationPermission,
    ProgrammePermission,
    User,
)
from cities.models import City, District, Programme
from providers.models import Organisation

# What somebody holds on one kind of object: (object, permission) to the moment it ends, if it does.
Rights = dict[tuple[int, int], datetime | None]

# By the column of `Grant` that names the object.
MODELS: dict[str, type[models.Model]] = {
    "city": City,
    "district": District,
    "programme": Programme,
    "organisation": Organisation,
}
TABLES: dict[str, type[Any]] = {
    "city": CityPermission,
    "district": DistrictPermission,
    "programme": ProgrammePermission,
    "organisation": OrganisationPermission,
}


@transaction.atomic
def derive(user: User, at: datetime) -> None:
    """Make guardian's rows and `is_staff` say what the grants say at that moment, in a fixed number of queries."""
    row = lock(user)
    active = list(user.grants.active(at))
    permissions = _permission_ids()
    for word, table in TABLES.items():
        _write(table, user, _rights(active, word, permissions))
    user.is_staff = row.is_superuser or any(held.role in roles.OFFICE_ROLES for held in active)
    if user.is_staff != row.is_staff:
        user.save(update_fields=["is_staff"])


def lock(user: User) -> User:
    """The person's row as it is now: grants of one person are changed one after the other. Rows that name the person are not
    kept waiting, so that two who act on each other are not either."""
    return User.objects.select_for_update(no_key=True).get(pk=user.pk)


def _permission_ids() -> dict[tuple[str, str], int]:
    """(word of the object, codename) to the permission's id."""
    types = ContentType.objects.get_for_models(*MODELS.values())
    words_of = {types[model].pk: word for word, model in MODELS.items()}
    rows = Permission.objects.filter(content_type__in=words_of).values_list("content_type", "codename", "pk")
    return {(words_of[content_type], codename): pk for content_type, codename, pk in rows}


def _rights(active: Iterable[Grant], word: str, permissions: dict[tuple[str, str], int]) -> Rights:
    rights: Rights = {}
    for held in active:
        target = getattr(held, f"{word}_id")
        for codename in roles.PERMISSIONS[held.role] if target else ():
            key = (target, permissions[word, codename])
            rights[key] = _later(rights[key], held.ends_at) if key in rights else held.ends_at
    return rights


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return None if one is None or other is None else max(one, other)


def _write(table: type[Any], user: User, rights: Rights) -> None:
    stale, kept = [], set()
    for row in table.objects.filter(user=user):
        key = (row.content_object_id, row.permission_id)
        if key in rights and rights[key] == row.ends_at:
            kept.add(key)
        else:
            stale.append(row.pk)
    if stale:
        table.objects.filter(pk__in=stale).delete()
    table.objects.bulk_create(
        table(user=user, content_object_id=target, permission_id=permission, ends_at=ends_at)
        for (target, permission), ends_at in rights.items()
        if (target, permission) not in kept
    )
