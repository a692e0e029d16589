from django.core.validators import RegexValidator
from django.db import models

from cities.models import City
from records.history import HistoricalRecords
from records.models import Kept

# What stands before the year of a document number; the brackets, the number and 号 are the portal's.
number_word = RegexValidator(r"^[\u4e00-\u9fff]{1,12}$", "机关代字只写汉字，1 到 12 个，不写年份和括号")


class Issuer(Kept):
    """Who signs documents: its full name and the word of its document numbers."""

    city = models.ForeignKey(City, models.PROTECT, related_name="issuers", verbose_name="城市")
    key = models.SlugField("代码")
    name = models.CharField("发文机关全称", max_length=80)
    number_word = models.CharField("机关代字", max_length=12, unique=True, validators=[number_word])

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "发文机关"
        ordering = ["city", "key"]
        constraints = [models.UniqueConstraint(fields=["city", "key"], name="issuer_key_once_per_city")]

    def __str__(self) -> str:
        return self.name


class NumberSeries(models.Model):
    """The document numbers of an issuer in a year: locked by whoever takes the next one, never set back."""

    issuer = models.ForeignKey(Issuer, models.PROTECT, related_name="series", verbose_name="发文机关")
    year = models.PositiveSmallIntegerField("年份")
    last = models.PositiveIntegerField("最后一个号", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "发文字号"
        constraints = [models.UniqueConstraint(fields=["issuer", "year"], name="series_once_per_year")]

    def __str__(self) -> str:
        return f"{self.issuer.number_word}〔{self.year}〕"
