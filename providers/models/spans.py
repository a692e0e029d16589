from datetime import datetime
from typing import Any, Self

from django.db import models

from records.models import Kept


def stands(moment: datetime, row: str = "") -> models.Q:
    """That a row stood at a moment; `row` is the way to it (`entry__`). One that ends at the moment stands no more."""
    begun = models.Q(**{f"{row}valid_from__lte": moment})
    return begun & (models.Q(**{f"{row}valid_to__isnull": True}) | models.Q(**{f"{row}valid_to__gt": moment}))


class DatedQuerySet(models.QuerySet[Any]):
    def current(self) -> Self:
        return self.filter(valid_to__isnull=True)

    def at(self, moment: datetime) -> Self:
        return self.filter(stands(moment))


class Dated(Kept):
    """A row of the registry, from a moment to a moment. `valid_from` is the moment of publication, never a due date."""

    valid_from = models.DateTimeField("自")
    valid_to = models.DateTimeField("至", null=True, blank=True)
    recorded_at = models.DateTimeField("记入时间")

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True
