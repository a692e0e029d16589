from django.db import models

from cities.models import Limit, Procedure
from providers.models.registration import Registration
from providers.models.undone import Undoable
from records.history import HistoricalRecords
from records.models import Kept


class Removal(Undoable):
    """That a unit was removed from a list, whether or not it is barred from anything by that.

    `article` is what the removal rests on, `case_number` the case that decided it or the document where there was none here.
    """

    registration = models.ForeignKey(
        Registration, models.PROTECT, related_name="removals", verbose_name="入库单位"
    )
    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="removals", verbose_name="程序")
    case_number = models.CharField("依据的事项或文件", max_length=60)
    article = models.CharField("依据的条款", max_length=60)
    at = models.DateTimeField("退出时间")

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "退出记录"
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration"],
                condition=models.Q(lifted_at__isnull=True),
                name="one_removal_of_a_registration",
            )
        ]

    def __str__(self) -> str:
        return f"{self.registration} {self.case_number}"


class Bar(Kept):
    """The organisation that was removed may not enter that programme again: until a moment, exclusive, or for good.

    It stands from the removal on, as long as nobody has found that wrong. The limit is the row that was in force then.
    """

    removal = models.ForeignKey(Removal, models.PROTECT, related_name="bars", verbose_name="退出记录")
    limit = models.ForeignKey(Limit, models.PROTECT, related_name="bars", verbose_name="规则")
    until = models.DateTimeField("到何时止（空为没有期限）", null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "禁止再次申请"
        constraints = [models.UniqueConstraint(fields=["removal", "limit"], name="bar_once_of_a_removal")]

    def __str__(self) -> str:
        return f"{self.removal} {self.limit.article}"
