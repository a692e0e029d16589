from django.db import models

from cities.models import Industry
from providers.operations import ListOperation
from records.models import Kept


class OperationRow(Kept):
    """One operation as a kind of case keeps it; each kind has a table of its own, with the `action`s that it takes."""

    action: str
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

    # Of an operation whose table has columns besides these.
    own_columns: tuple[str, ...] = ()

    class Meta:
        abstract = True
        ordering = ["order", "pk"]

    def as_operation(self) -> ListOperation:
        facts = {name: getattr(self, name) for name in (*_COLUMNS, *self.own_columns)}
        return ListOperation(self.action, industry=self.industry.key if self.industry else "", **facts)


_COLUMNS = (
    *("partner_code", "partner_name", "leaving_code", "leaving_name"),
    *("item_code", "item_name", "item_price", "item_summary", "note"),
)
