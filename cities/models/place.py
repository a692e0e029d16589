from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from cities.permissions import OFFICE_PERMISSIONS
from records.history import HistoricalRecords
from records.models import Kept

# No reminder comes earlier than this; a slip of the keyboard should not count through years.
MOST_DAYS_BEFORE = 60


def falling_days(value: Any) -> None:
    """Raises ValidationError for what is no list of whole days, each nearer to the end than the one before."""
    are_days = isinstance(value, list) and all(
        type(day) is int and 1 <= day <= MOST_DAYS_BEFORE for day in value
    )
    if not are_days or value != sorted(set(value), reverse=True):
        raise ValidationError(
            f"应为从大到小、不重复的天数（1 到 {MOST_DAYS_BEFORE}），如 [7, 3, 1]；不提醒写 []"
        )


class City(Kept):
    """A tenant. What a government site must print about itself is set per city and shown as a gap until it is."""

    slug = models.SlugField("代码", unique=True)
    name = models.CharField("城市", max_length=40)
    office = models.CharField("工作机构", max_length=120)
    sponsor = models.CharField("主办单位", max_length=120, blank=True)
    operator = models.CharField("承办单位", max_length=120, blank=True)
    site_code = models.CharField("政府网站标识码", max_length=20, blank=True)
    icp_number = models.CharField("ICP 备案号", max_length=60, blank=True)
    police_number = models.CharField("公安备案号", max_length=60, blank=True)
    phone = models.CharField("联系电话", max_length=60, blank=True)
    address = models.CharField("地址与邮编", max_length=200, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "城市"
        ordering = ["name"]
        permissions = OFFICE_PERMISSIONS

    def __str__(self) -> str:
        return self.name


class District(Kept):
    city = models.ForeignKey(City, models.PROTECT, related_name="districts", verbose_name="城市")
    name = models.CharField("区市", max_length=60)

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "区市"
        permissions = OFFICE_PERMISSIONS
        constraints = [models.UniqueConstraint(fields=["city", "name"], name="district_name_once_per_city")]

    def __str__(self) -> str:
        return f"{self.city}{self.name}"


class Programme(Kept):
    """One registry of one city under one line of regulation, with the words that regulation uses."""

    city = models.ForeignKey(City, models.PROTECT, related_name="programmes", verbose_name="城市")
    slug = models.SlugField("代码", unique=True)
    name = models.CharField("项目", max_length=60)
    registrant_term = models.CharField("入库单位称谓", max_length=40)
    partner_term = models.CharField("合作伙伴称谓", max_length=40, blank=True)
    office = models.CharField("主管部门全称", max_length=120, blank=True)
    office_term = models.CharField("工作机构称谓", max_length=40, default="主管部门")
    warning_term = models.CharField("警示的称谓", max_length=40, default="警示")
    clearance_term = models.CharField("退出的称谓", max_length=40, default="退出")
    number_prefix = models.CharField("编号前缀", max_length=10, unique=True)
    objection_office = models.CharField("受理异议的部门", max_length=120, blank=True)
    objection_phone = models.CharField("受理电话", max_length=60, blank=True)
    supervision_phone = models.CharField("监督电话", max_length=60, blank=True)
    objection_address = models.CharField("受理地址", max_length=200, blank=True)
    reminder_days = models.JSONField(
        "到期前提醒单位（工作日）",
        default=list,
        blank=True,
        validators=[falling_days],
        help_text="单位要办的事到期前几个工作日写信提醒，从大到小，如 [7, 3, 1]；不提醒写 []",
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "试点项目"
        ordering = ["city__name", "name"]
        permissions = OFFICE_PERMISSIONS

    def __str__(self) -> str:
        return f"{self.city.name} · {self.name}"

    @property
    def authority(self) -> str:
        """Who announces for this programme: its own office where a city has several, else the city's."""
        return self.office or self.city.office


class Industry(Kept):
    """A pilot industry of a programme; no regulation lists them, the work group does."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="industries", verbose_name="项目")
    key = models.SlugField("代码")
    name = models.CharField("行业", max_length=40)
    order = models.PositiveSmallIntegerField("次序", default=0)

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "细分行业"
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "key"], name="industry_key_once_per_programme"),
            models.UniqueConstraint(fields=["programme", "name"], name="industry_name_once_per_programme"),
        ]

    def __str__(self) -> str:
        return self.name
