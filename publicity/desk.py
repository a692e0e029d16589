"""What the case page in the admin offers and says of publicity."""

from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from accounts import access
from cases import deadlines, desk, engine, worklist
from cases.desk import DeskAction, DeskForm, Done, Waiting
from cases.errors import Refused
from cases.models import Batch, Case, Deadline
from cities.models import Stage
from cities.permissions import DECIDE_CASES, HANDLE_CASES
from publicity import queries, steps
from publicity.forms import ElsewhereForm, SendBackForm, TakeDownForm
from publicity.models import Objection, Opening, PublicityItem
from publicity.stage import has_open_objection, showing, way_back
from records import clock, words
from records.fields import LongText
from records.words import full_closes, full_day


class OpenPeriod(DeskAction):
    key = "open_period"
    label = "开始公示"
    channel = Stage.Channel.HERE
    permission = HANDLE_CASES
    template = "admin/publicity/desk/open.html"

    def _elsewhere(self, cleaned: dict[str, Any]) -> steps.Elsewhere | None:
        return None

    def fits(self, case: Case) -> bool:
        return showing(case) is None and case.stage is not None and case.stage.channel == self.channel

    def context(self, case: Case, at: datetime) -> dict[str, Any]:
        """The days as they would be counted if it began now, or what stands in the way."""
        stage = case.stage
        assert stage is not None
        try:
            span = deadlines.counted_span(stage, at)
        except Refused as refusal:
            return {"obstacle": refusal.message}
        return {
            "span": span,
            "days": deadlines.days_json(span),
            "is_provisional": span.certainty != "official",
        }

    def perform(self, case: Case, cleaned: dict[str, Any], *, by: Any, at: datetime) -> Done:
        period = steps.open_period(case, by=by, at=at, elsewhere=self._elsewhere(cleaned))
        return Done(
            f"已开始公示，编号 {period.number}，{full_day(period.opens_on)} 至 {full_closes(period.closes_at)}。"
        )


class _Elsewhere(ElsewhereForm, DeskForm):
    pass


class RecordPeriod(OpenPeriod):
    """Publicity on another platform: staff say where it stands and since when; the days are counted from there."""

    key = "record_period"
    label = "登记外部平台的公示"
    channel = Stage.Channel.EXTERNAL
    template = "admin/publicity/desk/record.html"
    form_class = _Elsewhere

    def _elsewhere(self, cleaned: dict[str, Any]) -> steps.Elsewhere | None:
        return steps.Elsewhere(cleaned["url"], cleaned["started_on"])


class _TakeDown(TakeDownForm, DeskForm):
    pass


class TakeDown(DeskAction):
    key = "take_down"
    label = "撤下公示"
    permission = HANDLE_CASES
    template = "admin/publicity/desk/take_down.html"
    form_class = _TakeDown
    warns = True

    def fits(self, case: Case) -> bool:
        return showing(case) is not None

    def perform(self, case: Case, cleaned: dict[str, Any], *, by: Any, at: datetime) -> Done:
        item = showing(case)
        if item is None:
            raise Refused(f"{case} 现在没有公示，不用撤下。")
        steps.take_down(item.period, by=by, at=at, reason=cleaned["reason"])
        return Done(f"已撤下公示 {item.period}，原因已公开。更正以后重新开始公示；内容要改的，退回审定。")


class _SendBack(SendBackForm, DeskForm):
    pass


class SendBack(DeskAction):
    key = "send_back"
    label = "退回审定"
    permission = HANDLE_CASES
    template = "admin/publicity/desk/send_back.html"
    form_class = _SendBack

    def fits(self, case: Case) -> bool:
        if case.stage is None or case.set_aside_at or way_back(case.stage) is None:
            return False
        return showing(case) is None and not has_open_objection(case)

    def perform(self, case: Case, cleaned: dict[str, Any], *, by: Any, at: datetime) -> Done:
        steps.send_back(case, by=by, at=at, reason=cleaned["reason"])
        after = engine.load(case.pk)
        return Done(f"{after} 没有公示，已退回“{after.stage}”。")


class _Keep(DeskForm):
    reason = LongText(
        label="为什么不变",
        max_length=500,
        rows=3,
        help_text="随下次公示公开，不写提出人是谁，不超过 500 字",
        error_messages={"required": "写明为什么不变"},
    )


class Keep(DeskAction):
    key = "keep"
    label = "内容不变，写明理由"
    permission = DECIDE_CASES
    form_class = _Keep
    is_folded = True

    def fits(self, case: Case) -> bool:
        return showing(case) is None and steps.unexplained(case, at=clock.now()) is not None

    def perform(self, case: Case, cleaned: dict[str, Any], *, by: Any, at: datetime) -> Done:
        steps.keep(case, reason=cleaned["reason"], by=by, at=at)
        return Done(f"已记录 {case} 内容不变的理由，随下次公示公开。")


class PublicityNote:
    """The publicities of a case, newest first, and how many objections are open against it."""

    template = "admin/publicity/desk/note.html"

    def context(self, case: Case, user: Any, at: datetime) -> dict[str, Any]:
        items = list(
            PublicityItem.objects.filter(case=case).select_related("period").order_by("-period__opened_at")
        )
        if not items:
            return {}
        objections = list(Objection.objects.filter(item__case=case).order_by("entered_at"))
        return {
            "items": items,
            "objections": objections,
            "open_objections": sum(one.is_open for one in objections),
            "may_settle": access.may(user, HANDLE_CASES, case.programme),
        }


def waits(programmes: list[int], today: date) -> list[Waiting]:
    """Objections that wait for the desk, also those against what is published, of which no case is open any more."""
    found = queries.waiting_objections(programmes)
    since = f"，最早 {words.day(found['since'], today)} 收到" if found["since"] else ""
    told = {
        "handle": f"{found['handle']} 件异议没有处理完{since}",
        "tell": f"{found['tell']} 件异议有了结论，还没有告知提出人",
    }
    address = reverse("admin:publicity_objection_changelist")
    return [Waiting(said, f"{address}?waits={key}") for key, said in told.items() if found[key]]


def objected() -> Q:
    """Cases that an open objection keeps from being published."""
    mine = Objection.objects.filter(item__case=OuterRef("pk"), state__in=Objection.OPEN)
    return Q(Exists(mine), waiting_for="clerk")


def standing(case: Case, deadline: Deadline | None) -> str:
    if case.waiting_for == "system":
        is_over = case.wake_at is not None and case.wake_at <= clock.now()
        return "公示已到期，等系统办理" if is_over else "公示中"
    return "异议待处理" if deadline else "待开始公示"


def batch_link(batch: Batch, user: Any) -> tuple[str, str] | None:
    """Offered where something of the batch waits to be shown and this person may show it."""
    if not access.may(user, HANDLE_CASES, batch.programme) or not steps.to_show(batch).exists():
        return None
    is_going = Opening.objects.filter(batch=batch, ended_at=None).exists()
    label = "正在开始公示，看进展" if is_going else "开始公示本批"
    return label, reverse("admin:publicity_publicityperiod_open_batch", args=[batch.pk])


def register() -> None:
    desk.register("publicity", OpenPeriod())
    desk.register("publicity", RecordPeriod())
    desk.register("publicity", SendBack())
    desk.register("publicity", Keep())
    desk.register("publicity", TakeDown())
    desk.register_note(PublicityNote())
    desk.register_batch_link(batch_link)
    desk.register_waits(waits)
    desk.register_standing("publicity", standing)
    worklist.register_objected(objected())
