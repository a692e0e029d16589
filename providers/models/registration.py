from django.db import models

from cities.models import District, Industry, Programme
from providers.models.organisation import Organisation
from providers.models.spans import Dated
from records.history import HistoricalRecords


class Registration(Dated):
    """An organisation's standing in one programme."""

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="registrations", verbose_name="项目"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="registrations", verbose_name="单位"
    )
    entered_on = models.DateField("入库日期")
    district = models.ForeignKey(
        District, models.PROTECT, null=True, blank=True, related_name="registrations", verbose_name="所属区市"
    )
    # The one whose end was found wrong: it stays as it was, and this one goes on from there.
    continues = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="continued_by",
        verbose_name="接续（移出有误）",
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "入库单位"
        indexes = [models.Index(fields=["programme", "valid_to"], name="registration_ended")]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "organisation"],
                condition=models.Q(valid_to__isnull=True),
                name="one_current_registration",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation}（{self.programme}）"


class RegistrationEntry(Dated):
    """A category in an industry within a registration; the category is named by its key in the rulebook."""

    registration = models.ForeignKey(
        Registration, models.PROTECT, related_name="entries", verbose_name="入库单位"
    )
    category = models.SlugField("类别", max_length=60)
    industry = models.ForeignKey(Industry, models.PROTECT, related_name="entries", verbose_name="行业")

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "类别与行业"
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "category", "industry"],
                condition=models.Q(valid_to__isnull=True),
                name="one_current_entry",
            )
        ]

    def __str__(self) -> str:
        return f"{self.registration.organisation} · {self.industry}"


class Partnership(Dated):
    """An organisation behind an entry, so: per industry."""

    entry = models.ForeignKey(
        RegistrationEntry, models.PROTECT, related_name="partnerships", verbose_name="行业"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="partnerships", verbose_name="合作伙伴"
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "合作伙伴"
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "organisation"],
                condition=models.Q(valid_to__isnull=True),
                name="one_current_partnership",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.entry}"
