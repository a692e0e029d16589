from django.conf import settings
from django.db import models

from cases.models.case import Case
from records.models import StoredFile


class Material(models.Model):
    """A file filed against a required material, named by the row's key; a replaced one is kept for the record.

    `subject` is the credit code of the organisation it is about, where the row asks for one of each.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="materials", verbose_name="事项")
    key = models.SlugField("材料", max_length=60)
    subject = models.CharField("属于哪家企业", max_length=18, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="materials", verbose_name="文件")
    added_at = models.DateTimeField("上传时间")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人"
    )
    replaced_at = models.DateTimeField("被更换时间", null=True, blank=True)
    opened_at = models.DateTimeField("首次查看", null=True, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    seal_checked_at = models.DateTimeField("核对盖章", null=True, blank=True)
    seal_checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "材料"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "key", "subject"],
                condition=models.Q(replaced_at__isnull=True),
                name="one_current_material",
            )
        ]

    def __str__(self) -> str:
        return self.key
