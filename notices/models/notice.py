import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from cases.models import Batch, Case
from cities.models import Programme
from notices import kinds
from notices.models.issuer import NumberSeries
from notices.models.template import NoticeTemplate
from providers.models import ListEdition, Organisation
from publicity.models import PublicityPeriod
from records.models import StoredFile


class Notice(models.Model):
    """An issued document. What it says is frozen with its number in the deciding transaction; its file is made afterwards,
    and only then is it public. Written by `notices.issuing` alone.
    """

    class State(models.TextChoices):
        ISSUING = "issuing", "正在成文"
        ISSUED = "issued", "已发布"
        WITHDRAWN = "withdrawn", "已撤回"

    # What has been out, and can be verified.
    OUT: ClassVar = (State.ISSUED, State.WITHDRAWN)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField("查验码", max_length=10, unique=True)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="notices", verbose_name="项目")
    kind = models.SlugField("种类", max_length=30)
    template = models.ForeignKey(NoticeTemplate, models.PROTECT, related_name="+", verbose_name="文书样式")

    # What it stands on; those that it has nothing to do with are empty.
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="notices", verbose_name="事项"
    )
    batch = models.ForeignKey(
        Batch, models.PROTECT, null=True, blank=True, related_name="notices", verbose_name="批次"
    )
    period = models.ForeignKey(
        PublicityPeriod, models.PROTECT, null=True, blank=True, related_name="notices", verbose_name="公示"
    )
    concerns = models.ManyToManyField(
        Organisation, related_name="notices", blank=True, verbose_name="涉及的单位"
    )
    edition = models.ForeignKey(
        ListEdition, models.PROTECT, null=True, blank=True, related_name="notices", verbose_name="名单版本"
    )

    series = models.ForeignKey(
        NumberSeries, models.PROTECT, null=True, blank=True, related_name="notices", verbose_name="字号序列"
    )
    ordinal = models.PositiveIntegerField("序号", null=True, blank=True)
    number = models.CharField("发文字号", max_length=40, blank=True)
    issuers = models.JSONField("发文机关", default=list)
    title = models.CharField("标题", max_length=300)
    addressees = models.CharField("主送", max_length=300, blank=True)
    body = models.TextField("正文")
    attachments = models.JSONField("附件", default=list, blank=True)
    copies = models.CharField("抄送", max_length=300, blank=True)
    facts = models.JSONField("写进去的内容", default=dict, blank=True)
    # One that is not is served on who is concerned: verified like any other, shown to nobody else.
    is_public = models.BooleanField("公开发布", default=True)
    written_on = models.DateField("成文日期")

    state = models.CharField("状态", max_length=10, choices=State, default=State.ISSUING)
    decided_at = models.DateTimeField("决定时间")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="决定人",
    )
    attempts = models.PositiveSmallIntegerField("试了几次", default=0)
    next_attempt_at = models.DateTimeField("下次再试", null=True, blank=True)
    last_error = models.CharField("没有成文的原因", max_length=300, blank=True)
    issued_at = models.DateTimeField("发布时间", null=True, blank=True)
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="文件"
    )
    fonts = models.JSONField("所用字体", default=list, blank=True)
    sealed = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="盖章扫描件"
    )
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_reason = models.CharField("撤回原因（公开）", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "公文"
        ordering = ["-decided_at", "-code"]
        indexes = [models.Index(fields=["programme", "state", "-issued_at"], name="notice_latest_first")]
        constraints = [
            models.UniqueConstraint(fields=["series", "ordinal"], name="document_number_once"),
            models.CheckConstraint(
                name="issued_notice_has_its_file",
                condition=~models.Q(state="issued") | models.Q(file__isnull=False, issued_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.title

    @property
    def state_title(self) -> str:
        """What is not public is not said to be published."""
        is_served = self.state == self.State.ISSUED and not self.is_public
        return "已发出" if is_served else self.get_state_display()

    @property
    def kind_title(self) -> str:
        return kinds.title(self.kind, self.programme)


class NoticeLink(models.Model):
    """That a document corrects, withdraws, revokes or follows an earlier one; read from both sides. What was revoked stands no
    more and is still shown; what was withdrawn is not shown any more. One that follows leaves the earlier one as it is.
    """

    class Does(models.TextChoices):
        CORRECTS = "corrects", "更正"
        WITHDRAWS = "withdraws", "撤回"
        REVOKES = "revokes", "撤销"
        FOLLOWS = "follows", "接续"

    # With one of these the earlier one stands no more.
    ENDING: ClassVar = (Does.WITHDRAWS, Does.REVOKES)

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="about", verbose_name="公文")
    earlier = models.ForeignKey(Notice, models.PROTECT, related_name="followed_by", verbose_name="针对")
    does = models.CharField("关系", max_length=10, choices=Does)

    class Meta:
        verbose_name = verbose_name_plural = "公文的更正和撤回"
        constraints = [models.UniqueConstraint(fields=["notice", "earlier"], name="notice_link_once")]

    def __str__(self) -> str:
        return f"{self.notice}{self.get_does_display()}{self.earlier}"
