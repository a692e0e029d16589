import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.utils import timezone

from cases.models.batch import Batch
from cities import keys
from cities.models import Procedure, Programme, Rulebook, Stage
from providers.models import ListEdition, Organisation, Registration
from records.history import HistoricalRecords
from records.models import Kept


class Case(Kept):
    """One run of a procedure. `stage` and `status` are written by `cases.engine` alone."""

    class Status(models.TextChoices):
        DRAFT = "draft", "草稿"
        OPEN = "open", "在办"
        CLOSED = "closed", "办结"

    class Result(models.TextChoices):
        NONE = "", "尚无结果"
        PUBLISHED = "published", "已发布"
        REFUSED = "refused", "未通过"
        COMPLETED = "completed", "已办结"
        DECLINED = "declined", "不采取措施"
        WITHDRAWN = "withdrawn", "已撤回"
        DISCARDED = "discarded", "草稿已删除"
        STOPPED = "stopped", "已终止"
        REVOKED = "revoked", "已撤销"

    class Channel(models.TextChoices):
        ONLINE = "online", "网上提交"
        PAPER = "paper", "纸质材料，由工作人员录入"
        OFFICE = "office", "工作人员发起"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField("编号", max_length=30, unique=True, null=True, blank=True)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="cases", verbose_name="项目")
    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="cases", verbose_name="程序")
    rulebook = models.ForeignKey(
        Rulebook, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name="适用规则"
    )
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="cases", verbose_name="单位")
    registration = models.ForeignKey(
        Registration, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name="入库单位"
    )
    base_edition = models.ForeignKey(
        ListEdition, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="底稿"
    )
    edition = models.ForeignKey(
        ListEdition, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name="发布的版本"
    )
    batch = models.ForeignKey(
        Batch, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name="批次"
    )
    stage = models.ForeignKey(
        Stage, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name="环节"
    )
    stage_since = models.DateTimeField("进入环节", null=True, blank=True)
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.DRAFT)
    result = models.CharField("结果", max_length=12, choices=Result, default=Result.NONE, blank=True)
    channel = models.CharField("提交方式", max_length=10, choices=Channel, default=Channel.ONLINE)
    received_on = models.DateField("纸质材料收到日期", null=True, blank=True)
    created_at = models.DateTimeField("建立时间")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="提交人",
    )
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)
    submission = models.JSONField("提交时的原样", default=dict, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="owned_cases",
        verbose_name="承办人",
    )
    attention = models.CharField("为什么回到这一环节", max_length=500, blank=True)
    ordered = models.BooleanField("责令变更", default=False)
    # The case by which it was ordered, where the portal knows; one from paper may be ordered without.
    order = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="carried_out_by",
        verbose_name="据以办理的责令",
    )
    waiting_for = models.CharField("等谁办", max_length=20, blank=True)
    wake_at = models.DateTimeField("下次唤醒", null=True, blank=True)
    set_aside_at = models.DateTimeField("搁置时间", null=True, blank=True)
    set_aside_reason = models.CharField("搁置原因", max_length=500, blank=True)
    set_aside_tries = models.PositiveSmallIntegerField("失败次数", default=0)
    try_again_at = models.DateTimeField("下次自动重试", null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "事项"
        ordering = ["-created_at"]
        indexes = [
            # The sweep asks for what is due; nothing else reads wake_at.
            models.Index(fields=["wake_at"], condition=models.Q(wake_at__isnull=False), name="case_due"),
            models.Index(fields=["programme", "status", "waiting_for"], name="case_worklist"),
            models.Index(fields=["organisation", "status"], name="case_of_organisation"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "procedure"],
                condition=models.Q(status="draft"),
                name="one_draft_per_registration_and_procedure",
            ),
            models.CheckConstraint(
                name="submitted_case_is_numbered_and_pinned",
                condition=models.Q(submitted_at__isnull=True)
                | models.Q(number__isnull=False, rulebook__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number or "草稿"

    @property
    def is_unserved(self) -> bool:
        """Whether its unit is to be asked for something, and it is not on record that this has reached it."""
        return self.stage is not None and self.stage.kind in keys.ASKED and self.waiting_for == "clerk"

    @property
    def filed_on(self) -> date | None:
        """The day the application counts from: receipt for paper, submission otherwise."""
        if self.received_on:
            return self.received_on
        return timezone.localtime(self.submitted_at).date() if self.submitted_at else None

    @property
    def is_written_by_office(self) -> bool:
        """Whether the office fills it in: what it enters from paper, and what it begins itself."""
        return self.channel != self.Channel.ONLINE

    @property
    def is_alone(self) -> bool:
        """Whether it is shown and published by itself: in no batch, or in one of its own, which has no number."""
        return self.batch is None or self.batch.number is None

    @property
    def is_editable(self) -> bool:
        """While a draft, or sent back to its applicant for correction."""
        return self.status == self.Status.DRAFT or (
            self.status == self.Status.OPEN and self.stage is not None and self.stage.kind == "submission"
        )


class CaseCounter(models.Model):
    """The last number given in a programme and year; locked while the next is taken."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    series = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "series", "year"], name="one_counter_per_year")
        ]
