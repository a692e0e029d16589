from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from cities.models.place import Programme
from cities.models.rulebook import Rulebook

# A matter of the whole rulebook, wherever it has somebody hand in something sensitive.
KEEP_SENSITIVE = "keep_sensitive"
# What a row's flag `…_set_by_office` leaves open, as a question.
OPEN_VALUES = {
    "span": "多少天，怎么计算？",
    "pass_mark": "多少分达标？",
    "weights": "各维度权重是多少？",
    KEEP_SENSITIVE: "含个人信息的文件，办结后保存多少天？",
}


class DecisionMade(Exception):
    """An office decision is dated and never edited; another one follows it."""


class OfficeDecision(models.Model):
    """A value or a reading that the text leaves to the office: proposed by one person, confirmed by another.

    It stands beside the rulebook: `section`, `place` and `matter` name what was open, whatever the version. `value` holds
    the row's columns as decided. It counts from `effective_from`, for acts after it was confirmed.
    """

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="office_decisions", verbose_name="项目"
    )
    section = models.CharField("哪类规则", max_length=30)
    place = models.CharField("哪一行", max_length=200)
    matter = models.CharField("什么事项", max_length=200)
    article = models.CharField("条款", max_length=40)
    value = models.JSONField("确定的值", default=dict)
    wording = models.CharField("确定为", max_length=200)
    basis = models.CharField("依据的文件或会议", max_length=200)
    decided_on = models.DateField("确定日期")
    effective_from = models.DateField("自哪一天起")
    proposed_at = models.DateTimeField("登记时间")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人"
    )
    settled_at = models.DateTimeField("确认或退回时间", null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="确认或退回人",
    )
    is_confirmed = models.BooleanField("已确认", null=True)
    declined_because = models.CharField("退回原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "主管部门的决定"
        ordering = ["-decided_on", "-pk"]
        indexes = [models.Index(fields=["programme", "section", "place"], name="office_decision_of_row")]
        constraints = [
            models.CheckConstraint(
                name="office_decision_has_two_hands",
                condition=models.Q(settled_by__isnull=True) | ~models.Q(settled_by=models.F("proposed_by")),
            ),
            models.CheckConstraint(
                name="office_decision_settled_whole",
                condition=models.Q(
                    is_confirmed__isnull=True, settled_at__isnull=True, settled_by__isnull=True
                )
                | models.Q(is_confirmed__isnull=False, settled_at__isnull=False, settled_by__isnull=False),
            ),
            models.CheckConstraint(
                name="office_decision_begins_when_decided",
                condition=models.Q(effective_from__gte=models.F("decided_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article} {self.question}{self.wording.strip()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        kept = OfficeDecision.objects.filter(pk=self.pk).values("settled_at").first() if self.pk else None
        if kept and kept["settled_at"]:
            raise DecisionMade(f"“{self}”已经办结，不能改动；要改就另作一项决定")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise DecisionMade(f"“{self}”不能删除；要改就另作一项决定")

    @property
    def question(self) -> str:
        return OPEN_VALUES.get(self.matter, self.matter)

    @property
    def binds_from(self) -> date:
        """The first day of acts that it binds: it changes nothing that was done before it was confirmed."""
        confirmed = timezone.localtime(self.settled_at).date() if self.settled_at else self.effective_from
        return max(self.effective_from, confirmed)

    def counts(self, at: datetime) -> bool:
        """Whether it binds an act of that moment."""
        begun = timezone.localtime(at).date() >= self.effective_from
        return bool(self.is_confirmed and self.settled_at and self.settled_at <= at and begun)

    def is_ahead(self, at: datetime) -> bool:
        """Whether it is confirmed and begins to bind on a later day."""
        return bool(self.is_confirmed) and timezone.localtime(at).date() < self.effective_from


class OfficialText(models.Model):
    """The official text of one article, attached by staff at run time; the repository holds none."""

    rulebook = models.ForeignKey(Rulebook, models.CASCADE, related_name="texts", verbose_name="规则")
    number = models.CharField("条款", max_length=40)
    text = models.TextField("原文")
    source = models.CharField("来源", max_length=200)
    attached_at = models.DateTimeField("附上时间")

    class Meta:
        verbose_name = verbose_name_plural = "条文原文"
        constraints = [models.UniqueConstraint(fields=["rulebook", "number"], name="official_text_once")]

    def __str__(self) -> str:
        return self.number

    @property
    def paragraphs(self) -> list[str]:
        """As they were attached, each item of a list as one of its own, without its mark."""
        found: list[str] = []
        for line in self.text.splitlines():
            if not line.strip() or line.startswith("- ") or not found:
                found.append("")
            found[-1] = "\n".join(part for part in (found[-1], line.removeprefix("- ").strip()) if part)
        return [one for one in found if one]
