from typing import Any

from django.db import models

from cities import keys
from cities.models.rules import Category, CountingRule, RuleRow, once_per_rulebook
from records.files import DEFAULT_PAGES
from records.history import HistoricalRecords


class Procedure(RuleRow):
    """What a kind of case goes through."""

    section = "procedures"

    class Announcement(models.TextChoices):
        """Of what a unit is removed by; the public is told of the rest by its own rules."""

        CHOICE = "choice", "由主管部门决定"
        REQUIRED = "required", "应当公告单位名称和原因"
        NAMED = "named", "应当公告，只写单位名称和条款"

    kind = models.CharField("种类", max_length=30, choices=list(keys.PROCEDURE_KINDS.items()))
    title = models.CharField("名称", max_length=120)
    announcement = models.CharField(
        "要不要公告", max_length=10, choices=Announcement, default=Announcement.CHOICE
    )
    # Of what a unit leaves the list by, where that is not called by the programme's usual word.
    term = models.CharField("这样离开名单叫什么", max_length=40, blank=True)
    publicity_title = models.CharField("公示标题", max_length=160, blank=True)
    withdrawable_until = models.SlugField("最晚可撤回的环节", max_length=60, blank=True)
    operations = models.JSONField("只办哪些变更", default=list, blank=True)
    review_windows = models.JSONField("每年集中审核的收件期", default=list, blank=True)

    history = HistoricalRecords()

    class Meta(RuleRow.Meta):
        verbose_name = verbose_name_plural = "程序"
        constraints = [once_per_rulebook("procedure")]

    def __str__(self) -> str:
        return self.title


class Stage(RuleRow):
    """A step of a procedure: its kind, who acts, and how long where the text says so.

    `key` is unique within the procedure. A stage without a span has none: the text is silent.
    """

    section = "stages"
    settable = ("span_number", "last_day", "release", "requires")

    class Requires(models.TextChoices):
        ALWAYS = "always", "必经"
        CHOICE = "choice", "由前一环节决定经不经过"
        CONDITION = "condition", "符合条件时"

    class Channel(models.TextChoices):
        HERE = "here", "本平台"
        EXTERNAL = "external", "外部平台"

    class Release(models.TextChoices):
        AT_CLOSE = "at_close", "期满自行发布"
        CONFIRMED = "confirmed", "经办人确认后发布"

    procedure = models.ForeignKey(Procedure, models.CASCADE, related_name="stages", verbose_name="程序")
    kind = models.CharField("种类", max_length=20, choices=list(keys.STAGE_KINDS.items()))
    label = models.CharField("名称", max_length=60)
    actor = models.CharField("谁办", max_length=20, choices=list(keys.ACTORS.items()))
    span_number = models.PositiveSmallIntegerField("期限", null=True, blank=True)
    counting_rule = models.ForeignKey(
        CountingRule, models.PROTECT, null=True, blank=True, related_name="stages", verbose_name="怎么计算"
    )
    span_set_by_office = models.BooleanField("期限由主管部门确定", default=False)
    extend_by_most = models.PositiveSmallIntegerField("一次最多延长", null=True, blank=True)
    extend_times = models.PositiveSmallIntegerField("可延长几次", default=1)
    last_day = models.DateField("写明的末日（含当日）", null=True, blank=True)
    requires = models.CharField("是否必经", max_length=10, choices=Requires, default=Requires.ALWAYS)
    may_repeat = models.BooleanField("可以重复", default=False)
    four_eyes = models.BooleanField("须与上一环节不同的人", default=False)
    channel = models.CharField("公示渠道", max_length=10, choices=Channel, blank=True)
    release = models.CharField("期满后", max_length=10, choices=Release, blank=True)

    # Of a publicity, what may be raised against it; empty is the platform's own practice (cities/keys.py).
    objection_kinds = models.JSONField("收哪些意见", default=list, blank=True)
    objection_required = models.JSONField("异议必填", default=list, blank=True)
    objection_optional = models.JSONField("异议选填", default=list, blank=True)
    objection_article = models.CharField("写明怎么提异议的条款", max_length=40, blank=True)
    objection_days = models.PositiveSmallIntegerField("异议处理时限", null=True, blank=True)
    objection_counting = models.ForeignKey(
        CountingRule,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="异议处理时限怎么计算",
    )

    history = HistoricalRecords()

    class Meta(RuleRow.Meta):
        verbose_name = verbose_name_plural = "环节"
        constraints = [
            models.UniqueConstraint(fields=["procedure", "key"], name="stage_key_once_per_procedure"),
            models.CheckConstraint(
                name="stage_days_need_a_counting_rule",
                condition=models.Q(span_number__isnull=True) | models.Q(counting_rule__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Outcome(RuleRow):
    """How a stage can end. `next_stage` empty means the case ends there with `result`."""

    section = "outcomes"
    settable = ("span_number",)

    class Effect(models.TextChoices):
        NONE = "none", "不改名单"
        REGISTRY = "registry", "变更名单"

    class Result(models.TextChoices):
        NONE = "", "继续办理"
        PUBLISHED = "published", "已发布"
        REFUSED = "refused", "未通过"
        COMPLETED = "completed", "已办结"
        DECLINED = "declined", "不采取措施"

    class Role(models.TextChoices):
        """What the engine needs to know of an outcome, whatever its words."""

        FORWARD = "forward", "往下走"
        RETURN = "return", "退回补正"
        BACK = "back", "退回上一环节"
        REFUSE = "refuse", "不同意"
        UPHELD = "upheld", "异议成立"
        FAILED = "failed", "未能发布"
        LAPSED = "lapsed", "到期还没有办"

    stage = models.ForeignKey(Stage, models.CASCADE, related_name="outcomes", verbose_name="环节")
    label = models.CharField("名称", max_length=60)
    role = models.CharField("作用", max_length=10, choices=Role, default=Role.FORWARD)
    next_stage = models.ForeignKey(
        Stage, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="下一环节"
    )
    result = models.CharField("结果", max_length=10, choices=Result, default=Result.NONE, blank=True)
    effect = models.CharField("效力", max_length=10, choices=Effect, default=Effect.NONE)
    needs_reason = models.BooleanField("须写理由", default=False)
    names_day = models.BooleanField("须写明到哪一天", default=False)
    # The key of the ground that is dealt with in a case of its own once this was given.
    notes_ground = models.SlugField("另行立案的情形", max_length=60, blank=True)
    span_number = models.PositiveSmallIntegerField("给多少天", null=True, blank=True)
    counting_rule = models.ForeignKey(
        CountingRule, models.PROTECT, null=True, blank=True, related_name="outcomes", verbose_name="怎么计算"
    )
    extend_by_most = models.PositiveSmallIntegerField("一次最多延长", null=True, blank=True)
    extend_times = models.PositiveSmallIntegerField("可延长几次", default=1)

    history = HistoricalRecords()

    class Meta(RuleRow.Meta):
        verbose_name = verbose_name_plural = "结果"
        constraints = [
            models.UniqueConstraint(fields=["stage", "key"], name="outcome_key_once_per_stage"),
            models.CheckConstraint(
                name="outcome_days_need_a_counting_rule",
                condition=models.Q(span_number__isnull=True) | models.Q(counting_rule__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class RequiredMaterial(RuleRow):
    section = "materials"

    class Need(models.TextChoices):
        ALWAYS = "always", "必交"
        CONDITIONAL = "conditional", "符合条件时交"
        OPTIONAL = "optional", "选交"

    class Per(models.TextChoices):
        APPLICATION = "application", "每件申请"
        PARTNER = "partner", "每家合作伙伴"
        CASE_EXAMPLE = "case_example", "每个案例"

    procedure = models.ForeignKey(Procedure, models.CASCADE, related_name="materials", verbose_name="程序")
    label = models.CharField("材料", max_length=80)
    need = models.CharField("要求", max_length=12, choices=Need)
    condition = models.CharField("条件", max_length=120, blank=True)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="materials", verbose_name="只限类别"
    )
    at_least = models.PositiveSmallIntegerField("至少几份", default=1)
    either_or = models.SlugField("同组任选其一", max_length=40, blank=True)
    per = models.CharField("按什么交", max_length=15, choices=Per, default=Per.APPLICATION)
    sensitive = models.BooleanField("含个人信息", default=False)
    sealed = models.BooleanField("须盖章", default=False)
    file_kinds = models.JSONField("文件类型", default=list)
    max_megabytes = models.PositiveSmallIntegerField("最大兆数")
    max_pages = models.PositiveSmallIntegerField("最多页数", default=DEFAULT_PAGES)

    history = HistoricalRecords()

    class Meta(RuleRow.Meta):
        verbose_name = verbose_name_plural = "材料"
        constraints = [
            models.UniqueConstraint(fields=["procedure", "key"], name="material_key_once_per_procedure"),
        ]

    @property
    def asked(self) -> str:
        """Whether it must be handed in; of a group that asks for one of several, no single one must."""
        need = str(self.get_need_display())
        if not self.either_or:
            return need
        return "同组任选其一" if self.need == self.Need.ALWAYS else f"{need}，同组任选其一"

    @property
    def file_limits(self) -> dict[str, Any]:
        """What an upload must keep to, as `records.files.store` takes it."""
        return {
            "kinds": self.file_kinds,
            "max_megabytes": self.max_megabytes,
            "max_pages": self.max_pages,
            "sensitive": self.sensitive,
        }

    def __str__(self) -> str:
        return self.label
