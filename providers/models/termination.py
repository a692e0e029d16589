from django.db import models

from providers.models.organisation import Organisation
from providers.models.undone import Undoable
from records.history import HistoricalRecords


class Termination(Undoable):
    """That an organisation has come to its end in law, as staff have found it in the public register. Nothing is decided by it."""

    class Kind(models.TextChoices):
        CANCELLED = "cancelled", "注销"
        REVOKED = "revoked", "吊销"
        ENDED = "ended", "终止"

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="terminations", verbose_name="单位"
    )
    kind = models.CharField("登记状态", max_length=10, choices=Kind)
    day = models.DateField("终止日期")
    evidence = models.CharField("凭什么认定", max_length=300)
    recorded_at = models.DateTimeField("记入时间")

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "依法终止"
        ordering = ["-day", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=models.Q(lifted_at__isnull=True),
                name="one_termination_of_an_organisation",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.get_kind_display()}"
