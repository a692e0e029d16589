"""A publicity: opened, taken down, or sent back before it begins."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from cases import checks, deadlines, engine, kinds
from cases.errors import Problem, Refused
from cases.models import Batch, Case, CheckRun, Deadline
from cases.queries import last_hand
from cases.steps import take_number
from cities.calendar import start_of
from cities.models import Stage
from publicity.models import PublicityItem, PublicityPeriod
from publicity.stage import has_open_objection, showing, way_back
from publicity.steps.common import publicity_stage, refuse_stranger, tell
from records import words


@dataclass(frozen=True)
class Elsewhere:
    """Where and since when a case is shown on a platform that is not ours, as staff recorded it."""

    url: str
    started_on: date


def open_period(case: Case, *, by: Any, at: datetime, elsewhere: Elsewhere | None = None) -> PublicityPeriod:
    """Show a decided case to the public, as a batch of one; or record that another platform shows it. Everything that can
    fail later is tried here first."""
    with engine.locked(case.pk) as (case, _):
        stage = publicity_stage(case, by)
        if showing(case):
            raise Refused(f"{case} 已经在公示，不能再开一次。")
        state = kinds.of(case).state_checks(case, at=at)
        if left := checks.unresolved(case, state):
            problems = [Problem(check.key, check.message, check.article) for check in left]
            raise Refused("还不能公示：审定以后情况变了", problems=problems, checks=left)
        began = _began(case, stage, elsewhere, at=at)
        period = _create_period(case, stage, elsewhere, by=by, began=began, at=at)
        CheckRun.objects.create(
            case=case,
            purpose=CheckRun.Purpose.STATE,
            moment=CheckRun.Moment.PUBLICITY,
            at=at,
            checks=[check.to_json() for check in state],
        )
        case.batch = period.batch
        # One lodged against an earlier publicity of the case: nobody is to be hurried meanwhile.
        if has_open_objection(case):
            deadlines.hold_deadline(case, by=by, at=at, reason="以前公示时收到的异议还没有处理完")
        engine.reschedule(case)
        where = f"，在外部平台 {period.external_url}" if period.external_url else ""
        summary = f"开始公示 {period.number}，{words.full_day(period.opens_on)} 至 {words.full_day(period.closes_on)}{where}"
        tell("publicity.open", summary, case, at=at, by=by)
        return period


def take_down(period: PublicityPeriod, *, by: Any, at: datetime, reason: str) -> None:
    """Take a wrongly opened publicity away, with a reason the public reads. Its cases wait to be shown again."""
    with transaction.atomic():
        cases = _locked_cases(period)
        for case in cases:
            refuse_stranger(case, by)
        period = PublicityPeriod.objects.get(pk=period.pk)
        standing = [case for case in cases if showing(case) in period.items.all()]
        if not standing or period.items.exclude(released_at=None).exists():
            raise Refused(f"公示 {period} 已经结束，不能撤下。名单有误的，另行更正。")
        if not reason.strip():
            raise Refused("写明撤下的原因，这会公开。", problems=[Problem("reason", "写明撤下的原因")])
        period.taken_down_at, period.taken_down_by, period.taken_down_reason = at, by, reason.strip()
        period.save()
        for case in standing:
            deadlines.end_deadline(case, at=at, state=Deadline.State.VOID)
            engine.reschedule(case)
            tell("publicity.take_down", f"撤下公示 {period}：{reason.strip()}", case, at=at, by=by)


def send_back(case: Case, *, by: Any, at: datetime, reason: str) -> None:
    """Return a case that waits to be shown to the desk that decided it: what is to be shown has to change first."""
    with engine.locked(case.pk) as (case, _):
        stage = publicity_stage(case, by)
        if standing := showing(case):
            raise Refused(f"{case} 正在公示（{standing.period}），不能退回。内容有误的，先撤下公示。")
        if has_open_objection(case):
            raise Refused(f"{case} 还有异议没有处理完，处理完再退回。")
        outcome = way_back(stage)
        if outcome is None or outcome.next_stage is None:
            raise Refused(f"规则没有写公示前可以退回（{stage.article}）。")
        if not reason.strip():
            raise Refused("写明退回的原因。", problems=[Problem("reason", "写明退回的原因")])
        engine.follow(
            case,
            outcome,
            by=by,
            at=at,
            summary=f"公示前退回{outcome.next_stage}：{reason.strip()}",
            owner=last_hand(case, outcome.next_stage),
            attention=f"公示前退回：{reason.strip()}",
        )


def _began(case: Case, stage: Stage, elsewhere: Elsewhere | None, *, at: datetime) -> datetime:
    """The moment a publicity counts from. Raises Refused where the row's channel is another one."""
    if stage.channel == Stage.Channel.HERE:
        if elsewhere:
            raise Refused(f"{case.programme}的公示在本平台进行（{stage.article}），在这里开始。")
        return at
    if elsewhere is None:
        raise Refused(
            f"{case.programme}的公示在外部平台进行（{stage.article}）：在那里发布后，登记地址和开始日期。"
        )
    today = timezone.localtime(at).date()
    if elsewhere.started_on > today:
        raise Refused("开始日期不能晚于今天。", problems=[Problem("started_on", "开始日期不能晚于今天")])
    if elsewhere.started_on < timezone.localtime(case.stage_since or at).date():
        raise Refused(
            "开始日期早于审定。", problems=[Problem("started_on", "开始日期不能早于审定的那一天，核对后再填")]
        )
    return at if elsewhere.started_on == today else start_of(elsewhere.started_on)


def _create_period(
    case: Case, stage: Stage, elsewhere: Elsewhere | None, *, by: Any, began: datetime, at: datetime
) -> PublicityPeriod:
    deadline = deadlines.open_deadline(case, stage, at=began)
    if deadline.certainty != "official":
        raise Refused(
            f"{deadline.closes_on.year} 年上班日历还是暂定的，不能据此开始公示。等正式日历载入后再开始。"
        )
    batch = case.batch or Batch.objects.create(
        programme=case.programme, procedure=case.procedure, created_at=at
    )
    period = PublicityPeriod.objects.create(
        number=take_number(case.programme, "GS", at),
        batch=batch,
        stage=stage,
        title=case.procedure.publicity_title or f"关于{case.procedure.title}的公示",
        opened_at=began,
        opened_by=by,
        opens_on=deadline.opens_on,
        closes_on=deadline.closes_on,
        closes_at=deadline.closes_at,
        number_of_days=deadline.number or 0,
        unit=deadline.unit,
        counted=deadline.counted,
        basis=deadline.basis,
        external_url=elsewhere.url if elsewhere else "",
    )
    PublicityItem.objects.create(period=period, case=case, shown=kinds.of(case).shown(case, at=at))
    return period


def _locked_cases(period: PublicityPeriod) -> list[Case]:
    """Inside the caller's transaction, which is what keeps the locks after each `with` is left."""
    cases = []
    for case_id in period.items.order_by("case_id").values_list("case_id", flat=True):
        with engine.locked(case_id) as (case, _):
            cases.append(case)
    return cases
