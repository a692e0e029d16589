"""What must be reported, and what leads to a warning, a removal or a clearance."""

from django.db import models

from cities import keys
from cities.models.rules import CountingRule, Limit, RuleRow, once_per_rulebook
from records.history import HistoricalRecords


class ReportingDuty(RuleRow):
    """Who reports what, to whom and by when. `before` and `after` count from the event; without a span the text is silent."""

    section = "duties"

    class Reporter(models.TextChoices):
        REGISTRANT = "registrant", "入库单位"
        DISTRICT = "district", "区市主管部门"

    class Timing(models.TextChoices):
        BEFORE = "before", "办理之前"
        AFTER = "after", "办理之后"
        REGULARLY = "regularly", "定期或每次评价"
        PROMPTLY = "promptly", "及时"

    class Handling(models.TextChoices):
        REPORT = "report", "报告"
        FILE = "file", "备案"
        REVIEW = "review", "审核"

    label = models.CharField("报什么", max_length=80)
    procedure_key = models.SlugField("程序", max_length=60, blank=True)
    reporter = models.CharField("谁报", max_length=12, choices=Reporter)
    for_partners = models.BooleanField("合作伙伴的也由其报", default=False)
    occasions = models.CharField("什么时候要报", max_length=200)
    timing = models.CharField("先后", max_length=12, choices=Timing)
    handling = models.CharField("怎么处理", max_length=10, choices=Handling, default=Handling.REPORT)
    span_number = models.PositiveSmallIntegerField("期限", null=True, blank=True)
    counting_rule = models.ForeignKey(
        CountingRule, models.PROTECT, null=True, blank=True, related_name="duties", verbose_name="怎么计算"
    )
    span_set_by_office = models.BooleanField("期限由主管部门确定", default=False)

    history = HistoricalRecords()

    class Meta(RuleRow.Meta):
        verbose_name = verbose_name_plural = "报告义务"
        constraints = [
            once_per_rulebook("reportingduty"),
            models.CheckConstraint(
                name="duty_days_need_a_counting_rule",
                condition=models.Q(span_number__isnull=True) | models.Q(counting_rule__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Ground(RuleRow):
    """A reason for a sanction, a partner's removal or a clearance. `must`: it follows; `may`: the office decides.

    Nothing is ever decided by a ground: a detector raises it with its evidence, a person takes it up. `term` is the text's word
    for the consequence where it is not the programme's usual one.
    """

    section = "grounds"

    class Consequence(models.TextChoices):
        WARNING = "warning", "警示"
        CLEARANCE = "clearance", "退出"
        PARTNER_REMOVAL = "partner_removal", "取消合作"

    class Force(models.TextChoices):
        MUST = "must", "应当"
        MAY = "may", "可以"

    class Window(models.TextChoices):
        NONE = "none", "一次即是"
        LIFETIME = "lifetime", "累计"
        CONSECUTIVE = "consecutive", "连续"

    label = models.CharField("情形", max_length=120)
    procedure_key = models.SlugField("由哪个程序办", max_length=60)
    consequence = models.CharField("后果", max_length=20, choices=Consequence)
    term = models.CharField("后果的称谓", max_length=40, blank=True)
    force = models.CharField("应当还是可以", max_length=5, choices=Force)
    detector = models.CharField(
        "怎么发现", max_length=30, choices=[(key, one.title) for key, one in keys.DETECTORS.items()]
    )
    grade = models.SlugField("哪个等级", max_length=60, blank=True)
    comparator = models.CharField("比较", max_length=12, choices=Limit.Comparator, blank=True)
    number = models.PositiveSmallIntegerField("数值", null=True, blank=True)
    window = models.CharField("怎么累计", max_length=12, choices=Window, default=Window.NONE)

    history = HistoricalRecords()

    class Meta(RuleRow.Meta):
        verbose_name = verbose_name_plural = "情形"
        constraints = [
            once_per_rulebook("ground"),
            models.CheckConstraint(
                name="ground_number_needs_a_comparator",
                condition=models.Q(number__isnull=True) | ~models.Q(comparator=""),
            ),
        ]

    def __str__(self) -> str:
        return self.label
