"""What a decider fills in to change a deadline."""

from typing import Any

from django import forms

from cases.deadlines.acts import NO_REASON
from cases.desk import DeskForm
from cities.calendar.spans import MOST_DAYS
from records import personal
from records.fields import DATE_INVALID, LongText, date_input

TOO_LONG = "最多 %(limit_value)d 个字，现在有 %(show_value)d 个"


class WhyForm(DeskForm):
    """Why, and on what basis; both are told to the unit."""

    reason = LongText(
        label="原因",
        rows=2,
        max_length=200,
        help_text="写入经过，单位看得到。不写个人信息",
        error_messages={"required": NO_REASON, "max_length": TOO_LONG},
    )
    article = forms.CharField(
        label="依据",
        required=False,
        max_length=80,
        help_text="条款编号或文号。没有的空着，记为由主管部门决定",
        error_messages={"max_length": TOO_LONG},
    )

    def clean_reason(self) -> str:
        reason = str(self.cleaned_data["reason"])
        if found := personal.found_in(reason):
            raise forms.ValidationError(f"单位看得到原因，不能有{found}。删去后再提交")
        return reason


class ChangeForm(WhyForm):
    """Of the deadline as the page showed it."""

    seen = forms.CharField(widget=forms.HiddenInput)


class ExtendForm(ChangeForm):
    number = forms.IntegerField(
        label="延长多少",
        min_value=1,
        max_value=MOST_DAYS,
        error_messages={
            "required": "写明延长多少",
            "invalid": "写整数，如 10",
            "min_value": "写 1 以上的整数",
            "max_value": f"最多 {MOST_DAYS}",
        },
    )
    field_order = ("number", "reason", "article")


class CorrectForm(ChangeForm):
    day = forms.DateField(
        label="哪一天",
        widget=date_input(),
        error_messages={"required": "写明正确的日期", "invalid": DATE_INVALID},
    )
    field_order = ("day", "reason", "article")

    def __init__(self, *args: Any, label: str = "", hint: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].label, self.fields["day"].help_text = label, hint
