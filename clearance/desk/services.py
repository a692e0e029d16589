"""To put on record that something reached the unit, or did not, and what the unit has answered on paper."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from cases import proofs
from cases.desk import DeskAction, DeskForm, Done
from cases.errors import Problem, Refused
from cases.models import Case
from cities.permissions import HANDLE_CASES
from clearance import answers, queries, serving
from clearance.models import Service
from records import files
from records.fields import DATE_INVALID, LongText, date_input
from records.models import StoredFile
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
    proof = forms.FileField(
        label="送达凭证",
        required=False,
        help_text=f"回执、签收单或者送达回证，{files.wording(**serving.PROOF)}。只给办件的人看，进案卷",
        widget=forms.ClearableFileInput(attrs={"accept": files.accepted_suffixes(serving.PROOF["kinds"])}),
        error_messages={"empty": "这是空文件，重新选择"},
    )


class Serve(DeskAction):
    key = "serve"
    label = "登记送达"
    permission = HANDLE_CASES
    form_class = ServeForm
    after_end = True

    def fits(self, case: Case) -> bool:
        return queries.is_one(case) and not case.set_aside_at and serving.awaits(case)

    def perform(self, case: Case, cleaned: dict[str, Any], *, by: Any, at: datetime) -> Done:
        stored = _stored(cleaned["proof"], by, at) if cleaned["proof"] else None
        service = serving.serve(case, **{**cleaned, "proof": stored}, by=by, at=at)
        return Done(f"{case} 已登记送达：{full_day(service.served_on)}，{service.get_how_display()}。")


def _stored(upload: UploadedFile, by: Any, at: datetime) -> StoredFile:
    try:
        return files.store(upload, **serving.PROOF, by=by, at=at)
    except files.FileRefused as refusal:
        raise Refused(f"{refusal}。", problems=[Problem("proof", str(refusal))]) from refusal


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
    papers = proofs.field("纸质材料的扫描件", "可以不传")


class RecordAnswer(DeskAction):
    key = "record_answer"
    label = "登记单位交来的纸质答复"
    permission = HANDLE_CASES
    form_class = AnswerForm
    is_folded = True

    def fits(self, case: Case) -> bool:
        return queries.is_one(case) and not answers.why_not(case) and not serving.awaits(case)

    def perform(self, case: Case, cleaned: dict[str, Any], *, by: Any, at: datetime) -> Done:
        scans = proofs.keep(cleaned["papers"], by=by, at=at)
        answers.answer(case, cleaned["text"], scans, received_on=cleaned["received_on"], by=by, at=at)
        return Done(f"{case} 已登记单位的答复，现在在“{case.stage}”。")
