from django.db import models

from cases.models import Case
from cities.models import Industry
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


class Operation(Kept):
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
    industry = models.ForeignKey(
        Industry, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="行业"
    )
    partner_code = models.CharField("合作伙伴信用代码", max_length=18, blank=True)
    partner_name = models.CharField("合作伙伴名称", max_length=120, blank=True)
    leaving_code = models.CharField("退出的合作伙伴信用代码", max_length=18, blank=True)
    leaving_name = models.CharField("退出的合作伙伴名称", max_length=120, blank=True)
    item_code = models.CharField("编码", max_length=30, blank=True)
    item_name = models.CharField("名称", max_length=120, blank=True)
    item_price = models.CharField("价格", max_length=60, blank=True)
    item_summary = models.CharField("说明", max_length=300, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)
    order = models.PositiveSmallIntegerField("次序", default=0)

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "变更操作"
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.get_action_display()
