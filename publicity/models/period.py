import uuid

from django.conf import settings
from django.db import models

from cases.models import Batch, Case
from cities.models import Stage
from records.history import HistoricalRecords
from records.models import Kept


class PublicityPeriod(Kept):
    """The days a batch is shown. Whether it is open is read from its moments, never from a flag."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField("公示编号", max_length=30, unique=True)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="periods", verbose_name="批次")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="+", verbose_name="环节")
    title = models.CharField("标题", max_length=200)
    opened_at = models.DateTimeField("发布时间")
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="发布人"
    )
    opens_on = models.DateField("首日")
    closes_on = models.DateField("末日")
    closes_at = models.DateTimeField("截止（不含）")
    number_of_days = models.PositiveSmallIntegerField("天数")
    unit = models.CharField("单位", max_length=10)
    counted = models.JSONField("逐日", default=list)
    basis = models.CharField("由主管部门确定的依据", max_length=300, blank=True)
    external_url = models.URLField("外部平台的公示地址", max_length=300, blank=True)
    taken_down_at = models.DateTimeField("撤下时间", null=True, blank=True)
    taken_down_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="撤下人",
    )
    taken_down_reason = models.CharField("撤下原因（公开）", max_length=300, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "公示"
        ordering = ["-opened_at"]
        # A board shows what is over from the latest on.
        indexes = [models.Index(fields=["-closes_at", "number"], name="period_latest_first")]

    def __str__(self) -> str:
        return self.number


class PublicityItem(models.Model):
    """What is shown of one case: the list before and after, frozen when the period opened."""

    period = models.ForeignKey(PublicityPeriod, models.CASCADE, related_name="items", verbose_name="公示")
    case = models.ForeignKey(Case, models.PROTECT, related_name="publicity_items", verbose_name="事项")
    shown = models.JSONField("公示内容", default=dict)
    released_at = models.DateTimeField("公示通过", null=True, blank=True)
    upheld_at = models.DateTimeField("异议成立", null=True, blank=True)
    # Why the same is shown again although an objection to it was sustained.
    kept_reason = models.CharField("内容不变的理由（公开）", max_length=500, blank=True)
    kept_at = models.DateTimeField("说明时间", null=True, blank=True)
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="说明人",
    )

    class Meta:
        verbose_name = verbose_name_plural = "公示内容"
        constraints = [models.UniqueConstraint(fields=["period", "case"], name="case_once_per_period")]

    def __str__(self) -> str:
        return f"{self.period} {self.case}"
