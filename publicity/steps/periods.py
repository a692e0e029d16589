"""A publicity: opened, taken down, or sent back before it begins."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from accounts import access
from cases import (
    announcing,
    batches,
    checks,
    confidential,
    deadlines,
    effect,
    engine,
    kinds,
    letters,
    published,
    stages,
)
from cases.checks import Check
from cases.errors import Problem, Refused
from cases.models import Batch, Case, CheckRun, Deadline
from cases.queries import last_hand
from cases.steps import keep_checks_of, take_number
from cities.calendar import start_of
from cities.models import Stage
from cities.permissions import HANDLE_CASES
from providers.models import Register
from publicity.models import PublicityItem, PublicityPeriod
from publicity.stage import has_open_objection, showing, way_back, with_open_objection
from publicity.steps import keeping
from publicity.steps.common import publicity_stage, refuse_stranger, tell
from records import words


@dataclass(frozen=True)
class Elsewhere:
    """Where and since when a case is shown on a platform that is not ours, as staff recorded it."""

    url: str
    started_on: date


@dataclass(frozen=True)
class Ready:
    """A case that fits, with the question that its checks were asked of."""

    case: Case
    state: list[Check]
    question: Any


NOT_READY = "还没有准备好，同批其他事项先公示"


def open_period(case: Case, *, by: Any, at: datetime, elsewhere: Elsewhere | None = None) -> PublicityPeriod:
    """Show a decided case to the public, as a batch of one; or record that another platform shows it. Everything that can
    fail later is tried here first."""
    with engine.locked(case.pk) as (case, _):
        publicity_stage(case, by)
        if showing(case):
            raise Refused(f"{case} 已经在公示，不能再开一次。")
        _refuse_alone(case)
        kind = kinds.of(case)
        question = kind.question(case, at=at)
        state = kind.state_checks(case, at=at, question=question)
        if left := checks.unresolved(case, state):
            problems = [Problem(check.key, check.message, check.article) for check in left]
            raise Refused("还不能公示：审定以后情况变了", problems=problems, checks=left)
        if why := keeping.why_not(case, at=at):
            raise Refused(f"{why}。")
        return _open([Ready(case, state, question)], elsewhere, by=by, at=at)


def open_batch(
    batch: Batch, *, by: Any, at: datetime, elsewhere: Elsewhere | None = None, without_rest: bool = False
) -> PublicityPeriod:
    """Show all cases of a batch in one publicity. If some are not ready it is refused with each of them and why; or, where
    that is chosen, the ready ones are shown and the rest is split off into a batch of its own."""
    with batches.locked(batch) as (batch, cases, register):
        if not access.may(by, HANDLE_CASES, batch.programme):
            raise Refused("公示由经办人办理，您没有这个角色。")
        waiting = [case for case in cases if not stages.of(case).is_told(case)]
        unready = _not_there(waiting)
        there = [case for case in waiting if case.pk not in {one.pk for one, _ in unready}]
        ready, unfit = _fit(there, register, at=at)
        unready += unfit
        if not ready or (unready and not without_rest):
            raise _not_ready(batch, unready)
        if unready:
            # No word of the others: each unit reads the story of its own case.
            batches.split(batch, [case for case, _ in unready], reason=NOT_READY, by=by, at=at)
        return _open(ready, elsewhere, by=by, at=at)


def to_show(batch: Batch) -> Any:
    """What of a batch waits at its publicity, not counting what is being shown."""
    rows = engine.loaded().filter(batch=batch, status=Case.Status.OPEN, stage__kind="publicity")
    return rows.exclude(waiting_for="system").order_by("submitted_at", "number")


def _not_there(cases: list[Case]) -> list[tuple[Case, str]]:
    return [
        (case, f"还在“{case.stage}”")
        for case in cases
        if case.stage is None or case.stage.kind != "publicity"
    ]


def _fit(
    cases: list[Case], register: Register, *, at: datetime
) -> tuple[list[Ready], list[tuple[Case, str]]]:
    """Those that fit the list as those before them in the batch will have made it, and why the others do not."""
    trial = effect.try_out(cases, register, at=at)
    found = [(case, *trial.found[case.pk]) for case in cases if case.pk in trial.found]
    # What was asked only in its turn is asked again: nothing is left of what went before it.
    ready = [
        Ready(case, state, question or kinds.of(case).question(case, at=at))
        for case, state, question in found
    ]
    failed = [(case, trial.failed[case.pk]) for case in cases if case.pk in trial.failed]
    unfit = [(case, _why_unfit(case, failure, at)) for case, failure in failed]
    asked = keeping.objected_to(one.case for one in ready)
    same = [(case, why) for case in asked if (why := keeping.why_not(case, at=at))]
    kept_back = {case.pk for case, _ in same}
    return [one for one in ready if one.case.pk not in kept_back], [*unfit, *same]


def _why_unfit(case: Case, failure: Exception, at: datetime) -> str:
    """Whether it is the list as it is that stands against a case, or only what goes before it in the batch."""
    if left := checks.unresolved(case, kinds.of(case).state_checks(case, at=at)):
        return "；".join(check.message for check in left)
    return f"和同批排在前面的一起公示就不符合：{failure}"


def _not_ready(batch: Batch, unready: list[tuple[Case, str]]) -> Refused:
    if not unready:
        return Refused(f"{batch}没有等待公示的事项。")
    problems = [Problem("cases", f"{case} {case.organisation}：{why}") for case, why in unready]
    return Refused(f"{batch}有 {len(unready)} 件还不能公示", problems=problems)


def _refuse_alone(case: Case) -> None:
    """One of a batch is shown with it; alone only where the others have been shown already."""
    if case.batch is None or case.is_alone:
        return
    others = batches.open_cases(case.batch).exclude(pk=case.pk).select_related("stage")
    if waiting := [one for one in others if not stages.of(one).is_told(one)]:
        raise Refused(
            f"{case} 在{case.batch}，和同批其他 {len(waiting)} 件一起公示：到批次页开始。要单独公示的，先写明原因移出批次。"
        )


def take_down(period: PublicityPeriod, *, by: Any, at: datetime, reason: str) -> None:
    """Take a wrongly opened publicity away, with a reason the public reads. Its cases wait to be shown again."""
    keys = period.items.values_list("case_id", flat=True)
    with engine.all_locked(period.batch.programme, keys) as (cases, _):
        for case in cases[:1]:  # all are of one programme
            refuse_stranger(case, by)
        period = PublicityPeriod.objects.get(pk=period.pk)
        standing = [case for case in cases if showing(case) in period.items.all()]
        if not standing or period.items.exclude(released_at=None).exists():
            raise Refused(f"公示 {period} 已经结束，不能撤下。名单有误的，另行更正。")
        if not reason.strip():
            raise Refused("写明撤下的原因，这会公开。", problems=[Problem("reason", "写明撤下的原因")])
        confidential.refuse_telling(cases, "reason", reason)
        period.taken_down_at, period.taken_down_by, period.taken_down_reason = at, by, reason.strip()
        period.save()
        for case in standing:
            deadlines.end_deadline(case, at=at, state=Deadline.State.VOID)
            engine.reschedule(case)
            data = {"period": period.number, "reason": reason.strip()}
            said = f"撤下公示 {period}：{reason.strip()}"
            tell("publicity.take_down", said, case, at=at, by=by, data=data)
        announcing.announce("taken_down", period, standing, by=by, at=at)


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
        confidential.refuse_telling([case], "reason", reason)
        engine.follow(
            case,
            outcome,
            by=by,
            at=at,
            summary=f"公示前退回{outcome.next_stage}：{reason.strip()}",
            owner=last_hand(case, outcome.next_stage),
            attention=f"公示前退回：{reason.strip()}",
        )


def _began(case: Case, elsewhere: Elsewhere | None, *, at: datetime) -> datetime:
    """The moment a publicity counts from. Raises Refused where the row's channel is another one."""
    stage = case.stage
    assert stage is not None
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


def _open(ready: list[Ready], elsewhere: Elsewhere | None, *, by: Any, at: datetime) -> PublicityPeriod:
    """One period for all of these, which are locked: what each shows, and its days."""
    cases = [one.case for one in ready]
    began = min(_began(case, elsewhere, at=at) for case in cases)
    counted = deadlines.open_together(cases, at=began)
    _refuse_provisional(counted)
    _refuse_different_days(cases, counted)
    period = _create_period(cases[0], counted[0], elsewhere, by=by, began=began, at=at)
    where = f"，在外部平台 {period.external_url}" if period.external_url else ""
    summary = f"开始公示 {period.number}，{words.full_day(period.opens_on)} 至 {words.full_day(period.closes_on)}{where}"
    _show(ready, period, at=at)
    letters.know_readers(cases, at)
    objected = with_open_objection(cases)
    for case in cases:
        case.batch = period.batch
        # One lodged against an earlier publicity of the case: nobody is to be hurried meanwhile.
        if case.pk in objected:
            why, article = "以前公示时收到的异议还没有处理完", period.stage.article.number
            deadlines.hold_deadline(case, by=by, at=at, reason=why, article=article)
        engine.reschedule(case)
        tell("publicity.open", summary, case, at=at, by=by)
    announcing.announce("opened", period, cases, by=by, at=at)
    return period


def _show(ready: list[Ready], period: PublicityPeriod, *, at: datetime) -> None:
    cases = [one.case for one in ready]
    shown = kinds.of(cases[0]).shown([one.question for one in ready])
    for case, what in zip(cases, shown, strict=True):
        published.refuse_personal(case, what, "不能公示。退回审定，改后再公示")
    said = {case.pk: keeping.statement(case) for case in keeping.objected_to(cases)}
    PublicityItem.objects.bulk_create(
        PublicityItem(period=period, case=case, shown=what | ({"kept": kept} if kept else {}))
        for case, what, kept in zip(cases, shown, (said.get(case.pk) for case in cases), strict=True)
    )
    keep_checks_of({one.case: one.state for one in ready}, CheckRun.Moment.PUBLICITY, at)


def _refuse_provisional(counted: list[Deadline]) -> None:
    for deadline in counted:
        if deadline.certainty != "official":
            raise Refused(
                f"{deadline.closes_on.year} 年上班日历还是暂定的，不能据此开始公示。等正式日历载入后再开始。"
            )


def _refuse_different_days(cases: list[Case], deadlines: list[Deadline]) -> None:
    """One publicity has one length and one place, whichever versions its cases go by."""
    first = (deadlines[0].opens_on, deadlines[0].closes_at, _channel(cases[0]))
    problems = [
        Problem("cases", f"{case}按{case.rulebook}公示到 {words.full_closes(one.closes_at)}", one.article)
        for case, one in zip(cases, deadlines, strict=True)
        if (one.opens_on, one.closes_at, _channel(case)) != first
    ]
    if problems:
        raise Refused(
            f"不能一起公示：{cases[0]}按{cases[0].rulebook}公示到 {words.full_closes(first[1])}，"
            f"有 {len(problems)} 件按别的版本，天数或渠道不同。把它们分出新批次，另行公示。",
            problems=problems,
        )


def _channel(case: Case) -> str:
    assert case.stage is not None
    return case.stage.channel


def _create_period(
    case: Case, deadline: Deadline, elsewhere: Elsewhere | None, *, by: Any, began: datetime, at: datetime
) -> PublicityPeriod:
    assert case.stage is not None
    batch = case.batch or Batch.objects.create(
        programme=case.programme, procedure=case.procedure, created_at=at, made_by=by
    )
    return PublicityPeriod.objects.create(
        number=take_number(case.programme, "GS", at),
        batch=batch,
        stage=case.stage,
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
