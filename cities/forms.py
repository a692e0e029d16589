from datetime import date

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)
OUT_OF_REACH = "能查 2000年 至 2099年 的规则，换一天"


class DayForm(forms.Form):
    """On which day's rules; left out where none is asked for."""

    day = forms.DateField(
        label="看哪一天有效的规则",
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        validators=[MinValueValidator(FIRST, OUT_OF_REACH), MaxValueValidator(LAST, OUT_OF_REACH)],
        error_messages={"invalid": "日期写成 2026-09-17 这样的年-月-日"},
    )
