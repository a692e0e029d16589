from django.db import models

from providers.models.organisation import Organisation
from providers.models.undone import Undoable
from records.history import HistoricalRecords


class Succession(Undoable):
    """That an organisation goes on as, merged into or was taken over by another; what follows the lineage follows this."""

    class Kind(models.TextChoices):
        RENAMED = "renamed", "更名后换发代码"
        MERGED = "merged", "合并"
        SUCCEEDED = "succeeded", "承继"

    predecessor = models.ForeignKey(
        Organisation, models.PROTECT, related_name="successors", verbose_name="原单位"
    )
    successor = models.ForeignKey(
        Organisation, models.PROTECT, related_name="predecessors", verbose_name="承继单位"
    )
    kind = models.CharField("方式", max_length=10, choices=Kind)
    day = models.DateField("生效日期")
    evidence = models.CharField("凭什么认定", max_length=300)
    recorded_at = models.DateTimeField("记入时间")

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "更名、合并、承继"
        ordering = ["-day", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor"],
                condition=models.Q(lifted_at__isnull=True),
                name="one_succession_between_two",
            ),
            models.CheckConstraint(
                name="nobody_succeeds_itself",
                condition=~models.Q(predecessor=models.F("successor")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"
