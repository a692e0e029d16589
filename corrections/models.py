from django.db import models

from cases.models import Case
from cities import keys
from providers.models import ListEdition
from providers.models.operation import OperationRow
from records.history import HistoricalRecords
from records.models import Kept


class Correction(Kept):
    """What was published wrongly, in which edition, and how it is known. The reason is read by everybody; what it rests on
    stays in the office."""

    case = models.OneToOneField(
        Case, models.CASCADE, primary_key=True, related_name="correction", verbose_name="事项"
    )
    corrects = models.ForeignKey(
        ListEdition, models.PROTECT, null=True, related_name="+", verbose_name="更正哪一版"
    )
    reason = models.TextField("哪里有误（公开）", blank=True)
    evidence = models.TextField("依据（不公开）", blank=True)
    saved_at = models.DateTimeField("保存时间")

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "更正"

    def __str__(self) -> str:
        return f"{self.case} 更正"


class Operation(OperationRow):
    """One thing put right: a partner or an item wrongly entered or left out, or what the unit or a partner is called."""

    own_columns = ("unit_code", "unit_name", "unit_place")

    correction = models.ForeignKey(Correction, models.CASCADE, related_name="operations", verbose_name="更正")
    action = models.CharField("操作", max_length=20, choices=list(keys.OPERATIONS.items()))
    unit_code = models.CharField("单位信用代码", max_length=18, blank=True)
    unit_name = models.CharField("单位名称", max_length=120, blank=True)
    unit_place = models.CharField("登记地", max_length=60, blank=True)

    history = HistoricalRecords()

    class Meta(OperationRow.Meta):
        verbose_name = verbose_name_plural = "更正的内容"

    def __str__(self) -> str:
        return self.get_action_display()
