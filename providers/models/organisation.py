from django.db import models

from providers.models.spans import Dated
from providers.permissions import ORGANISATION_PERMISSIONS
from records.history import HistoricalRecords
from records.models import Kept


class Organisation(Kept):
    """A legal entity: a lasting identity. `name` and `credit_code` repeat the current profile so that lists need no join."""

    credit_code = models.CharField("统一社会信用代码", max_length=18, unique=True)
    name = models.CharField("名称", max_length=120)
    code_override = models.CharField("校验位不符仍采用的理由", max_length=200, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "企业、机构"
        ordering = ["name"]
        permissions = ORGANISATION_PERMISSIONS

    def __str__(self) -> str:
        return self.name


class OrganisationProfile(Dated):
    """What an organisation was called, under which code, and where it was registered, from a moment to a moment."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="profiles", verbose_name="企业"
    )
    name = models.CharField("名称", max_length=120)
    credit_code = models.CharField("统一社会信用代码", max_length=18)
    place = models.CharField("登记地", max_length=60, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "企业名称与登记地"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], condition=models.Q(valid_to__isnull=True), name="one_current_profile"
            )
        ]

    def __str__(self) -> str:
        return self.name
