"""What people do to a publicity: open it, object to it, settle an objection, take it down, send it back."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import access
from cases import checks, engine, kinds
from cases.errors import Problem, Refused
from cases.models import Batch, Case, CheckRun, Deadline
from cases.queries import last_hand
from cases.steps import take_number
from cities.calendar import start_of
from cities.models import Outcome, Stage
from cities.permissions import HANDLE_CASES
from publicity.models import Objection, PublicityItem, PublicityPeriod
from publicity.stage import can_object, has_open_objection, showing, way_back
from records import events, words
from records.models import Event

# Internal: cases.page tells it to nobody outside the office.
OPENED = "objection.open"


@dataclass(frozen=True)
class Elsewhere:
    """Where and since when a case is shown on a platform that is not ours, as staff recorded it."""

    url: str
    started_on: date


def open_period(case: Case, *, by: Any, at: datetime, elsewhere: Elsewhere | None = None) -> PublicityPeriod:
    """Show a decided case to the public, as a batch of one; or record that another platform shows it. Everything that can
    fail later is tried here first."""
    with engine.locked(case.pk) as (case, _):
        stage = _publicity_stage(case, by)
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
            engine.hold_deadline(case)
        engine.reschedule(case)
        where = f"，在外部平台 {period.external_url}" if period.external_url else ""
        summary = f"开始公示 {period.number}，{words.full_day(period.opens_on)} 至 {words.full_day(period.closes_on)}{where}"
        _event("publicity.open", summary, case, at=at, by=by)
        return period


def take_down(period: PublicityPeriod, *, by: Any, at: datetime, reason: str) -> None:
    """Take a wrongly opened publicity away, with a reason the public reads. Its cases wait to be shown again."""
    with transaction.atomic():
        cases = _locked_cases(period)
        for case in cases:
            _refuse_stranger(case, by)
        period = PublicityPeriod.objects.get(pk=period.pk)
        standing = [case for case in cases if showing(case) in period.items.all()]
        if not standing or period.items.exclude(released_at=None).exists():
            raise Refused(f"公示 {period} 已经结束，不能撤下。名单有误的，另行更正。")
        if not reason.strip():
            raise Refused("写明撤下的原因，这会公开。", problems=[Problem("reason", "写明撤下的原因")])
        period.taken_down_at, period.taken_down_by, period.taken_down_reason = at, by, reason.strip()
        period.save()
        for case in standing:
            engine.end_deadline(case, at=at, state=Deadline.State.VOID)
            engine.reschedule(case)
            _event("publicity.take_down", f"撤下公示 {period}：{reason.strip()}", case, at=at, by=by)


def send_back(case: Case, *, by: Any, at: datetime, reason: str) -> None:
    """Return a case that waits to be shown to the desk that decided it: what is to be shown has to change first."""
    with engine.locked(case.pk) as (case, _):
        stage = _publicity_stage(case, by)
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


def lodge(
    item: PublicityItem,
    *,
    at: datetime,
    by: Any = None,
    received_on: date | None = None,
    **what: Any,
) -> Objection:
    """Take in an objection; `what` holds person, name, contact, matter and the like.

    Online it must come before the period closes. On paper (`received_on`) the day of receipt decides, also when it is
    entered later, as long as the list has not been published: a case that waits for that is taken back.
    """
    with engine.locked(item.case_id) as (case, _):
        item = PublicityItem.objects.select_related("period__stage").get(pk=item.pk)
        _refuse_untimely(case, item, at, received_on)
        if item.released_at:
            _take_back(case, item, at=at)
        objection = Objection.objects.create(
            receipt=take_number(case.programme, "YY", at),
            item=item,
            channel=Objection.Channel.PAPER if received_on else Objection.Channel.ONLINE,
            received_on=received_on or timezone.localtime(at).date(),
            entered_at=at,
            entered_by=by,
            **what,
        )
        engine.hold_deadline(case)
        engine.reschedule(case)
        # The event never says who objected: the party complained of may read it.
        _event("objection.lodge", f"收到异议 {objection.receipt}，本件暂缓", case, at=at, by=by, name="公众")
        return objection


def note_opening(objection: Objection, *, by: Any, at: datetime) -> None:
    """Keep that somebody has seen who objected, once for each person."""
    with engine.locked(objection.item.case_id) as (case, _):
        data = {"objection": str(objection.pk)}
        if Event.objects.filter(case=case, verb=OPENED, actor=by, data__objection=data["objection"]).exists():
            return
        _event(OPENED, f"查看异议 {objection} 的提出人和材料", case, at=at, by=by, data=data)


def settle(objection: Objection, *, upheld: bool, conclusion: str, by: Any, at: datetime) -> None:
    """Conclude an objection. Dismissed: the case goes on when its days are over. Upheld: back to the desk."""
    with engine.locked(objection.item.case_id) as (case, _):
        objection = Objection.objects.select_related("item__period").get(pk=objection.pk)
        # A case that was withdrawn meanwhile goes nowhere any more; its objection is still answered.
        stage = _publicity_stage(case, by) if case.status == Case.Status.OPEN else None
        _refuse_stranger(case, by)
        if objection.state != Objection.State.OPEN:
            raise Refused(f"异议 {objection} 已经处理过：{objection.get_state_display()}。")
        if not conclusion.strip():
            raise Refused("写明处理意见。", problems=[Problem("conclusion", "写明核实情况和处理意见")])
        objection.state = Objection.State.UPHELD if upheld else Objection.State.DISMISSED
        objection.settled_at, objection.settled_by, objection.conclusion = at, by, conclusion.strip()
        objection.save()
        if upheld and stage:
            _back_to_desk(case, stage, objection, by=by, at=at)
            return
        if not has_open_objection(case):
            engine.resume_deadline(case)
        engine.reschedule(case)
        verb = "objection.uphold" if upheld else "objection.dismiss"
        _event(verb, f"异议 {objection} {objection.get_state_display()}", case, at=at, by=by)


def _publicity_stage(case: Case, by: Any) -> Stage:
    if case.status != Case.Status.OPEN or case.stage is None or case.stage.kind != "publicity":
        raise Refused(f"{case} 现在不在公示环节（{case.stage or case.get_status_display()}）。")
    _refuse_stranger(case, by)
    return case.stage


def _refuse_stranger(case: Case, by: Any) -> None:
    if not access.may(by, HANDLE_CASES, case.programme):
        raise Refused("公示由经办人办理，您没有这个角色。")


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
    deadline = engine.open_deadline(case, stage, at=began)
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


def _take_back(case: Case, item: PublicityItem, *, at: datetime) -> None:
    """What passed for want of an objection has not passed after all."""
    engine.take_back(case, case.procedure.stages.get(key=item.period.stage.key), at=at)
    item.released_at = None
    item.save()


def _refuse_untimely(case: Case, item: PublicityItem, at: datetime, received_on: date | None) -> None:
    period = item.period
    if why := _why_over(case, item):
        raise Refused(why)
    if received_on is None and at >= period.closes_at:
        raise Refused(f"公示已在 {words.full_closes(period.closes_at)} 结束，不能再在线提出异议。")
    if received_on and received_on > timezone.localtime(at).date():
        raise Refused("收到日期不能晚于今天。", problems=[Problem("received_on", "收到日期不能晚于今天")])
    if received_on and not timezone.localtime(period.opened_at).date() <= received_on <= period.closes_on:
        raise Refused(
            f"收到日期 {words.full_day(received_on)} 不在公示期内（{words.full_day(period.opens_on)} 至 {words.full_day(period.closes_on)}），不能作为本次公示的异议。"
        )


def _why_over(case: Case, item: PublicityItem) -> str:
    """Why nothing can be objected against this any more, whenever it was received; empty where it can."""
    if item.period.taken_down_at:
        return f"公示 {item.period} 已撤下，不再收异议。"
    if item.upheld_at:
        return "这件已有异议成立并退回，不用再登记异议。重新公示的，在那次公示里提出。"
    if case.edition:
        day = words.full_day(timezone.localtime(case.edition.published_at).date())
        return f"这件已在 {day} 发布为{case.edition}名单，登记异议不能再拦下它。异议属实的，另行更正名单。"
    if case.status != Case.Status.OPEN:
        return f"这件公示已经结束，事项{case.get_result_display()}，不能再登记异议。"
    if can_object(case, item):
        return ""
    return f"这件公示已经结束，事项现在在“{case.stage}”，不能再登记异议。把材料转给承办人；重新公示的，在那次公示里提出。"


def _back_to_desk(case: Case, stage: Stage, objection: Objection, *, by: Any, at: datetime) -> None:
    # An objection outlives a period that was taken down: what stands in publicity now must not go on standing.
    item = showing(case) or objection.item
    if has_open_objection(case):
        raise Refused("本件还有别的异议没有处理完，都处理完再认定成立。")
    item.upheld_at = at
    item.save()
    outcome = stage.outcomes.select_related("next_stage", "stage", "article").get(role=Outcome.Role.UPHELD)
    engine.follow(
        case,
        outcome,
        by=by,
        at=at,
        summary=f"异议 {objection} 成立，退回{outcome.next_stage}",
        owner=last_hand(case, outcome.next_stage),
        attention=f"异议成立：{objection.conclusion}",
    )


def _event(
    verb: str,
    summary: str,
    case: Case,
    *,
    at: datetime,
    by: Any,
    name: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    article = case.stage.article.number if case.stage else ""
    events.record(
        verb,
        summary,
        at=at,
        by=by,
        actor_name="" if by else name,
        article=article,
        data=data,
        case=case,
        programme=case.programme,
        organisation=case.organisation,
    )
