"""What a provider must be to enter, and how many are meant to be taken."""

from django.db import models

from cities.models.rules import Category, Limit, RuleRow, once_per_rulebook
from records.history import HistoricalRecords


class Condition(RuleRow):
    """A condition of eligibility. Where it holds a number against something, comparator, number and unit say how."""

    section = "conditions"

    class Judged(models.TextChoices):
        DATA = "data", "由数据判定"
        DECLARED = "declared", "凭材料或承诺"
        PERSON = "person", "由人判断"

    class Strictness(models.TextChoices):
        HARD = "hard", "必须"
        IN_PRINCIPLE = "in_principle", "原则上"
        PREFERRED = "preferred", "优先考虑"

    label = models.CharField("条件", max_length=160)
    procedure_key = models.SlugField("程序", max_length=60)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="conditions", verbose_name="只限类别"
    )
    only_for = models.CharField("只对谁", max_length=80, blank=True)
    either_or = models.SlugField("同组符合其一", max_length=40, blank=True)
    judged = models.CharField("怎么判断", max_length=10, choices=Judged)
    strictness = models.CharField("严格程度", max_length=15, choices=Strictness)
    comparator = models.CharField("比较", max_length=12, choices=Limit.Comparator, blank=True)
    number = models.PositiveIntegerField("数值", null=True, blank=True)
    unit = models.CharField("单位", max_length=20, blank=True)
    lookback_months = models.PositiveSmallIntegerField("回看几个月", null=True, blank=True)

    history = HistoricalRecords()

    class Meta(RuleRow.Meta):
        verbose_name = verbose_name_plural = "入库条件"
        constraints = [
            once_per_rulebook("condition"),
            models.CheckConstraint(
                name="condition_number_needs_a_comparator",
                condition=models.Q(number__isnull=True) | ~models.Q(comparator=""),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Quota(RuleRow):
    """How many are meant to be taken: a target that is shown and never blocks."""

    section = "quotas"

    class Per(models.TextChoices):
        INDUSTRY = "industry", "每个细分行业"
        PROGRAMME = "programme", "全部"

    category = models.ForeignKey(Category, models.PROTECT, related_name="quotas", verbose_name="类别")
    procedure_key = models.SlugField("程序", max_length=60)
    per = models.CharField("按什么计", max_length=12, choices=Per)
    at_least = models.PositiveSmallIntegerField("至少")
    at_most = models.PositiveSmallIntegerField("至多")

    history = HistoricalRecords()

    class Meta(RuleRow.Meta):
        verbose_name = verbose_name_plural = "计划数"
        constraints = [
            once_per_rulebook("quota"),
            models.CheckConstraint(
                name="quota_ends_above_its_beginning",
                condition=models.Q(at_most__gte=models.F("at_least")),
            ),
        ]
