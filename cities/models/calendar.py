from django.db import models

from records.history import HistoricalRecords
from records.models import Kept


class CalendarYear(Kept):
    """A year whose days off are known; a year without a row is missing, and nothing is ever guessed for it."""

    class Status(models.TextChoices):
        OFFICIAL = "official", "正式"
        PROVISIONAL = "provisional", "暂定"

    year = models.PositiveSmallIntegerField("年份", unique=True)
    status = models.CharField("状态", max_length=12, choices=Status)
    source = models.CharField("来源", max_length=200)
    loaded_at = models.DateTimeField("载入时间")

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "上班日历年份"
        ordering = ["-year"]

    def __str__(self) -> str:
        return f"{self.year} 年（{self.get_status_display()}）"


class CalendarDay(Kept):
    """A day that is not as its weekday says: off, made up for by work, or a named holiday that falls on a weekend."""

    date = models.DateField("日期", unique=True)
    is_workday = models.BooleanField("上班")
    name = models.CharField("名称", max_length=60, blank=True)
    source = models.CharField("来源", max_length=200)

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "放假和调休日"
        ordering = ["-date"]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d} {self.name or ('上班' if self.is_workday else '休息')}"
