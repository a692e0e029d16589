"""What a list of the admin may be asked for by its address."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.http import HttpRequest


class OwnLookups(admin.ModelAdmin):
    """Only what the list offers to filter by. Django allows every column of the row, and with `__startswith` tells letter by
    letter what the list does not show: who objected, or the digest of a password."""

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        asked = lookup.partition("__")[0]
        if "\0" in value:  # PostgreSQL takes none
            return False
        if not _is_field(self.model, asked):
            return super().lookup_allowed(lookup, value, request)
        if lookup in {getattr(one, "parameter_name", None) for one in self.list_filter}:
            return True
        return asked == self.date_hierarchy or asked in map(_field, self.list_filter)


def _field(offered: Any) -> str:
    """Empty for a filter of our own, whose parameter is no field."""
    name = offered[0] if isinstance(offered, (tuple, list)) else offered
    return name.partition("__")[0] if isinstance(name, str) else ""


def _is_field(model: Any, name: str) -> bool:
    try:
        model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True
