from typing import Any

from django import forms

from cases.operations.forms import public, too_long
from changes import offered
from cities.models import Procedure
from providers.operations import Action
from records.fields import LongText


class ChangeForm(forms.Form):
    """What is written in words. Nothing is required here: a draft is kept incomplete, submission says what is missing."""

    reason = LongText(
        label="变更的具体原因",
        required=False,
        max_length=3000,
        error_messages=too_long("变更原因", 3000),
    )
    explanation = LongText(
        label="对原则上不符之处的说明",
        required=False,
        max_length=1000,
        rows=3,
        help_text="查验结果里有“原则上”不符的，在这里写明理由，由审定人决定是否同意；没有的不用写。不超过 1000 字",
        error_messages=too_long("说明", 1000),
    )
    truthful = forms.BooleanField(label="所填内容和所附材料真实、完整，与盖章原件一致。", required=False)
    # What the words were when the page was opened: two windows must not overwrite one another without a word.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, procedure: Procedure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        may_end = Action.END_PARTNER in offered.actions(procedure)
        asked = "" if offered.reason_asked_by(procedure) else "条文没有要求，可以不写。"
        examples = f"{'甲公司自愿退出；' if may_end else ''}为某行业补充某项能力"
        self.fields[
            "reason"
        ].help_text = f"{asked}写明为什么变、涉及哪几家，不超过 3000 字。例如：{examples}。会公示，不要写个人电话和证件号码"

    def clean_reason(self) -> str:
        return public(self.cleaned_data["reason"])
