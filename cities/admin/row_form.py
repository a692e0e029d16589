"""The form of one row, and where a new one is to stand."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import models
from django.db.models import Max
from django.http import HttpRequest
from django.urls import reverse

from cities.models import CitedRow, Rulebook
from cities.rulebooks import schema

# A key in an address longer than this is none of ours.
LONGEST_KEY = 18


@dataclass(frozen=True)
class Place:
    """The rulebook a row belongs to and, for a nested one, the row that it is written inside of."""

    rulebook: Rulebook
    parent: Any = None

    @property
    def around(self) -> list[tuple[Any, str]]:
        """The rows it is written inside of with their pages, the outermost first."""
        found, row = [], self.parent
        while row is not None:
            found.append((row, reverse(f"admin:cities_{row._meta.model_name}_change", args=[row.pk])))
            name = parent_name(type(row))
            row = getattr(row, name) if name else None
        return found[::-1]


def parent_name(model: type[models.Model]) -> str | None:
    return schema.parent_of(model) if issubclass(model, CitedRow) else None


def owner_of(model: type[models.Model]) -> tuple[str, type[models.Model]]:
    """The parameter of the address of an added row, and the model of what it names."""
    name = parent_name(model)
    return (name, model._meta.get_field(name).related_model) if name else ("rulebook", Rulebook)  # type: ignore[return-value]


def asked_key(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) <= LONGEST_KEY else None


class RowForm(forms.ModelForm[Any]):
    """Knows its place, so that a key that is taken is told in the form."""

    place: Place | None = None

    class Meta:
        error_messages = {
            NON_FIELD_ERRORS: {"unique_together": "%(field_labels)s与已有的一行相同：换一个，或者去改那一行"}
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.place is not None:
            stand(self.instance, self.place)

    def _get_validation_exclusions(self) -> set[str]:
        placed = {"rulebook", parent_name(type(self.instance))}
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # the stubs leave it out
        return {name for name in excluded if name not in placed}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("span_number") == 0:
            self.add_error("span_number", "天数要在 1 以上；没有期限就空着")
        if cleaned.get("span_number") is not None and not cleaned.get("counting_rule", True):
            self.add_error("counting_rule", "有天数就要选怎么计算")
        if cleaned.get("number") is not None and not cleaned.get("comparator", True):
            self.add_error("comparator", "有数值就要选怎么比较")
        least, most = cleaned.get("at_least"), cleaned.get("at_most")
        if least is not None and most is not None and most < least:
            self.add_error("at_most", "至多不能少于至少")
        return cleaned


def stand(row: Any, place: Place) -> None:
    """Put a new row in its place, after its neighbours; one that has its place keeps it."""
    if row.pk is not None:
        return
    row.rulebook = place.rulebook
    if place.parent is not None:
        setattr(row, parent_name(type(row)) or "", place.parent)
    row.order = next_order(row)


def next_order(row: Any) -> int:
    name = parent_name(type(row)) or "rulebook"
    neighbours = type(row)._default_manager.filter(**{name: getattr(row, name)})
    return int(neighbours.aggregate(last=Max("order"))["last"] or 0) + 1
