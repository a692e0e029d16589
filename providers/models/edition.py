from django.db import models

from cities.models import Programme
from providers.models.registration import Registration
from records.history import HistoricalRecords
from records.models import Kept


class Register(Kept):
    """One row per programme, locked first by whoever changes its list: editions and moments rise together."""

    programme = models.OneToOneField(Programme, models.PROTECT, primary_key=True, related_name="register")
    last_number = models.PositiveIntegerField("最新版本", default=0)
    last_moment = models.DateTimeField("最新版本时间", null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "名录"

    def __str__(self) -> str:
        return f"{self.programme} 名录"


class ListEdition(models.Model):
    """A numbered, frozen state of a programme's list: its differences from the one before and its digest, not a copy.

    `changes` has one row per unit touched: `{"unit": {"code", "name"}, "differences": [...]}` (providers.snapshots), in
    an erratum also `corrects`, the number of the edition that was wrong, and the `reason`;
    it is empty for an import, before which there was nothing. `counts` (units, partners, items, units by industry)
    hold until the next edition, so that a page need not count the list.
    """

    class Kind(models.TextChoices):
        IMPORT = "import", "导入"
        CHANGE = "change", "变更"
        ERRATUM = "erratum", "勘误"
        REMOVAL = "removal", "移出"

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="editions", verbose_name="项目")
    number = models.PositiveIntegerField("版本")
    published_at = models.DateTimeField("发布时间")
    kind = models.CharField("种类", max_length=10, choices=Kind)
    summary = models.CharField("变动", max_length=200)
    changes = models.JSONField("明细", default=list)
    counts = models.JSONField("家数", default=dict)
    digest = models.CharField("指纹", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "名单版本"
        ordering = ["programme", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="edition_number_once"),
            models.UniqueConstraint(fields=["programme", "published_at"], name="edition_moment_once"),
        ]

    def __str__(self) -> str:
        return f"第 {self.number} 版"


class Erratum(models.Model):
    """That an edition puts right what an earlier one says of a unit. The earlier one stays as it was published; this row
    leads from it to what corrects it. The words are those frozen in the `changes` of the edition that corrects."""

    edition = models.ForeignKey(ListEdition, models.PROTECT, related_name="errata", verbose_name="更正见于")
    corrects = models.ForeignKey(
        ListEdition, models.PROTECT, related_name="corrections", verbose_name="更正哪一版"
    )
    registration = models.ForeignKey(Registration, models.PROTECT, related_name="errata", verbose_name="单位")
    reason = models.TextField("哪里有误")

    class Meta:
        verbose_name = verbose_name_plural = "勘误"
        ordering = ["edition", "pk"]

    def __str__(self) -> str:
        return f"{self.edition}更正{self.corrects}"
