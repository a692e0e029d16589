from django.db import models

from cases.models import Case
from providers.models import Organisation
from records.history import HistoricalRecords
from records.models import Kept


class Measure(Kept):
    """What a case of a sanction, a partner's removal or a clearance is about. The facts are told to the unit and may be
    announced; the evidence stays with the grounds. `demands` are those of the order that comes next or was given last; each order
    keeps its own. `afterwards` is what becomes of projects and subsidies, listed by hand."""

    case = models.OneToOneField(
        Case, models.CASCADE, primary_key=True, related_name="measure", verbose_name="事项"
    )
    partner = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="合作伙伴"
    )
    facts = models.TextField("事实和理由", blank=True)
    demands = models.TextField("要求", blank=True)
    afterwards = models.TextField("项目和补助怎么处理", blank=True)
    due_on = models.DateField("办到哪一天", null=True, blank=True)
    announced = models.BooleanField("公告", null=True, blank=True)
    announced_why = models.CharField("公告与否的理由", max_length=300, blank=True)
    acknowledged = models.BooleanField("已知道退出的后果", default=False)
    saved_at = models.DateTimeField("保存时间")

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "警示和退出"

    def __str__(self) -> str:
        return f"{self.case} {self.case.procedure}"
