from datetime import datetime

from django.db import models

from records.models import Kept


def counts_at(moment: datetime, row: str = "") -> models.Q:
    """That nobody has found the row wrong by then; `row` is the way to it (`removal__`)."""
    return models.Q(**{f"{row}lifted_at__isnull": True}) | models.Q(**{f"{row}lifted_at__gt": moment})


class Undoable(Kept):
    """What a later decision may find wrong: nothing is erased, the row says from when it counts no more and why."""

    lifted_at = models.DateTimeField("撤销时间", null=True, blank=True)
    lifted_reason = models.CharField("撤销理由", max_length=500, blank=True)

    class Meta:
        abstract = True
