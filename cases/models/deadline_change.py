from django.conf import settings
from django.db import models

from cases.models.deadline import Deadline


class DeadlineChange(models.Model):
    """One line of a deadline's ledger: what was done to it, by whom and why, and how it stood before and after.

    Written once, by `cases.deadlines`. Of LEAVE the new side is what the calendar would give and was not taken.
    """

    class Kind(models.TextChoices):
        HOLD = "hold", "暂停"
        RESUME = "resume", "恢复"
        EXTEND = "extend", "延长"
        CORRECT = "correct", "更正"
        CALENDAR = "calendar", "按日历重算"
        LEAVE = "leave", "维持原日期"

    deadline = models.ForeignKey(Deadline, models.CASCADE, related_name="changes", verbose_name="期限")
    kind = models.CharField("做了什么", max_length=10, choices=Kind)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="谁"
    )
    reason = models.CharField("原因", max_length=300)
    article = models.CharField("依据", max_length=80, blank=True)
    number = models.PositiveSmallIntegerField("延长多少", null=True, blank=True)
    since = models.DateTimeField("更正后的起算时刻", null=True, blank=True)
    remains = models.PositiveSmallIntegerField("暂停时还剩", null=True, blank=True)
    unit = models.CharField("单位", max_length=10)
    old_opens_on = models.DateField("原首日")
    old_closes_on = models.DateField("原末日")
    old_closes_at = models.DateTimeField("原截止（不含）")
    old_counted = models.JSONField("原逐日", default=list)
    new_opens_on = models.DateField("现首日")
    new_closes_on = models.DateField("现末日")
    new_closes_at = models.DateTimeField("现截止（不含）")
    new_counted = models.JSONField("现逐日", default=list)

    class Meta:
        verbose_name = verbose_name_plural = "期限的变动"
        # As they were done: a clock that was set back must not turn them round.
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.deadline}"
