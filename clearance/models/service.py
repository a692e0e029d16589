from django.conf import settings
from django.db import models

from cases.models import Case
from cities.models import Stage
from providers.models import Organisation
from records.models import StoredFile


class Service(models.Model):
    """That what a stage asks of a unit has reached it, or that it was removed; written once. `since` is when that was decided:
    what is asked again has to be served again."""

    class How(models.TextChoices):
        INBOX = "inbox", "在收件箱打开"
        HANDED = "handed", "当面送交"
        POST = "post", "邮寄签收"
        REFUSED = "refused", "留置送达"
        OTHER = "other", "其他方式"

    case = models.ForeignKey(Case, models.PROTECT, related_name="services", verbose_name="事项")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="+", verbose_name="环节")
    since = models.DateTimeField("进入环节的时间")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="services", verbose_name="送达给"
    )
    how = models.CharField("方式", max_length=10, choices=How)
    served_on = models.DateField("送达日期")
    note = models.CharField("说明", max_length=200, blank=True)
    proof = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="送达凭证"
    )
    at = models.DateTimeField("登记时间")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "送达"
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "since", "organisation"], name="served_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_how_display()} {self.served_on}"
