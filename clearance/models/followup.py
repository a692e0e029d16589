from django.conf import settings
from django.db import models

from cases.models import Case
from records.history import HistoricalRecords
from records.models import Kept


class Followup(Kept):
    """What is still to be done once a unit has left the list: of its projects, of subsidies. Stays open on the closed case until
    somebody ticks it off."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="followups", verbose_name="事项")
    what = models.CharField("要办什么", max_length=300)
    entered_at = models.DateTimeField("列出时间")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="列出人"
    )
    done_on = models.DateField("办好的日期", null=True, blank=True)
    note = models.CharField("结果", max_length=300, blank=True)
    done_at = models.DateTimeField("登记时间", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "后续事项"
        ordering = ["entered_at", "pk"]

    def __str__(self) -> str:
        return self.what
