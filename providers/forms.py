from datetime import date
from typing import Any

from django import forms

LARGEST = 1_000_000


class DayForm(forms.Form):
    """Which day, or which edition, of a list to read; both left out means the present."""

    day = forms.DateField(
        label="查看哪一天的名单",
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": "日期写成 2026-09-17 这样的年-月-日"},
    )
    edition = forms.IntegerField(
        label="版本",
        required=False,
        min_value=1,
        max_value=LARGEST,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), "版本是 1、2、3 这样的数字"),
    )

    def __init__(
        self, *args: Any, first: date | None = None, last: date | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        bounds = {"min": first, "max": last}
        self.fields["day"].widget.attrs.update({key: day.isoformat() for key, day in bounds.items() if day})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("day") and cleaned.get("edition"):
            self.add_error("edition", "日期和版本只用一个：去掉其中之一")
        return cleaned


class ListForm(DayForm):
    """The same, and which units of it."""

    q = forms.CharField(
        label="名称或信用代码",
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search"}),
        error_messages={"max_length": "最多查 60 个字，写短一些"},
    )
    industry = forms.ChoiceField(label="行业", required=False)
    page = forms.IntegerField(
        label="页",
        required=False,
        min_value=1,
        max_value=LARGEST,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), "页码是 1、2、3 这样的数字"),
    )

    def __init__(self, *args: Any, industries: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["industry"]
        choice.choices = [("", "全部行业"), *industries]
        choice.error_messages["invalid_choice"] = "名单里没有这个行业，从列出的行业里选"
