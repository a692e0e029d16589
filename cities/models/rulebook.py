from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from cities.models.place import Programme
from records.history import HistoricalRecords
from records.models import Kept


class FrozenRulebook(Exception):
    """A published rulebook is never edited; a new version is."""


class Rulebook(Kept):
    """One dated version of a programme's regulation. Once published it is frozen but for its end."""

    class Change(models.TextChoices):
        FIRST = "first", "首版"
        AMENDMENT = "amendment", "修订"
        CORRECTION = "correction", "更正"
        ADOPTION = "adoption", "采纳征求意见稿"

    class Standing(models.TextChoices):
        DRAFT = "draft", "草稿"
        CONSULTATION = "consultation", "征求意见稿"
        PUBLISHED = "published", "已发布"
        WITHDRAWN = "withdrawn", "已撤回"

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="rulebooks", verbose_name="项目")
    version = models.PositiveSmallIntegerField("版本")
    title = models.CharField("名称", max_length=200)
    short_title = models.CharField("简称", max_length=60)
    document_number = models.CharField("文号", max_length=60, blank=True)
    issuers = models.JSONField("印发单位", default=list, blank=True)
    issued_on = models.DateField("印发日期", null=True, blank=True)
    consulted_from = models.DateField("征求意见自", null=True, blank=True)
    consulted_to = models.DateField("征求意见至（含当日）", null=True, blank=True)
    effective_from = models.DateField("施行日期", null=True, blank=True)
    effective_to = models.DateField("有效期至（含当日）", null=True, blank=True)
    ends_on_event = models.CharField("失效事件", max_length=120, blank=True)
    validity_article = models.CharField("效力条款", max_length=40)
    effective_article = models.CharField("施行日期的条款（空为效力条款）", max_length=40, blank=True)
    interpretations = models.JSONField("解释", default=list, blank=True)
    rules = models.JSONField("执行条文规则", default=list, blank=True)
    moves_open_cases = models.BooleanField("在办事项改按这一版", default=False)
    change = models.CharField("怎么来的", max_length=12, choices=Change, default=Change.FIRST)
    change_reason = models.CharField("为什么有这一版", max_length=200, blank=True)
    based_on = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="following", verbose_name="在哪一版上改"
    )
    drafted_at = models.DateTimeField("起草时间", null=True, blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="起草人",
    )
    standing = models.CharField("状态", max_length=20, choices=Standing, default=Standing.DRAFT)
    digest = models.CharField("内容指纹", max_length=64, blank=True)
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="发布人",
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "规则"
        ordering = ["programme", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "version"], name="rulebook_version_once"),
            models.CheckConstraint(
                name="rulebook_ends_after_it_begins",
                condition=models.Q(effective_to__isnull=True)
                | models.Q(effective_to__gte=models.F("effective_from")),
            ),
            models.CheckConstraint(
                name="published_rulebook_has_its_day",
                condition=~models.Q(standing="published") | models.Q(effective_from__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.short_title}（第 {self.version} 版）"

    @property
    def is_frozen(self) -> bool:
        return self.standing in (self.Standing.PUBLISHED, self.Standing.WITHDRAWN)

    @property
    def begins(self) -> date:
        """The first day of a version that is published or about to be; a text for comment has none."""
        assert self.effective_from is not None
        return self.effective_from

    @property
    def begins_in(self) -> str:
        """The article that says from when it binds."""
        return self.effective_article or self.validity_article

    def refuse_if_frozen(self) -> None:
        if self.is_frozen:
            raise FrozenRulebook(f"{self}已发布，不能改动；要改就另立新版本")

    def is_in_force(self, at: datetime) -> bool:
        """Whether this version binds on the local day of that moment; both its first and its last day count."""
        day: date = timezone.localtime(at).date()
        if self.standing != self.Standing.PUBLISHED or self.effective_from is None:
            return False
        if day < self.effective_from:
            return False
        return self.effective_to is None or day <= self.effective_to


class Article(models.Model):
    """A numbered provision, under a heading of our own; the official text is never kept here."""

    rulebook = models.ForeignKey(Rulebook, models.CASCADE, related_name="articles", verbose_name="规则")
    number = models.CharField("条款", max_length=40)
    heading = models.CharField("提要", max_length=120)
    order = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "条款"
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["rulebook", "number"], name="article_once_per_rulebook")
        ]

    def __str__(self) -> str:
        return self.number

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.rulebook.refuse_if_frozen()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self.rulebook.refuse_if_frozen()
        return super().delete(*args, **kwargs)
