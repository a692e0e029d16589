"""An objection: taken in, opened by the desk, concluded."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from cases import deadlines, engine
from cases.errors import Problem, Refused
from cases.models import Case
from cases.queries import last_hand
from cases.steps import take_number
from cities.models import Outcome, Stage
from publicity.models import Objection, PublicityItem
from publicity.stage import can_object, has_open_objection, showing
from publicity.steps.common import publicity_stage, refuse_stranger, tell
from records import words
from records.models import Event

# Internal: cases.page tells it to nobody outside the office.
OPENED = "objection.open"


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
        why = f"收到异议 {objection.receipt}，核实前不往下办"
        deadlines.hold_deadline(case, by=by, at=at, reason=why)
        engine.reschedule(case)
        # The event never says who objected: the party complained of may read it.
        tell("objection.lodge", f"收到异议 {objection.receipt}，本件暂缓", case, at=at, by=by, name="公众")
        return objection


def note_opening(objection: Objection, *, by: Any, at: datetime) -> None:
    """Keep that somebody has seen who objected, once for each person."""
    with engine.locked(objection.item.case_id) as (case, _):
        data = {"objection": str(objection.pk)}
        if Event.objects.filter(case=case, verb=OPENED, actor=by, data__objection=data["objection"]).exists():
            return
        tell(OPENED, f"查看异议 {objection} 的提出人和材料", case, at=at, by=by, data=data)


def settle(objection: Objection, *, upheld: bool, conclusion: str, by: Any, at: datetime) -> None:
    """Conclude an objection. Dismissed: the case goes on when its days are over. Upheld: back to the desk."""
    with engine.locked(objection.item.case_id) as (case, _):
        objection = Objection.objects.select_related("item__period").get(pk=objection.pk)
        # A case that was withdrawn meanwhile goes nowhere any more; its objection is still answered.
        stage = publicity_stage(case, by) if case.status == Case.Status.OPEN else None
        refuse_stranger(case, by)
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
            why = f"异议 {objection} {objection.get_state_display()}，没有别的异议"
            deadlines.resume_deadline(case, by=by, at=at, reason=why)
        engine.reschedule(case)
        verb = "objection.uphold" if upheld else "objection.dismiss"
        tell(verb, f"异议 {objection} {objection.get_state_display()}", case, at=at, by=by)


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
