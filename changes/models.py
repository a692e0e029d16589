from django.db import models

from cases.models import Case
from providers.models.operation import OperationRow
from records.history import HistoricalRecords
from records.models import Kept


class PartnerChange(Kept):
    """What an application to change partners and catalogue says; its operations are rows of their own."""

    case = models.OneToOneField(
        Case, models.CASCADE, primary_key=True, related_name="partner_change", verbose_name="事项"
    )
    reason = models.TextField("变更的具体原因", blank=True)
    explanation = models.TextField("对原则上不符之处的说明", blank=True)
    truthful = models.BooleanField("真实性承诺", default=False)
    saved_at = models.DateTimeField("保存时间")

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "合作伙伴、目录变更"

    def __str__(self) -> str:
        return f"{self.case} 变更"


class Operation(OperationRow):
    """One thing a change does to the list: add, end or replace a partner in an industry; add, edit or end an item."""

    class Action(models.TextChoices):
        ADD_PARTNER = "add_partner", "新增合作伙伴"
        END_PARTNER = "end_partner", "合作伙伴退出"
        REPLACE_PARTNER = "replace_partner", "更换合作伙伴"
        ADD_ITEM = "add_item", "新增产品和服务"
        EDIT_ITEM = "edit_item", "调整产品和服务"
        END_ITEM = "end_item", "停用产品和服务"

    change = models.ForeignKey(PartnerChange, models.CASCADE, related_name="operations", verbose_name="变更")
    action = models.CharField("操作", max_length=20, choices=Action)

    history = HistoricalRecords()

    class Meta(OperationRow.Meta):
        verbose_name = verbose_name_plural = "变更操作"

    def __str__(self) -> str:
        return self.get_action_display()
