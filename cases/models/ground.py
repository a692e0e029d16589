from django.conf import settings
from django.db import models

from cases.models.case import Case
from cities import keys
from cities.models import Ground, Programme
from providers.models import ListEdition, Organisation, Registration
from records.history import HistoricalRecords
from records.models import Kept, StoredFile


class GroundFound(Kept):
    """Something was seen that may open a case: what, of whom, from where. Nothing is ever decided by it, and it holds nothing
    of who brought it up. `cases.grounds` is its only writer.

    `ground` is the row of the rules that it falls under, as it stood then; `partner` is the organisation behind the unit that it
    is about, where it is not about the unit itself."""

    class State(models.TextChoices):
        OPEN = "open", "待处理"
        TAKEN = "taken", "已立案"
        SET_ASIDE = "set_aside", "不立案"

    kind = models.CharField("种类", max_length=30, choices=list(keys.GROUNDS_FOUND.items()))
    # What it was found in, in the words of the app that found it: the same is found once.
    source = models.CharField("来源标识", max_length=80)
    source_label = models.CharField("来源", max_length=120)
    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="grounds_found", verbose_name="项目"
    )
    registration = models.ForeignKey(
        Registration, models.PROTECT, related_name="grounds_found", verbose_name="单位"
    )
    ground = models.ForeignKey(
        Ground, models.PROTECT, null=True, blank=True, related_name="found", verbose_name="情形"
    )
    partner = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="涉及的合作伙伴"
    )
    edition = models.ForeignKey(
        ListEdition, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="针对的名单"
    )
    found_in = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="grounds_found", verbose_name="在哪件发现"
    )
    evidence = models.TextField("依据")
    found_at = models.DateTimeField("发现时间")
    state = models.CharField("状态", max_length=10, choices=State, default=State.OPEN)
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="grounds", verbose_name="立案"
    )
    reason = models.CharField("不立案的理由", max_length=300, blank=True)
    handled_at = models.DateTimeField("处理时间", null=True, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="处理人",
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "发现的情形"
        ordering = ["-found_at", "-pk"]
        indexes = [models.Index(fields=["programme", "state"], name="ground_inbox")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "source"], name="ground_found_once"),
            models.CheckConstraint(
                name="ground_of_a_rule_names_it",
                condition=models.Q(kind="ground", ground__isnull=False)
                | (~models.Q(kind="ground") & models.Q(ground=None)),
            ),
            models.CheckConstraint(
                name="ground_is_where_its_state_says",
                condition=models.Q(state="open", case=None, reason="")
                | models.Q(state="taken", case__isnull=False, reason="")
                | (models.Q(state="set_aside", case=None) & ~models.Q(reason="")),
            ),
        ]

    def __str__(self) -> str:
        if self.ground is None:
            return f"{self.get_kind_display()}（{self.source_label}）"
        about = f"{self.partner}：" if self.partner else ""
        return f"{about}{self.ground.label}（{self.ground.article}）"


class GroundFile(models.Model):
    """What proves a ground. It may tell who has brought it up, so it is for the office alone (`cases.proofs`)."""

    ground = models.ForeignKey(GroundFound, models.PROTECT, related_name="files", verbose_name="情形")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")

    class Meta:
        verbose_name = verbose_name_plural = "情形的证明材料"
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.file)
