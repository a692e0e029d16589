from typing import Any

from django import forms

DATE_INVALID = "日期写得不对，写成 2026-09-22 这样"


def date_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class LongText(forms.CharField):
    """Text of several lines. The limit is told, not enforced by the browser, which would cut a paste without a word."""

    def __init__(self, *, rows: int = 4, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}
