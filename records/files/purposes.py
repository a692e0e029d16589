"""Opening a sensitive file: what for is asked first, recorded, and written across the copy."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from records import words
from records.answers import WRONG
from records.files import serving, watermark
from records.files.encryption import KeyMissing
from records.models import StoredFile
from records.personal import found_in

OTHER = "other"
PURPOSES = {
    "review": "审核这件事项",
    "identity": "核实身份",
    "dispute": "处理异议或投诉",
    "audit": "审计检查",
    OTHER: "其他用途",
}
LEAST, MOST = 4, 60


@dataclass(frozen=True)
class Purpose:
    title: str
    detail: str

    def __str__(self) -> str:
        return f"{self.title}（{self.detail}）" if self.detail else self.title


class PurposeForm(forms.Form):
    purpose = forms.ChoiceField(
        label="打开来做什么",
        choices=list(PURPOSES.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "选一项用途", "invalid_choice": "从列出的用途中选一项"},
    )
    detail = forms.CharField(
        label="具体说明",
        required=False,
        min_length=LEAST,
        max_length=MOST,
        help_text="选“其他用途”的必须写。会记入记录，不要写姓名和号码",
        error_messages={
            "min_length": f"写具体些，至少 {LEAST} 个字",
            "max_length": f"最多 {MOST} 个字，现在 %(show_value)d 个",
        },
    )

    def clean_detail(self) -> str:
        detail = str(self.cleaned_data["detail"]).strip()
        if found := found_in(detail):
            raise forms.ValidationError(f"这里有{found}，记录里不能写。删去后再打开")
        return detail

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("purpose") == OTHER and not (
            self.cleaned_data.get("detail") or self.has_error("detail")
        ):
            self.add_error("detail", "写明做什么用")
        return self.cleaned_data

    def chosen(self) -> Purpose:
        titles = dict(self.fields["purpose"].choices)  # type: ignore[attr-defined]
        return Purpose(titles[self.cleaned_data["purpose"]], self.cleaned_data["detail"])


# Shows the question, with the status of the answer. Records the opening; a ValidationError says why its words cannot be.
Page = Callable[[PurposeForm, int], HttpResponseBase]
Record = Callable[[Purpose], object]


def open_for_purpose(
    request: HttpRequest, stored: StoredFile, *, page: Page, record: Record, at: datetime
) -> HttpResponseBase:
    """Whoever calls has asked whether this person may. No byte leaves before the opening is recorded."""
    serving.refuse_removed(stored)
    if request.method != "POST":
        return page(PurposeForm(), 200)
    form = PurposeForm(request.POST)
    if not form.is_valid():
        return page(form, WRONG)
    purpose = form.chosen()
    try:
        made = _copy(stored, purpose, request.user, at)
        record(purpose)
    except forms.ValidationError as wrong:
        form.add_error("detail", wrong)
        return page(form, WRONG)
    return serving.copy(stored, made)


def marked_copy(stored: StoredFile, purpose: Purpose, by: Any, at: datetime) -> bytes:
    """The one way in which somebody of the office gets a sensitive file. Whoever calls has asked whether he may, and records
    that it was opened before any byte leaves. Raises CannotBeMarked, FileNotFoundError, KeyMissing or Altered."""
    return watermark.marked(stored, f"{by.display_name}　{words.full_moment(at)}　{purpose.title}")


def _copy(stored: StoredFile, purpose: Purpose, by: Any, at: datetime) -> bytes:
    try:
        return marked_copy(stored, purpose, by, at)
    except watermark.CannotBeMarked as why:
        raise Http404(str(why)) from None
    except (FileNotFoundError, KeyMissing):
        serving.download(stored)  # says what is missing
        raise
