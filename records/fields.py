from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from records import files

DATE_INVALID = "日期写得不对，写成 2026-09-22 这样"


def date_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class LongText(forms.CharField):
    """Text of several lines. The limit is told, not enforced by the browser, which would cut a paste without a word."""

    def __init__(self, *, rows: int = 4, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several uploads at once, as a list. What each of them is, is looked at when it is stored."""

    def __init__(
        self, *, kinds: list[str], max_megabytes: int, most: int, told: str = "", **kwargs: Any
    ) -> None:
        self.most = most
        limits = f"{files.wording(kinds, max_megabytes)}，最多 {most} 个。没有提交成功的要重新选择"
        widget = ManyFiles(attrs={"accept": files.accepted_suffixes(kinds)})
        help_text = "。".join(filter(None, [told, limits]))
        super().__init__(required=False, widget=widget, help_text=help_text, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        uploads = list(data or ())
        if len(uploads) > self.most:
            raise forms.ValidationError(f"最多 {self.most} 个文件，现在 {len(uploads)} 个，合并后再传")
        return uploads
