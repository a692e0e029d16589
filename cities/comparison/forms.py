from datetime import date

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict

from cities.models import Programme

FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)
OUT_OF_REACH = "能查 2000年 至 2099年 的规则，换一天"


class ComparisonForm(forms.Form):
    """Which programmes, all where none is named, and on which day; left out means today."""

    programme = forms.MultipleChoiceField(
        label="比较哪些",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "没有这个项目，从列出的项目里选"},
    )
    day = forms.DateField(
        label="按哪一天的规则",
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        validators=[MinValueValidator(FIRST, OUT_OF_REACH), MaxValueValidator(LAST, OUT_OF_REACH)],
        error_messages={"invalid": "日期写成 2026-09-17 这样的年-月-日"},
    )

    def __init__(self, asked: QueryDict, *, programmes: list[Programme], today: date) -> None:
        """What is not asked is filled in, so that the form says what the page shows."""
        choices = [(one.slug, f"{one.city}{one.name}") for one in programmes]
        data = asked.copy()
        data.setdefault("day", today.isoformat())
        if "programme" not in data:
            data.setlist("programme", [slug for slug, _ in choices])
        super().__init__(data)
        self.today = today
        self.fields["programme"].choices = choices  # type: ignore[attr-defined]

    @property
    def asked_day(self) -> date:
        """Of a form that is valid."""
        return self.cleaned_data["day"] or self.today
