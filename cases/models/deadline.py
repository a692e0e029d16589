from django.db import models

from cases.models.case import Case
from cities.models import CountingRule, Outcome, Stage
from records.history import HistoricalRecords
from records.models import Kept


class Deadline(Kept):
    """A span of a case as counted, day by day, with its article; pages, timer and letters show this one answer.

    `first_day`, `roll` and `closing_hour` are how it was counted, so that it can be counted again whatever its row says
    by then. A last day that a person named has no `number`. `outcome` is what led to the stage, where that gives the days.
    """

    class State(models.TextChoices):
        RUNNING = "running", "进行中"
        HELD = "held", "已暂停"
        MET = "met", "已办结"
        MISSED = "missed", "已逾期"
        VOID = "void", "已作废"

    OPEN = [State.RUNNING, State.HELD]

    case = models.ForeignKey(Case, models.CASCADE, related_name="deadlines", verbose_name="事项")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="+", verbose_name="环节")
    outcome = models.ForeignKey(
        Outcome, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="由哪个结果给的"
    )
    started_at = models.DateTimeField("起算时刻")
    opens_on = models.DateField("首日")
    closes_on = models.DateField("末日")
    closes_at = models.DateTimeField("截止（不含）")
    number = models.PositiveSmallIntegerField("天数", null=True)
    unit = models.CharField("单位", max_length=10)
    first_day = models.CharField("起算", max_length=12, choices=CountingRule.FirstDay, default="same")
    roll = models.CharField("末日顺延", max_length=10, choices=CountingRule.Roll, default="none")
    closing_hour = models.TimeField("截止时刻", null=True, blank=True)
    counted = models.JSONField("逐日", default=list)
    certainty = models.CharField("确定性", max_length=12)
    article = models.CharField("依据", max_length=80)
    basis = models.CharField("由主管部门确定的依据", max_length=300, blank=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.RUNNING)
    done_at = models.DateTimeField("办结时间", null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "期限"
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(state__in=["running", "held"]),
                name="one_open_deadline_per_case",
            )
        ]

    @property
    def is_awaited(self) -> bool:
        """Whether its end is waited for, as publicity's is, and nobody has to do something by then, or whoever has to has not heard
        of it yet: its pages tell of nobody's lateness."""
        return self.case.wake_at == self.closes_at or self.case.is_unserved

    def __str__(self) -> str:
        return f"{self.opens_on} 至 {self.closes_on}"

    @property
    def held_words(self) -> str:
        """What waits while it is held. Days that the public was told run on (0024): there it is what follows them. Asked of
        an open deadline, whose stage is its case's."""
        stage = self.case.stage
        return "发布暂缓" if stage and stage.kind == "publicity" else "暂停"

    @property
    def row(self) -> Stage | Outcome:
        """The row whose days these are."""
        return self.outcome or self.stage

    @property
    def stamp(self) -> str:
        """What a page that was opened before must still find."""
        return f"{self.pk} {self.state} {self.closes_at.isoformat()}"
