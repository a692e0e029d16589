from django.conf import settings
from django.db import models

from cases.models.case import Case
from cities.models import Limit, Outcome, Stage


class Decision(models.Model):
    """An outcome given at a desk, by whom and why; written once."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="decisions", verbose_name="事项")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="+", verbose_name="环节")
    outcome = models.ForeignKey(Outcome, models.PROTECT, related_name="+", verbose_name="结果")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="办理人")
    at = models.DateTimeField("时间")
    opinion = models.TextField("意见", blank=True)
    met_on = models.DateField("会议日期", null=True, blank=True)
    minutes = models.CharField("纪要编号", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "意见"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.by} {self.outcome}"


class Waiver(models.Model):
    """A decider's consent to exceed an in-principle limit, good for the value it was given for and no worse one."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="waivers", verbose_name="事项")
    limit = models.ForeignKey(Limit, models.PROTECT, related_name="+", verbose_name="限制")
    check_key = models.CharField("查验", max_length=160)
    value = models.IntegerField("对多少有效")
    value_text = models.CharField("数值", max_length=60)
    reason = models.CharField("理由", max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="同意人")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "同意突破"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.limit} {self.value_text}"
