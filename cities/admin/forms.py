"""What staff fill in on a rulebook's pages."""

from collections.abc import Sequence
from typing import Any

from django import forms

from cities.models import Rulebook
from cities.rulebooks import standing
from records import clock
from records.fields import DATE_INVALID, LongText
from records.words import full_day

LARGEST_FILE = 2 * 1024 * 1024
LONGEST_REASON = Rulebook._meta.get_field("change_reason").max_length

EDITED_IN_DRAFT = (
    "title",
    "short_title",
    "document_number",
    "issuers",
    "issued_on",
    "effective_from",
    "effective_to",
    "ends_on_event",
    "validity_article",
    "effective_article",
    "consulted_from",
    "consulted_to",
    "moves_open_cases",
    "rules",
    "interpretations",
)


class DraftForm(forms.ModelForm[Any]):
    class Meta:
        model = Rulebook
        fields = EDITED_IN_DRAFT

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        begins, ends = cleaned.get("effective_from"), cleaned.get("effective_to")
        if begins and ends and ends < begins:
            self.add_error("effective_to", "有效期早于施行日期：写施行当日或之后的一天")
        return cleaned


class EndForm(forms.ModelForm[Any]):
    """The one thing of a published rulebook that staff may record, and why."""

    event = forms.CharField(
        label="发生了什么",
        required=False,
        max_length=200,
        help_text="改有效期时必写，清空也一样：哪一天、什么事、依据哪份文件。会记入事件，不能修改。",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    confirm = forms.BooleanField(
        label="我知道那天之后提交的申请都不该受理",
        required=False,
        help_text="有效期的最后一天已经过去时必须勾选。已经受理的申请不会自动处理，要由主管部门逐件处理。",
    )

    class Meta:
        model = Rulebook
        fields = ("effective_to",)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "effective_to" not in self.changed_data or "effective_to" not in cleaned:
            return cleaned
        if not cleaned.get("event", "").strip():
            self.add_error("event", "改了有效期，写明发生了什么、依据哪份文件，不能留空")
        ends_on = cleaned["effective_to"]
        if ends_on and ends_on < clock.today() and not cleaned.get("confirm"):
            self.add_error(
                "confirm",
                f"{full_day(ends_on)} 已经过去，那天之后提交的申请都不该受理。核对日期，没有写错就勾选这一项",
            )
        if why := standing.why_not_end(self.instance, ends_on):
            self.add_error("effective_to", why)
        return cleaned


def labels(form: forms.BaseForm) -> list[str]:
    """What was changed in a form, as the page calls it."""
    return [str(form.fields[name].label) for name in form.changed_data]


def day_field(help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label="施行日期",
        help_text=help_text,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": "写明从哪一天起施行", "invalid": DATE_INVALID},
    )


def reason_field(label: str, missing: str, help_text: str = "") -> LongText:
    return LongText(
        label=label,
        help_text=help_text,
        rows=3,
        max_length=LONGEST_REASON,
        error_messages={
            "required": missing,
            "max_length": "最多 %(limit_value)d 个字，现在有 %(show_value)d 个",
        },
    )


class CopyForm(forms.Form):
    change = forms.ChoiceField(
        label="为什么另立一版",
        widget=forms.RadioSelect,
        choices=[
            (Rulebook.Change.AMENDMENT, "修订：条文改了。在办的事项仍按原来的版本办，除非新条文另有规定"),
            (Rulebook.Change.CORRECTION, "更正：条文没有改，是我们录错了。从发布当日或之后起施行"),
        ],
        error_messages={"required": "选修订或者更正", "invalid_choice": "选修订或者更正"},
    )
    reason = reason_field("原因", "写明改了什么、依据哪份文件，不能留空", "改了什么、依据哪份文件")


class AdoptForm(forms.Form):
    effective_from = day_field("正式文本从哪一天起施行。可以是以后的一天，到那天才有效。")
    reason = reason_field(
        "依据", "写明依据哪份文件或哪次会议，不能留空", "哪一天、哪份文件。只作演示的，也这样写明。"
    )


class ReplaceForm(forms.Form):
    file = forms.FileField(
        label="规则文件（YAML）",
        help_text="可以先下载这份草稿的文件，改好再传。有一处错就什么都不改。",
        error_messages={"required": "选一个文件", "empty": "文件是空的"},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError("文件太大，不像是规则文件：最大 2 MB")
        return file


class DiscardForm(forms.Form):
    reason = reason_field("为什么放弃", "写明为什么放弃，不能留空")


class PublishForm(forms.Form):
    effective_from = day_field("从这一天起有效；前一版到它的前一天为止。写以后的一天，到那天才有效。")
    confirm = forms.BooleanField(
        label="我知道它从过去的一天起有效",
        required=False,
        help_text="施行日期已经过去时必须勾选。那天之后提交的事项，已按原来的版本受理的仍按那一版。",
    )

    def __init__(self, *args: Any, again: Sequence[str] = (), **kwargs: Any) -> None:
        """`again`: readings that were written of a text for comment, which somebody has to have read again."""
        super().__init__(*args, **kwargs)
        if again:
            self.fields["read_again"] = forms.BooleanField(
                label="上面的理解逐条看过，对正式文本仍然成立",
                error_messages={
                    "required": f"还有 {len(again)} 条理解写的是征求意见稿：逐条看过再发布，不成立的退回改写"
                },
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        begins = cleaned.get("effective_from")
        if begins and begins < clock.today() and not cleaned.get("confirm"):
            self.add_error(
                "confirm",
                f"{full_day(begins)} 已经过去。核对日期，没有写错就勾选“我知道它从过去的一天起有效”",
            )
        return cleaned
