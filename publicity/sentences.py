"""What the rows of a publicity say, in words for the public."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import prefetch_related_objects

from cases import passage
from cases.models import Case
from cities.models import CountingRule, Outcome, Stage
from publicity.queries import Tally
from records import words

UNITS = {
    CountingRule.Unit.CALENDAR: "“天”按自然日计，休息日照计。",
    CountingRule.Unit.MONTH: "按日历月计，到对应的那一天为止，休息日照计。",
    CountingRule.Unit.THIRTY: "一个月按三十个自然日计，休息日照计。",
    CountingRule.Unit.WORKING: "只计工作日：休息日和节假日不计，调休上班日照计。",
}
FIRST_DAYS = {
    CountingRule.FirstDay.SAME: "从发布当日起算。",
    CountingRule.FirstDay.NEXT: "从发布次日起算，发布当日不计。",
    CountingRule.FirstDay.NEXT_WORKING: "从发布后的第一个工作日起算。",
}
ROLLS = {
    CountingRule.Roll.NONE: "最后一天是休息日的，不顺延。",
    CountingRule.Roll.FORWARD: "最后一天是休息日的，顺延到下一个上班日。",
    CountingRule.Roll.BACKWARD: "最后一天是休息日的，提前到上一个上班日。",
}
RELEASES = {
    Stage.Release.AT_CLOSE: "公示无异议的，期满后由系统发布变更后的名单",
    Stage.Release.CONFIRMED: "公示无异议的，期满后由经办人确认发布变更后的名单",
}


def counting(rule: CountingRule) -> list[str]:
    hour = [f"最后一天 {rule.closing_hour:%H:%M} 截止。"] if rule.closing_hour else []
    parts = (
        UNITS[CountingRule.Unit(rule.unit)],
        FIRST_DAYS[CountingRule.FirstDay(rule.first_day)],
        ROLLS[CountingRule.Roll(rule.roll)],
    )
    return [*parts, *hour]


def steps_before(stage: Stage, cases: Iterable[Case], until: datetime) -> str:
    """The stages that every one of these cases had been through before this one by then: 提交、审核."""
    cases = list(cases)
    prefetch_related_objects(cases, "decisions__stage", "events")
    stages = list(stage.procedure.stages.filter(order__lt=stage.order))
    gone_through = [passage.left(case, until) for case in cases]
    common = [
        one for one in stages if not any(passage.was_passed_by(one, stages, left) for left in gone_through)
    ]
    return "、".join(one.label for one in common)


def after(stage: Stage) -> str:
    """What follows when nobody objects."""
    if stage.release:
        return RELEASES[Stage.Release(stage.release)]
    outcome = stage.outcomes.filter(role=Outcome.Role.FORWARD).select_related("next_stage").first()
    return f"公示无异议的，期满后进入“{outcome.next_stage or outcome.label}”" if outcome else ""


def board_title(tally: Tally, now: datetime) -> str:
    if not tally.open or tally.closes_at is None:
        waiting = f"，{tally.ended} 批已结束、待发布" if tally.ended else ""
        return f"现在没有公示{waiting}"
    last = words.last_day(tally.closes_at)
    today = words.local_day(now)
    day = "今天" if last == today else words.day(last, today)
    which = "" if tally.open == 1 else "最先截止的一批" if last == today else "最先截止的一批 "
    return f"正在公示 {tally.open} 批，{which}{day} {words.closing_hour(tally.closes_at)} 截止"
