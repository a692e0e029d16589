from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from cities.models import Programme
from notices import codes
from notices.acts import MOST_MEGABYTES

MOST_TYPED = 60


class SearchForm(forms.Form):
    q = forms.CharField(label="标题、文号、正文、单位", required=False, max_length=MOST_TYPED)
    programme = forms.ModelChoiceField(
        label="项目",
        queryset=Programme.objects.select_related("city"),
        to_field_name="slug",
        required=False,
        empty_label="全部项目",
        error_messages={"invalid_choice": "没有这个项目，从列表里选"},
    )


class VerifyForm(forms.Form):
    """Looks a code up, holds a file against what was issued, or both against one another."""

    code = forms.CharField(
        label="查验码",
        required=False,
        max_length=MOST_TYPED,
        help_text="印在文书第一页的左下角，10 位，不分大小写",
    )
    file = forms.FileField(
        label="PDF 文件",
        required=False,
        help_text=f"从本平台下载的文件，或者登记过的盖章扫描件，不超过 {MOST_MEGABYTES} MB；只比对，不保存",
        error_messages={"empty": "这是空文件，重新选择"},
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,application/pdf"}),
    )

    def clean_code(self) -> str:
        typed = str(self.cleaned_data["code"])
        code = codes.read(typed)
        if typed.strip() and len(code) != codes.LENGTH:
            raise forms.ValidationError(
                f"查验码是 {codes.LENGTH} 位字母和数字，现在是 {len(code)} 位。对照文书再填"
            )
        return code

    def clean_file(self) -> UploadedFile | None:
        file: UploadedFile | None = self.cleaned_data["file"]
        if file and (file.size or 0) > MOST_MEGABYTES * 1024 * 1024:
            raise forms.ValidationError(
                f"文件超过 {MOST_MEGABYTES} MB。这里发出的文书没有这么大，核对是不是选错了"
            )
        return file

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not self.errors and not found.get("code") and not found.get("file"):
            self.add_error("code", "填查验码，或者选一个 PDF 文件")
        return found
