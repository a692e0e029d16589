"""What the case page in the admin offers and says of a sanction, a partner's removal or a clearance."""

from datetime import datetime
from typing import Any

from django import forms

from accounts import access
from cases import desk, unit_notes
from cases.desk import ANYWHERE, DeskAction, DeskForm, Done
from cases.models import Case
from cities.permissions import DECIDE_CASES, HANDLE_CASES
from clearance import answers, documents, parting, partners, queries, serving, steps
from clearance.models import Service
from clearance.provider_note import AnswerNote
from records.fields import DATE_INVALID, LongText, date_input
from records.words import full_day


class ServeForm(DeskForm):
    how = forms.ChoiceField(
        label="怎么送达的",
        choices=[one for one in Service.How.choices if one[0] != Service.How.INBOX],
        error_messages={"required": "选一种方式"},
    )
    served_on = forms.DateField(
        label="送达日期",
        widget=date_input(),
        help_text="单位收到的那一天",
        error_messages={"required": "写明哪一天送达", "invalid": DATE_INVALID},
    )
    note = forms.CharField(
        label="说明",
        required=False,
        max_length=200,
        help_text="例如邮寄单号、签收情况；不写个人的电话和证件号",
    )


class Serve(DeskAction):
    key = "serve"
    label = "登记送达"
    permission = HANDLE_CASES
    form_class = ServeForm

    def fits(self, case: Case) -> bool:
        return queries.is_one(case) and not case.set_aside_at and serving.awaits(case)

    def perform(self, case: Case, cleaned: dict[str, Any], *, by: Any, at: datetime) -> Done:
        service = serving.serve(case, **cleaned, by=by, at=at)
        return Done(f"{case} 已登记送达：{full_day(service.served_on)}，{service.get_how_display()}。")


class GiveUpForm(DeskForm):
    reason = LongText(
        label="为什么没有送到",
        max_length=300,
        rows=3,
        help_text="试过哪些方式、什么时候。只给办件的人看，不超过 300 字",
        error_messages={"required": "写明为什么没有送到，不能留空"},
    )


class GiveUpService(DeskAction):
    """What has not reached the unit before its day was over is decided again."""

    key = "give_up_service"
    label = "没有送到，退回重新决定"
    permission = HANDLE_CASES
    form_class = GiveUpForm
    is_folded = True

    def fits(self, case: Case) -> bool:
        return queries.is_one(case) and not case.set_aside_at and serving.way_back(case) is not None

    def perform(self, case: Case, cleaned: dict[str, Any], *, by: Any, at: datetime) -> Done:
        serving.give_up(case, cleaned["reason"], by=by, at=at)
        return Done(f"{case} 已退回，现在在“{case.stage}”。")


class AnswerForm(DeskForm):
    received_on = forms.DateField(
        label="收到日期",
        widget=date_input(),
        help_text="纸质材料实际收到的那一天",
        error_messages={"required": "写明哪一天收到", "invalid": DATE_INVALID},
    )
    text = LongText(
        label="单位说了什么", max_length=4000, rows=5, error_messages={"required": "写明内容，不能留空"}
    )


class RecordAnswer(DeskAction):
    key = "record_answer"
    label = "登记单位交来的纸质答复"
    permission = HANDLE_CASES
    form_class = AnswerForm
    is_folded = True

    def fits(self, case: Case) -> bool:
        return queries.is_one(case) and not answers.why_not(case) and not serving.awaits(case)

    def perform(self, case: Case, cleaned: dict[str, Any], *, by: Any, at: datetime) -> Done:
        answers.answer(case, cleaned["text"], [], received_on=cleaned["received_on"], by=by, at=at)
        return Done(f"{case} 已登记单位的答复，现在在“{case.stage}”。")


class AfterwardsForm(DeskForm):
    afterwards = LongText(
        label="项目和补助怎么处理",
        required=False,
        max_length=4000,
        rows=4,
        help_text="逐项列出在办的项目、已发的补助各怎么处理，依据哪一条。只给办件的人看",
    )


class NoteAfterwards(DeskAction):
    key = "note_afterwards"
    label = "写明项目和补助怎么处理"
    permission = HANDLE_CASES
    form_class = AfterwardsForm
    is_folded = True

    def fits(self, case: Case) -> bool:
        return case.procedure.kind == queries.CLEARANCE

    def form(self, case: Case, user: Any, at: datetime, data: Any = None, initial: Any = None) -> DeskForm:
        start = {"afterwards": case.measure.afterwards, **(initial or {})}
        return AfterwardsForm(data, initial=start, auto_id=f"{self.key}-%s")

    def perform(self, case: Case, cleaned: dict[str, Any], *, by: Any, at: datetime) -> Done:
        steps.note_afterwards(case, cleaned["afterwards"], by=by, at=at)
        return Done(f"{case} 的项目和补助处理已记下。")


class AnnounceForm(DeskForm):
    announced = forms.TypedChoiceField(
        label="移出以后要不要公告",
        widget=forms.RadioSelect,
        choices=[("yes", "公告单位名称和原因"), ("no", "不公告，只通知单位")],
        coerce=lambda value: value == "yes",
        error_messages={"required": "选一样"},
    )
    why = forms.CharField(
        label="理由", max_length=300, error_messages={"required": "写明由谁决定、为什么，不能留空"}
    )


class ChooseAnnouncement(DeskAction):
    """Where the text leaves it open it is the office's recorded choice."""

    key = "choose_announcement"
    label = "登记公告与否"
    permission = DECIDE_CASES
    form_class = AnnounceForm
    is_folded = True

    def fits(self, case: Case) -> bool:
        return case.procedure.kind == queries.CLEARANCE and not documents.must_be_announced(case.procedure)

    def perform(self, case: Case, cleaned: dict[str, Any], *, by: Any, at: datetime) -> Done:
        steps.choose_announcement(case, cleaned["announced"], why=cleaned["why"], by=by, at=at)
        said = "移出以后公告" if cleaned["announced"] else "移出以后不公告，只通知单位"
        return Done(f"{case} 已登记：{said}。")


class MeasureNote:
    """The grounds with their evidence, orders, services and answers: for the office only."""

    template = "admin/clearance/note.html"

    def context(self, case: Case, user: Any, at: datetime) -> dict[str, Any]:
        if not queries.is_one(case):
            return {}
        about = _about_partner(case) if case.measure.partner else {}
        return about | {
            "measure": case.measure,
            "grounds": queries.taken_up(case),
            "orders": list(case.orders.select_related("deadline")),
            "services": list(case.services.select_related("stage", "organisation")),
            "answers": list(case.answers.select_related("stage").prefetch_related("files__file")),
            "awaits_service": serving.awaits(case),
            "may_handle": access.may(user, HANDLE_CASES, case.programme),
        }


def _about_partner(case: Case) -> dict[str, Any]:
    """Behind whom it stands by now, whoever has come to be there since; and what carries the order out."""
    partner = case.measure.partner
    assert partner is not None
    changes = case.carried_out_by.filter(submitted_at__isnull=False).select_related("stage")
    return {
        "units": partners.concerned(case.programme, partner),
        "term": case.programme.registrant_term,
        "changes": list(changes.order_by("submitted_at")),
    }


def standing(case: Case, deadline: Any) -> str:
    if case.waiting_for == "clerk":
        return "待登记送达"
    return f"等单位答复，到 {full_day(deadline.closes_on)}" if deadline else "等单位答复"


def register() -> None:
    for action in (Serve(), GiveUpService(), RecordAnswer(), ChooseAnnouncement(), NoteAfterwards()):
        desk.register(ANYWHERE, action)
    desk.register_note(MeasureNote())
    desk.register_waits(parting.waits)
    for kind in (*serving.ASKS, serving.SERVES):
        desk.register_standing(kind, standing)
    for kind in (*serving.ASKS, serving.SERVES):
        unit_notes.register_note(kind, AnswerNote())
