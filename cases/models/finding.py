from django.db import models

from cases.models.case import Case


class CheckRun(models.Model):
    """What the checks said at one moment of a case. Filing checks are asked once, and again only where the case is moved to
    another version of the rules; their last run is the frozen answer."""

    class Purpose(models.TextChoices):
        FILING = "filing", "提交时查验"
        STATE = "state", "状态查验"

    class Moment(models.TextChoices):
        SUBMISSION = "submission", "提交"
        DECISION = "decision", "审定"
        PUBLICITY = "publicity", "公示开始"
        EFFECT = "effect", "发布"
        REPIN = "repin", "改按新版本"

    case = models.ForeignKey(Case, models.CASCADE, related_name="check_runs", verbose_name="事项")
    purpose = models.CharField("查什么", max_length=10, choices=Purpose)
    moment = models.CharField("何时", max_length=12, choices=Moment)
    at = models.DateTimeField("时间")
    checks = models.JSONField("结果", default=list)

    class Meta:
        verbose_name = verbose_name_plural = "查验"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_moment_display()} {self.get_purpose_display()}"
