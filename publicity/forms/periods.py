from collections.abc import Sequence
from typing import Any, cast

from django import forms

from cities.models import Programme
from records import personal
from records.fields import LongText


class BoardFilter(forms.Form):
    """Which programmes the board is about. Both choices are always those of rows."""

    city = forms.ChoiceField(label="城市", required=False)
    programme = forms.ChoiceField(label="项目", required=False)

    def __init__(self, *args: Any, programmes: Sequence[Programme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programmes = programmes
        cities = {programme.city.slug: programme.city.name for programme in programmes}
        self._offer("city", [("", "全部城市"), *cities.items()])
        self._offer("programme", [("", "全部项目"), *((row.slug, str(row)) for row in programmes)])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = cast(forms.ChoiceField, self.fields[name])
        field.choices = choices
        field.error_messages["invalid_choice"] = "没有“%(value)s”，从列表中选一个"

    def clean(self) -> dict[str, Any]:
        city, slug = self.cleaned_data.get("city"), self.cleaned_data.get("programme")
        for programme in self.programmes:
            if city and slug == programme.slug and programme.city.slug != city:
                self.add_error("programme", f"{programme}不属于所选的城市，换一个项目，或者选全部城市")
        return self.cleaned_data

    def chosen(self) -> list[int] | None:
        """Keys of the programmes asked for; None is all of them."""
        city, slug = self.cleaned_data.get("city"), self.cleaned_data.get("programme")
        if not city and not slug:
            return None
        return [
            row.pk
            for row in self.programmes
            if (not city or row.city.slug == city) and (not slug or row.slug == slug)
        ]


class ElsewhereForm(forms.Form):
    """Where and since when another platform shows a case."""

    url = forms.URLField(
        label="公示页的地址",
        max_length=300,
        assume_scheme="https",
        help_text="外部平台上这次公示的网页，会公开",
        error_messages={
            "required": "写明公示页的地址，公众要从这里看到",
            "invalid": "这不是网址：从浏览器地址栏复制，以 https:// 开头",
            "max_length": "网址不超过 300 个字符，现在 %(show_value)d 个",
        },
    )
    started_on = forms.DateField(
        label="开始公示的日期",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="外部平台上发布的那一天",
        error_messages={"required": "写明哪一天开始公示", "invalid": "日期写成 2026-09-17 这样"},
    )


class BatchForm(forms.Form):
    """How a batch is shown where some of it is not ready."""

    without_rest = forms.BooleanField(
        label="只公示准备好的",
        required=False,
        help_text="没有准备好的分出新批次，以后另行公示。不勾的，有一件没有准备好就都不公示",
    )

    def __init__(self, *args: Any, unready: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unready = unready

    def clean_without_rest(self) -> bool:
        """Asked before the worker is: with a case at an earlier desk it can only refuse."""
        without_rest = bool(self.cleaned_data["without_rest"])
        if self.unready and not without_rest:
            raise forms.ValidationError(
                f"还有 {self.unready} 件没有审定，不能整批公示：勾选这一项，只公示准备好的；或者等审定以后再开始"
            )
        return without_rest


class BatchElsewhereForm(ElsewhereForm, BatchForm):
    pass


class TakeDownForm(forms.Form):
    reason = LongText(
        label="撤下的原因",
        rows=3,
        max_length=300,
        help_text="会在公示页公开，不超过 300 字",
        error_messages={
            "required": "写明撤下的原因，不能留空",
            "max_length": "原因不超过 300 字，现在 %(show_value)d 字",
        },
    )

    def clean_reason(self) -> str:
        reason = str(self.cleaned_data["reason"])
        if found := personal.found_in(reason):
            raise forms.ValidationError(
                f"原因会公开，不能有{found}（{personal.NO_DISCLOSURE}）。删去后再提交"
            )
        return reason


class SendBackForm(forms.Form):
    reason = LongText(
        label="退回的原因",
        rows=3,
        max_length=400,
        help_text="写明要改什么，给审定人看，不超过 400 字",
        error_messages={
            "required": "写明退回的原因，不能留空",
            "max_length": "原因不超过 400 字，现在 %(show_value)d 字",
        },
    )
