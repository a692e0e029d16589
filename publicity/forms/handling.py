"""What the desk writes on an objection, one form for each thing that can be done with it."""

from datetime import date
from typing import Any

from django import forms

from publicity.models import Objection
from publicity.stage import sends_back_to
from records import personal
from records.fields import LongText

MOST = 400


class HandlingForm(forms.Form):
    """`act` names it in the posted form; `label` is its button."""

    act: str
    label: str
    note = ""

    def __init__(self, *args: Any, objection: Objection, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{self.act}-%s")
        super().__init__(*args, **kwargs)
        self.objection = objection

    def clean_words(self) -> str:
        """Others than the desk read it. That nothing in it tells who objected, the steps see to."""
        words = str(self.cleaned_data["words"])
        if found := personal.found_in(words):
            raise forms.ValidationError(f"这里有{found}，删去后再提交")
        return words


def _words(label: str, help_text: str, *, required: bool = True) -> LongText:
    return LongText(
        label=label,
        rows=4,
        max_length=MOST,
        required=required,
        help_text=f"{help_text}，不超过 {MOST} 字",
        error_messages={
            "required": f"写明{label}，不能留空",
            "max_length": f"{label}不超过 {MOST} 字，现在 %(show_value)d 字",
        },
    )


class AcceptForm(HandlingForm):
    act, label = "accept", "受理"
    note = "署了真实姓名、留了联系方式、有具体事实的，受理后核实。受理不等于成立。"


class NotAcceptForm(HandlingForm):
    act, label = "not_accept", "不予受理"
    note = "不予受理的，本件不再因它暂缓。原因告知提出人：留了邮箱的，系统写信。"

    refusal = forms.ChoiceField(
        label="为什么不予受理",
        choices=Objection.Refusal.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "选原因", "invalid_choice": "选列出的原因"},
    )
    words = _words("具体说明", "写明事实，会告知提出人")


class NoteForm(HandlingForm):
    act, label = "note", "登记核实"
    note = "可以登记多次。只给经办人和审计看。"

    words = _words("核实情况", "找谁核实、看了什么、查明什么，不写提出人是谁")


class ConcludeForm(HandlingForm):
    act, label = "conclude", "作出结论"

    conclusion = forms.ChoiceField(
        label="结论",
        choices=[
            ("dismissed", "不成立，继续办理"),
            ("upheld_in_part", "部分成立"),
            ("upheld", "成立"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "选结论", "invalid_choice": "选列出的结论"},
    )
    words = _words(
        "处理意见",
        "写明核实情况和依据；部分成立的写明哪一部分。告知提出人，成立的也告知申请单位，不写提出人是谁",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        desk = sends_back_to(self.objection.item.period.stage)
        self.note = f"成立和部分成立的，退回{desk}，这次公示的内容不再发布；改后再次公示。"
        self.fields["conclusion"].choices = [  # type: ignore[attr-defined]
            ("dismissed", "不成立，继续办理"),
            ("upheld_in_part", f"部分成立，退回{desk}"),
            ("upheld", f"成立，退回{desk}"),
        ]
        if self.objection.edition_id:
            self.note = "名单已发布。成立和部分成立的，列入“发现的情形”，由经办人立案更正；更正以前名单不变。"
            self.fields["conclusion"].choices = [  # type: ignore[attr-defined]
                ("dismissed", "不成立，名单不变"),
                ("upheld_in_part", "部分成立，名单需要更正"),
                ("upheld", "成立，名单需要更正"),
            ]


class TellForm(HandlingForm):
    act, label = "tell", "登记告知"
    note = "用电话、邮寄或当面告知以后登记：怎样告知、哪一天。信寄到的，系统登记。"

    how = forms.ChoiceField(
        label="怎样告知",
        choices=Objection.Told.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "选告知方式", "invalid_choice": "选列出的方式"},
    )
    on = forms.DateField(
        label="告知日期",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "写明哪一天告知", "invalid": "日期写成 2026-09-17 这样"},
    )
    words = _words("备注", "如文号、签收情况，不写提出人是谁", required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today
