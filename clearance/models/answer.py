from django.conf import settings
from django.db import models

from cases.models import Case
from cities.models import Stage
from records.models import StoredFile


class Answer(models.Model):
    """What a unit states when it is heard, or reports of what it was ordered to put right; written once. `received_on` is when it
    came on paper."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="answers", verbose_name="事项")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="+", verbose_name="环节")
    since = models.DateTimeField("进入环节的时间")
    text = models.TextField("内容")
    received_on = models.DateField("纸质材料收到日期", null=True, blank=True)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提交人")

    class Meta:
        verbose_name = verbose_name_plural = "单位的答复"
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["case", "since"], name="answered_once")]

    def __str__(self) -> str:
        return f"{self.stage}的答复"


class AnswerFile(models.Model):
    answer = models.ForeignKey(Answer, models.PROTECT, related_name="files", verbose_name="答复")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")

    class Meta:
        verbose_name = verbose_name_plural = "答复的材料"

    def __str__(self) -> str:
        return str(self.file)
