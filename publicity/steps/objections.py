"""An objection comes in, and is opened by the desk."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from cases import confidential, deadlines, engine, stages
from cases.errors import Problem, Refused
from cases.models import Case
from cases.steps import take_number
from publicity import objectors
from publicity.models import Objection, ObjectionAct, ObjectionFile, PublicityItem
from publicity.stage import can_object
from publicity.steps.common import tell
from records import words
from records.files.purposes import Purpose
from records.models import Event, StoredFile

# Internal: cases.page tells it to nobody outside the office.
OPENED = "objection.open"


def lodge(
    item: PublicityItem,
    *,
    at: datetime,
    by: Any = None,
    received_on: date | None = None,
    files: Iterable[tuple[str, StoredFile]] = (),
    **what: Any,
) -> Objection:
    """Take in an objection; `what` holds person, name, contact, matter and the like, `files` each paper with its kind.

    Online it must come before the period closes. On paper (`received_on`) the day of receipt decides, also when it is
    entered later: a case that waits for its publication is taken back; one that is published already stays so, and the
    objection stands against its edition; one that is at a desk again is not shown before it is answered.
    """
    with engine.locked(item.case_id) as (case, _):
        if sent := _already(what.get("form_key")):
            return sent
        item = PublicityItem.objects.select_related("period__stage__article").get(pk=item.pk)
        _refuse_untimely(case, item, at, received_on)
        edition = case.edition if case.status == Case.Status.CLOSED else None
        if item.released_at and can_object(case, item):
            _take_back(case, item, at=at)
        objection = Objection.objects.create(
            receipt=take_number(case.programme, "YY", at),
            item=item,
            edition=edition,
            channel=Objection.Channel.PAPER if received_on else Objection.Channel.ONLINE,
            received_on=received_on or timezone.localtime(at).date(),
            entered_at=at,
            entered_by=by,
            **what,
        )
        ObjectionFile.objects.bulk_create(
            ObjectionFile(objection=objection, kind=kind, stored=stored) for kind, stored in files
        )
        ObjectionAct.objects.create(objection=objection, done=ObjectionAct.Done.LODGED, at=at, by=by)
        if case.status == Case.Status.OPEN and stages.of(case).is_told(case):
            _hold(case, objection, by=by, at=at)
        # The event never says who objected: the party complained of may read it.
        data = {"edition": edition.number} if edition else None
        said = f"收到异议 {objection.receipt}，{_what_it_holds(case)}"
        tell("objection.lodge", said, case, at=at, by=by, name="公众", data=data)
        objectors.tell(objection, ObjectionAct.Done.LODGED, case, at=at)
        return objection


def note_opening(objection: Objection, *, by: Any, at: datetime) -> None:
    """Keep that somebody has seen who objected, once for each person."""
    with engine.locked(objection.item.case_id) as (case, _):
        data = {"objection": str(objection.pk), "id_copy": None}
        seen = Event.objects.filter(case=case, verb=OPENED, actor=by, data__objection=data["objection"])
        if not any(event.data.get("id_copy") is None for event in seen):
            tell(OPENED, f"查看异议 {objection} 的提出人和材料", case, at=at, by=by, data=data)


def note_purpose(objection: Objection, purpose: Purpose, *, by: Any, at: datetime) -> None:
    """Somebody who only reads says what for he looks at who objected. As of an opening, its words are held against who did."""
    with engine.locked(objection.item.case_id) as (case, _):
        confidential.refuse_telling([case], "detail", purpose.detail)
        data = {"objection": str(objection.pk), "id_copy": None, "purpose": str(purpose)}
        said = f"查看异议 {objection} 的提出人和材料，用途：{purpose}"
        tell(OPENED, said, case, at=at, by=by, data=data)


def has_said_why(objection: Objection, *, by: Any, at: datetime) -> bool:
    """Today: tomorrow he says it again."""
    seen = Event.objects.filter(case=objection.item.case_id, verb=OPENED, actor=by, at__lte=at)
    of_this = seen.filter(data__objection=str(objection.pk), data__has_key="purpose")
    # Of a copy of an identity card it was said for that copy alone.
    return any(
        event.data["id_copy"] is None and words.local_day(event.at) == words.local_day(at)
        for event in of_this
    )


def note_opening_of(paper: ObjectionFile, purpose: Purpose, *, by: Any, at: datetime) -> None:
    """Each opening of what is sensitive, with what for. Its words are held against who objected: they stand in a case's event."""
    objection = paper.objection
    with engine.locked(objection.item.case_id) as (case, _):
        confidential.refuse_telling([case], "detail", purpose.detail)
        data = {"objection": str(objection.pk), "id_copy": paper.pk, "purpose": str(purpose)}
        said = f"查看异议 {objection} 的{paper.get_kind_display()}，用途：{purpose}"
        tell(OPENED, said, case, at=at, by=by, data=data)


def _already(form_key: str | None) -> Objection | None:
    """A form that is sent twice at once waits for the lock, and finds what the first has lodged."""
    return Objection.objects.filter(form_key=form_key).first() if form_key else None


def _hold(case: Case, objection: Objection, *, by: Any, at: datetime) -> None:
    why, article = f"收到异议 {objection.receipt}，核实前不往下办", objection.item.period.stage.article.number
    deadlines.hold_deadline(case, by=by, at=at, reason=why, article=article)
    engine.reschedule(case)


def _what_it_holds(case: Case) -> str:
    if case.edition:
        return f"{case.edition}名单已发布，核实期间不变"
    if case.status != Case.Status.OPEN:
        return f"本件已{case.get_result_display()}"
    return "本件暂缓" if stages.of(case).is_told(case) else "处理完以前不再公示"


def _take_back(case: Case, item: PublicityItem, *, at: datetime) -> None:
    """What passed for want of an objection has not passed after all."""
    engine.take_back(case, case.procedure.stages.get(key=item.period.stage.key), at=at)
    item.released_at = None
    item.save()


def _refuse_untimely(case: Case, item: PublicityItem, at: datetime, received_on: date | None) -> None:
    period = item.period
    # What was received in time is taken in whatever has become of the case since; only what it holds depends on that.
    if received_on is None and (why := _why_over(case, item)):
        raise Refused(why)
    if received_on is None and at >= period.closes_at:
        raise Refused(f"公示已在 {words.full_closes(period.closes_at)} 结束，不能再在线提出异议。")
    if received_on and received_on > timezone.localtime(at).date():
        raise Refused("收到日期不能晚于今天。", problems=[Problem("received_on", "收到日期不能晚于今天")])
    first = timezone.localtime(period.opened_at).date()
    if received_on and not first <= received_on <= period.closes_on:
        raise Refused(
            f"收到日期 {words.full_day(received_on)} 不在公示期内：{words.full_day(first)} 发布，{words.full_day(period.closes_on)} 截止。不能作为本次公示的异议。"
        )


def _why_over(case: Case, item: PublicityItem) -> str:
    """Why nothing can be objected against this online any more; empty where it can."""
    if item.period.taken_down_at:
        return f"公示 {item.period} 已撤下，不再收异议。"
    if item.upheld_at:
        return "这件已有异议成立并退回，不用再登记异议。重新公示的，在那次公示里提出。"
    if case.edition and item.released_at:
        return ""  # sent in time, it waited while the list was published: it stands against that edition
    if case.status != Case.Status.OPEN:
        return f"这件公示已经结束，事项{case.get_result_display()}，不能再登记异议。"
    if can_object(case, item):
        return ""
    return f"这件公示已经结束，事项现在在“{case.stage}”，不能再登记异议。把材料转给承办人；重新公示的，在那次公示里提出。"
