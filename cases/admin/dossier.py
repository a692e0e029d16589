"""Taking the dossier of a case out: asked what for, posted, recorded, handed out."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse

from cases.access import WHOLE, case_or_404
from cases.dossier import Asked, exporting
from cases.errors import Refused
from cases.materials import may_open_sensitive
from cases.models import Case
from records import clock
from records.answers import WRONG
from records.files.purposes import OTHER, PurposeForm

PURPOSES = {
    "archive": "归档",
    "remedy": "行政复议、诉讼或信访",
    "audit": "审计检查",
    "superior": "上级机关调阅",
    OTHER: "其他用途",
}
INCLUDE, LEAVE_OUT = "include", "leave_out"


class DossierForm(PurposeForm):
    form = forms.ChoiceField(
        label="导出成什么",
        choices=[
            (exporting.ZIP, "ZIP，全部文件，可以逐个核对"),
            (exporting.PDF, "一份 PDF，便于阅读和打印，PDF 材料装订在后"),
        ],
        widget=forms.RadioSelect,
        initial=exporting.ZIP,
        error_messages={"required": "选一种形式", "invalid_choice": "从列出的形式中选一种"},
    )
    sensitive = forms.ChoiceField(
        label="含个人信息的材料",
        choices=[
            (LEAVE_OUT, "不放入，清单里写明"),
            (INCLUDE, "放入带水印的一份，每份都记入记录"),
        ],
        widget=forms.RadioSelect,
        initial=LEAVE_OUT,
        error_messages={"required": "选一项", "invalid_choice": "从列出的里面选一项"},
    )

    def __init__(self, *args: Any, asks_of_sensitive: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].choices = list(PURPOSES.items())  # type: ignore[attr-defined]
        self.fields["purpose"].label = "导出来做什么"
        if not asks_of_sensitive:
            del self.fields["sensitive"]

    @property
    def with_sensitive(self) -> bool:
        return self.cleaned_data.get("sensitive") == INCLUDE


def dossier_page(site: Any, request: HttpRequest, pk: UUID) -> HttpResponseBase:
    case = case_or_404(request.user, pk, WHOLE)
    typed = request.POST if request.method == "POST" else None
    form = DossierForm(
        typed, asks_of_sensitive=_has_sensitive(case) and may_open_sensitive(request.user, case)
    )
    if typed is None:
        return _show(site, request, case, form, 200)
    if not form.is_valid():
        return _show(site, request, case, form, WRONG)
    asked = Asked(request.user, clock.now(), form.chosen(), form.with_sensitive)
    try:
        made = exporting.export(case, asked, form.cleaned_data["form"])
    except Refused as refusal:
        form.add_error("detail", refusal.message)
        return _show(site, request, case, form, WRONG)
    return _hand_out(made)


def _has_sensitive(case: Case) -> bool:
    return case.materials.filter(file__sensitive=True, file__removed_at=None).exists()


def _hand_out(made: exporting.Made) -> HttpResponseBase:
    response = FileResponse(
        made.content, as_attachment=True, filename=made.name, content_type=made.media_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _show(site: Any, request: HttpRequest, case: Case, form: DossierForm, status: int) -> HttpResponseBase:
    context = {**site.each_context(request), "title": f"导出案卷 {case}", "case": case, "form": form}
    return TemplateResponse(request, "admin/cases/dossier.html", context, status=status)
