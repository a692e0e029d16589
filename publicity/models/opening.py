from datetime import timedelta

from django.conf import settings
from django.db import models

from cases.models import Batch
from publicity.models.period import PublicityPeriod

# A worker takes it up at once, the sweep within a minute; longer means that neither runs.
SLOW = timedelta(minutes=3)


class Opening(models.Model):
    """That somebody has asked for a batch to be shown, and what came of it. The worker does it: of many cases it takes longer
    than a page may."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="+", verbose_name="批次")
    asked_at = models.DateTimeField("提交时间")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提交人"
    )
    without_rest = models.BooleanField("只公示准备好的", default=False)
    url = models.URLField("外部平台的公示地址", max_length=300, blank=True)
    started_on = models.DateField("外部平台开始公示的日期", null=True, blank=True)
    ended_at = models.DateTimeField("办完时间", null=True, blank=True)
    period = models.ForeignKey(
        PublicityPeriod, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="公示"
    )
    # What a refusal says, and of which cases: a message and problems.
    refused = models.JSONField("没有公示的原因", default=dict, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "开始公示的提交"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch"], condition=models.Q(ended_at=None), name="one_opening_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.batch} 开始公示"
