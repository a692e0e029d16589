from django.db import models

from providers.models.registration import Registration
from providers.models.spans import Dated
from records.history import HistoricalRecords
from records.models import Kept


class CatalogueItem(Kept):
    """A product or service under a stable code; what it says of itself is dated."""

    registration = models.ForeignKey(
        Registration, models.PROTECT, related_name="items", verbose_name="入库单位"
    )
    code = models.CharField("编码", max_length=30)

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "产品和服务"
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["registration", "code"], name="item_code_once")]

    def __str__(self) -> str:
        return self.code


class CatalogueVersion(Dated):
    item = models.ForeignKey(
        CatalogueItem, models.PROTECT, related_name="versions", verbose_name="产品和服务"
    )
    name = models.CharField("名称", max_length=120)
    price = models.CharField("价格", max_length=60, blank=True)
    summary = models.CharField("说明", max_length=300, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "产品和服务的说明"
        constraints = [
            models.UniqueConstraint(
                fields=["item"],
                condition=models.Q(valid_to__isnull=True),
                name="one_current_catalogue_version",
            )
        ]

    def __str__(self) -> str:
        return self.name
