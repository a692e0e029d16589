from django.db import models


class SweepRun(models.Model):
    """One sweep: written when it begins, finished when it ends. One that was killed stays as it began."""

    at = models.DateTimeField("按哪一时刻")
    seconds = models.FloatField("用时（秒）", null=True)
    due = models.PositiveIntegerField("到时", default=0)
    done = models.PositiveIntegerField("已办", default=0)
    set_aside = models.PositiveIntegerField("搁置", default=0)
    left = models.PositiveIntegerField("留到下次", default=0)
    trouble = models.CharField("没有办完的原因", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "自动办理记录"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}"

    @property
    def has_ended(self) -> bool:
        return self.seconds is not None
