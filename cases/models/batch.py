import uuid

from django.conf import settings
from django.db import models

from cities.models import Procedure, Programme
from records.history import HistoricalRecords
from records.models import Kept


class Batch(Kept):
    """Cases reviewed, shown or published together. A single case is shown as a batch of one, which has no number."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField("批次编号", max_length=30, unique=True, null=True, blank=True)
    label = models.CharField("名称", max_length=60, blank=True)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="batches", verbose_name="项目")
    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="+", verbose_name="程序")
    window_from = models.DateField("收件自", null=True, blank=True)
    window_to = models.DateField("收件至", null=True, blank=True)
    article = models.CharField("依据", max_length=40, blank=True)
    created_at = models.DateTimeField("成批时间")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="成批人",
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "批次"
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                name="batch_window_has_both_ends_in_order",
                condition=models.Q(window_from__isnull=True, window_to__isnull=True)
                | models.Q(window_from__lte=models.F("window_to")),
            )
        ]

    def __str__(self) -> str:
        return f"批次 {self.number}" if self.number else f"{self.procedure} {self.pk.hex[:8]}"
