"""How providers are evaluated: how often, by whom, in which dimensions, and into which grades."""

from django.db import models

from cities.models.rules import Limit, RuleRow, once_per_rulebook
from records.history import HistoricalRecords


class EvaluationScheme(RuleRow):
    """`pass_mark` and weights stay empty where the text states none; what it leaves to the office says so."""

    section = "schemes"

    class Rhythm(models.TextChoices):
        QUARTER = "quarter", "每季度"
        HALF_YEAR = "half_year", "每半年"
        YEAR = "year", "每年"
        UNSTATED = "unstated", "未规定多久一次"

    class Evaluator(models.TextChoices):
        OFFICE = "office", "主管部门"
        THIRD_PARTY = "third_party", "第三方机构"
        EXPERTS_OR_THIRD_PARTY = "experts_or_third_party", "专家或第三方"

    class Results(models.TextChoices):
        UNSTATED = "unstated", "结果是否公开未规定"
        PUBLICITY = "publicity", "结果公示"

    label = models.CharField("名称", max_length=60)
    procedure_key = models.SlugField("程序", max_length=60)
    rhythm = models.CharField("多久一次", max_length=10, choices=Rhythm)
    evaluator = models.CharField("由谁评价", max_length=30, choices=Evaluator)
    results = models.CharField("结果", max_length=12, choices=Results)
    full_mark = models.PositiveSmallIntegerField("满分", null=True, blank=True)
    pass_mark = models.PositiveSmallIntegerField("达标分", null=True, blank=True)
    pass_mark_set_by_office = models.BooleanField("达标线由主管部门确定", default=False)
    weights_set_by_office = models.BooleanField("权重由主管部门确定", default=False)

    history = HistoricalRecords()

    class Meta(RuleRow.Meta):
        verbose_name = verbose_name_plural = "评价办法"
        constraints = [once_per_rulebook("evaluationscheme")]

    def __str__(self) -> str:
        return self.label


class Dimension(RuleRow):
    section = "dimensions"

    class Source(models.TextChoices):
        OFFICE = "office", "主管部门评"
        PILOT_ENTERPRISES = "pilot_enterprises", "试点企业评"
        TASK_BOOK = "task_book", "任务书目标"

    scheme = models.ForeignKey(
        EvaluationScheme, models.CASCADE, related_name="dimensions", verbose_name="评价办法"
    )
    label = models.CharField("名称", max_length=80)
    source = models.CharField("来源", max_length=20, choices=Source)
    weight = models.PositiveSmallIntegerField("权重（%）", null=True, blank=True)

    history = HistoricalRecords()

    class Meta(RuleRow.Meta):
        verbose_name = verbose_name_plural = "评价维度"
        constraints = [
            models.UniqueConstraint(fields=["scheme", "key"], name="dimension_key_once_per_scheme")
        ]

    def __str__(self) -> str:
        return self.label


class GradeBand(RuleRow):
    """A grade. Bands may overlap as a text writes them: in the order of the file the first that fits is taken."""

    section = "bands"

    scheme = models.ForeignKey(
        EvaluationScheme, models.CASCADE, related_name="bands", verbose_name="评价办法"
    )
    label = models.CharField("等级", max_length=20)
    comparator = models.CharField("比较", max_length=12, choices=Limit.Comparator, blank=True)
    number = models.PositiveSmallIntegerField("分数", null=True, blank=True)

    history = HistoricalRecords()

    class Meta(RuleRow.Meta):
        verbose_name = verbose_name_plural = "等级"
        constraints = [
            models.UniqueConstraint(fields=["scheme", "key"], name="band_key_once_per_scheme"),
            models.CheckConstraint(
                name="band_number_needs_a_comparator",
                condition=models.Q(number__isnull=True) | ~models.Q(comparator=""),
            ),
        ]

    def __str__(self) -> str:
        return self.label
