from django.conf import settings
from django.db import models

from cities.models import Programme
from notices import kinds
from records.history import HistoricalRecords
from records.models import Kept


class NoticeTemplate(Kept):
    """The wording of one kind of document of a programme, by version. A version that is in force is never edited; the next
    one takes its place (docs/decisions/0054)."""

    class Standing(models.TextChoices):
        DRAFT = "draft", "草稿"
        IN_FORCE = "in_force", "使用中"
        SUPERSEDED = "superseded", "已停用"

    class Signing(models.TextChoices):
        """Where name and day stand (GB/T 9704-2012, 7.3.5)."""

        SEAL = "seal", "加盖印章"
        PLAIN = "plain", "不加盖印章"

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="notice_templates", verbose_name="项目"
    )
    kind = models.SlugField("种类", max_length=30)
    version = models.PositiveSmallIntegerField("版本")
    standing = models.CharField("状态", max_length=12, choices=Standing, default=Standing.DRAFT)
    issuers = models.JSONField(
        "发文机关代码",
        default=list,
        help_text='按顺序写发文机关的代码，如 ["office"]；联合发文的主办机关在前，用它的机关代字',
    )
    letterhead = models.BooleanField("有发文机关标志和发文字号", default=True)
    signing = models.CharField("落款", max_length=6, choices=Signing, default=Signing.SEAL)
    title = models.CharField("标题", max_length=200)
    addressees = models.CharField("主送", max_length=300, blank=True, help_text="面向社会的不写")
    body = models.TextField(
        "正文",
        help_text="一行一段；“一、”“（一）”开头的是小标题。{字段} 换成当时的内容，某个字段没有内容的那一行不出现",
    )
    attachment = models.CharField("附件名称", max_length=120, blank=True, help_text="没有附件就不写")
    copies = models.CharField(
        "抄送", max_length=300, blank=True, help_text="写在版记里，机关之间用逗号、顿号隔开；没有就不写"
    )
    imprint = models.CharField(
        "印发机关", max_length=80, blank=True, help_text="写了印发机关，末页才有版记；印发日期是成文的那一天"
    )
    drafted_at = models.DateTimeField("起草时间")
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="起草人",
    )
    in_force_at = models.DateTimeField("启用时间", null=True, blank=True)
    in_force_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="启用人",
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "文书样式"
        ordering = ["programme", "kind", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "kind", "version"], name="template_version_once"),
            models.UniqueConstraint(
                fields=["programme", "kind"],
                condition=models.Q(standing="in_force"),
                name="one_template_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"{kinds.title(self.kind, self.programme)}（第 {self.version} 版）"
