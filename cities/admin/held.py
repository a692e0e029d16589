"""What somebody may do with the rules."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.http import Http404, HttpRequest

from cities.holding import not_over, rows_of
from cities.models import City, Programme, Rulebook
from cities.permissions import EDIT_RULES, VIEW_RECORDS
from cities.rulebooks import editing
from cities.rulebooks.errors import RulebookRefused
from records.lookups import OwnLookups


def cities_held(user: Any, *permissions: str) -> "models.QuerySet[City]":
    return City.objects.filter(pk__in=_held(City, user, permissions))


def programmes_held(user: Any, *permissions: str) -> "models.QuerySet[Programme]":
    """Programmes on which any of these permissions was granted, by themselves or through their city."""
    by_city = _held(City, user, permissions)
    return Programme.objects.filter(Q(pk__in=_held(Programme, user, permissions)) | Q(city__in=by_city))


def _held(model: type[models.Model], user: Any, permissions: tuple[str, ...]) -> Any:
    table: Any = rows_of(model)
    if not user.is_active:
        return table.objects.none()
    rows = table.objects.filter(not_over(), user=user.pk, permission__codename__in=permissions)
    return rows.values("content_object")


def lock_draft(rulebook: Rulebook) -> Rulebook:
    """A fresh copy to change something of; 403 once somebody has published it meanwhile."""
    try:
        return editing.locked_draft(rulebook)
    except RulebookRefused as refused:
        raise PermissionDenied(str(refused)) from refused


class GrantedAdmin(OwnLookups):
    """Access by grant: a rulebook editor sees and changes, an auditor sees. Nothing is added or deleted here."""

    actions: Any = None
    seen_with: tuple[str, ...] = (EDIT_RULES, VIEW_RECORDS)

    def held(self, request: HttpRequest, *permissions: str) -> Any:
        """The rows that these permissions reach."""
        raise TypeError("each admin says which rows a permission reaches")

    def get_queryset(self, request: HttpRequest) -> Any:
        return self.held(request, *self.seen_with)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """A stranger gets the same answer whether the row exists or not."""
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._reaches(request, obj, *self.seen_with)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._reaches(request, obj, EDIT_RULES)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def _reaches(self, request: HttpRequest, obj: Any, *permissions: str) -> bool:
        rows = self.held(request, *permissions)
        return bool((rows.filter(pk=obj.pk) if obj else rows).exists())
