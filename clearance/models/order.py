from django.conf import settings
from django.db import models

from cases.models import Case, Deadline
from providers.models import Registration
from records.history import HistoricalRecords
from records.models import Kept


class RectificationOrder(Kept):
    """An order to put something right by a day. A case may give several, one after another; each counts as one of its `kind`, that
    of the procedure."""

    class State(models.TextChoices):
        OPEN = "open", "整改中"
        REPORTED = "reported", "已报，待复核"
        OVERDUE = "overdue", "到期没有完成"
        DONE = "done", "已完成"
        NOT_DONE = "not_done", "没有完成"
        VOID = "void", "已终止"
        REVOKED = "revoked", "已撤销"

    case = models.ForeignKey(Case, models.PROTECT, related_name="orders", verbose_name="事项")
    registration = models.ForeignKey(Registration, models.PROTECT, related_name="orders", verbose_name="单位")
    kind = models.SlugField("程序种类", max_length=30)
    ordinal = models.PositiveSmallIntegerField("本单位第几次")
    demands = models.TextField("要求")
    article = models.CharField("依据", max_length=80)
    ordered_at = models.DateTimeField("责令时间")
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="责令人"
    )
    deadline = models.ForeignKey(
        Deadline, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="期限"
    )
    state = models.CharField("状态", max_length=10, choices=State, default=State.OPEN)
    reported_at = models.DateTimeField("报告时间", null=True, blank=True)
    ended_at = models.DateTimeField("了结时间", null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "限期整改"
        ordering = ["ordered_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["registration", "kind", "ordinal"], name="order_of_kind_once"),
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(state__in=["open", "reported", "overdue"]),
                name="one_running_order_per_case",
            ),
        ]

    RUNNING = [State.OPEN, State.REPORTED, State.OVERDUE]

    def __str__(self) -> str:
        return f"第 {self.ordinal} 次{'限期整改' if self.kind == 'sanction' else '取消合作'}"
