from typing import Any, ClassVar

from django.db import models

from cities import keys
from cities.models.rulebook import Article, Rulebook
from records.history import HistoricalRecords
from records.models import Kept


class CitedRow(Kept):
    """A row of a rulebook that cites its article; frozen with it."""

    section: ClassVar[str]
    # The columns that an office decision may set without a new version; code that asks for them settles the row first.
    settable: ClassVar[tuple[str, ...]] = ()

    rulebook = models.ForeignKey(Rulebook, models.CASCADE, related_name="%(class)ss", verbose_name="规则")
    article = models.ForeignKey(Article, models.PROTECT, related_name="%(class)ss", verbose_name="依据")
    key = models.SlugField("代码", max_length=60)
    order = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        abstract = True
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return str(self.key)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.rulebook.refuse_if_frozen()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self.rulebook.refuse_if_frozen()
        return super().delete(*args, **kwargs)


class RuleRow(CitedRow):
    """A rule: a configuration row that cites its article.

    `interpretations` lists how we read what the text leaves open: `{"question", "reading", "alternatives": [...]}`; an
    alternative is a sentence, `{"reading", "sets"}` with the values this row takes when the office chooses it, or
    `{"reading", "why_not"}` with why it takes none. `of` in a reading names the columns whose values rest on it.
    `rules` are the ids of the text's rules (`TextRule`) that the row carries out.
    """

    interpretations = models.JSONField("解释", default=list, blank=True)
    rules = models.JSONField("执行条文规则", default=list, blank=True)

    class Meta(CitedRow.Meta):
        abstract = True


def sets_of(alternative: Any) -> dict[str, Any]:
    """By column what a row takes if the office chooses this alternative of a reading; nothing where that is on record only."""
    return dict(alternative.get("sets", {})) if isinstance(alternative, dict) else {}


def once_per_rulebook(model: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(fields=["rulebook", "key"], name=f"{model}_key_once_per_rulebook")


class TextRule(CitedRow):
    """One rule of the text, by an id that lasts: where it stands, and whether data can decide it. Rows carry it out."""

    section = "rules"

    class Checkable(models.TextChoices):
        YES = "yes", "数据可以判断"
        PARTLY = "partly", "数据可以提示"
        NO = "no", "由人判断"

    kind = models.CharField("类型", max_length=30, choices=keys.RULE_KINDS)
    checkable = models.CharField("能否由数据判断", max_length=10, choices=Checkable)
    why_not = models.CharField("为什么不由平台查验", max_length=200, blank=True)

    history = HistoricalRecords()

    class Meta(CitedRow.Meta):
        verbose_name = verbose_name_plural = "条文规则"
        constraints = [once_per_rulebook("textrule")]


class CountingRule(RuleRow):
    """How days are counted. Required wherever a number of days stands; nothing is guessed."""

    section = "counting_rules"
    settable = ("unit", "first_day", "roll", "closing_hour")

    class Unit(models.TextChoices):
        CALENDAR = "calendar", "自然日"
        WORKING = "working", "工作日"
        MONTH = "month", "按月"
        THIRTY = "thirty", "按月（每月三十天）"

    class FirstDay(models.TextChoices):
        SAME = "same", "当日起算"
        NEXT = "next", "次日起算"
        NEXT_WORKING = "next_working", "次一工作日起算"

    class Roll(models.TextChoices):
        NONE = "none", "最后一天不顺延"
        FORWARD = "forward", "最后一天遇休息日顺延"
        BACKWARD = "backward", "最后一天遇休息日提前"

    unit = models.CharField("单位", max_length=10, choices=Unit)
    first_day = models.CharField("起算", max_length=15, choices=FirstDay)
    roll = models.CharField("顺延", max_length=10, choices=Roll)
    closing_hour = models.TimeField("截止时刻（空为 24:00）", null=True, blank=True)

    history = HistoricalRecords()

    class Meta(RuleRow.Meta):
        verbose_name = verbose_name_plural = "计算规则"
        constraints = [once_per_rulebook("countingrule")]

    def __str__(self) -> str:
        return f"{self.get_unit_display()}，{self.get_first_day_display()}，{self.get_roll_display()}"


class Category(RuleRow):
    section = "categories"

    name = models.CharField("类别", max_length=60)

    history = HistoricalRecords()

    class Meta(RuleRow.Meta):
        verbose_name = verbose_name_plural = "类别"
        constraints = [once_per_rulebook("category")]

    def __str__(self) -> str:
        return self.name


class Limit(RuleRow):
    """A number that something is held against; `measure` says what, in the closed vocabulary `cities.keys.LIMITS`."""

    section = "limits"
    settable = (
        "number",
        "unit",
        "window",
        "counts",
        "counts_refused",
        "counts_withdrawn",
        "counts_ordered",
        "measured_from",
        "joint",
        "per",
        "asked",
        "strictness",
        "span_number",
        "elsewhere",
    )

    class Comparator(models.TextChoices):
        AT_MOST = "at_most", "不超过"
        AT_LEAST = "at_least", "不少于"
        MORE_THAN = "more_than", "多于"
        LESS_THAN = "less_than", "少于"

    class Unit(models.TextChoices):
        TIMES = "times", "次"
        PARTIES = "parties", "家"
        MONTHS = "months", "个月"
        DAYS = "days", "天"
        INDUSTRIES = "industries", "个行业"
        ENTERPRISES = "enterprises", "家企业"
        LEVEL = "level", "级"
        PERCENT = "percent", "%"

    class Window(models.TextChoices):
        NONE = "none", "不限期间"
        CALENDAR_YEAR = "calendar_year", "每个公历年"
        ROLLING_YEAR = "rolling", "任意连续十二个月"
        LIFETIME = "lifetime", "累计"
        CONSECUTIVE = "consecutive", "连续"
        SPAN = "span", "一段时间内"

    class Counts(models.TextChoices):
        NONE = "none", "不适用"
        SUBMITTED = "submitted", "提交的申请"
        APPROVED = "approved", "已发布的变更"

    class MeasuredFrom(models.TextChoices):
        NONE = "none", "不适用"
        SUBMISSION = "submission", "提交"
        DECISION = "decision", "审定"
        PUBLICATION = "publication", "发布"

    class Per(models.TextChoices):
        REGISTRATION = "registration", "每家入库单位"
        PARTNER = "partner", "每家合作伙伴"
        PARTNER_INDUSTRY = "partner_industry", "每家合作伙伴每个行业"
        LINEAGE = "lineage", "每家入库单位及其承继者"
        ENTITY_GROUP = "entity_group", "同一主体及其分公司、子公司"
        ENTERPRISE = "enterprise", "每家试点企业"
        PROGRAMME = "programme", "整个名单"

    class Asked(models.TextChoices):
        FILING = "filing", "提交时"
        STATE = "state", "提交、审定、公示和发布时"

    class Strictness(models.TextChoices):
        HARD = "hard", "不得"
        IN_PRINCIPLE = "in_principle", "原则上"
        PLANNED = "planned", "拟"
        FLAGGED = "flagged", "只标注"

    measure = models.CharField(
        "量什么", max_length=40, choices=[(k, v.title) for k, v in keys.LIMITS.items()]
    )
    procedure_key = models.SlugField("程序", max_length=60, blank=True)
    categories = models.JSONField("只限类别", default=list, blank=True)
    after = models.JSONField("在哪些程序之后", default=list, blank=True)
    comparator = models.CharField("比较", max_length=12, choices=Comparator)
    number = models.PositiveIntegerField("数值")
    unit = models.CharField("单位", max_length=12, choices=Unit)
    window = models.CharField("期间", max_length=15, choices=Window, default=Window.NONE)
    span_number = models.PositiveSmallIntegerField("期间多长", null=True, blank=True)
    counting_rule = models.ForeignKey(
        CountingRule, models.PROTECT, null=True, blank=True, related_name="limits", verbose_name="怎么计算"
    )
    counts = models.CharField("计什么", max_length=10, choices=Counts, default=Counts.NONE)
    counts_refused = models.BooleanField("未通过的也计", default=False)
    counts_withdrawn = models.BooleanField("撤回的也计", default=False)
    counts_ordered = models.BooleanField("责令变更的也计", default=False)
    measured_from = models.CharField(
        "从何时量起", max_length=12, choices=MeasuredFrom, default=MeasuredFrom.NONE
    )
    joint = models.BooleanField("各项变更合并计", default=True)
    per = models.CharField("按什么计", max_length=20, choices=Per)
    elsewhere = models.BooleanField("在别的项目退出的也计", default=False)
    asked = models.CharField("何时查", max_length=10, choices=Asked)
    strictness = models.CharField("严格程度", max_length=15, choices=Strictness)

    history = HistoricalRecords()

    class Meta(RuleRow.Meta):
        verbose_name = verbose_name_plural = "限制"
        constraints = [
            once_per_rulebook("limit"),
            models.UniqueConstraint(
                fields=["rulebook", "measure", "procedure_key"], name="limit_measure_once_per_procedure"
            ),
            models.CheckConstraint(
                name="limit_days_need_a_counting_rule",
                condition=models.Q(span_number__isnull=True) | models.Q(counting_rule__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_measure_display()}{self.get_comparator_display()} {self.number} {self.get_unit_display()}"


class Provision(RuleRow):
    """A rule that no code reads: kept so that no article is without its place."""

    section = "provisions"

    kind = models.CharField("类型", max_length=30, choices=keys.PROVISION_KINDS)
    summary = models.CharField("提要", max_length=300)
    procedure_key = models.SlugField("办理哪个程序时提示", max_length=60, blank=True)

    history = HistoricalRecords()

    class Meta(RuleRow.Meta):
        verbose_name = verbose_name_plural = "其他规定"
        constraints = [once_per_rulebook("provision")]

    def __str__(self) -> str:
        return self.summary
