"""What is filled in when the office has decided something, a form per kind of matter."""

from datetime import date
from typing import Any

from django import forms

from cities import decisions
from cities.calendar.spans import MOST_DAYS
from cities.decisions import Matter, retention
from cities.decisions.values import Decided
from cities.models import CountingRule, OfficeDecision
from cities.models.decision import KEEP_SENSITIVE
from records import clock
from records.fields import DATE_INVALID, LongText
from records.words import full_day

LONGEST = OfficeDecision._meta.get_field("wording").max_length or 0
HIGHEST_MARK = 32767  # what the column holds
TOO_LONG = "最多 %(limit_value)d 个字，现在有 %(show_value)d 个"
PICK = "选一项"


def _day(label: str, missing: str, help_text: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": missing, "invalid": DATE_INVALID},
    )


def _picked(label: str, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"required": PICK, "invalid_choice": PICK},
    )


class DecisionForm(forms.Form):
    """`decided` is what a matter's own fields come to: the row's columns, and the words."""

    basis = LongText(
        label="依据",
        help_text="哪份文件或哪次会议。会公开。",
        rows=2,
        max_length=LONGEST,
        error_messages={"required": "写明依据的文件或会议，不能留空", "max_length": TOO_LONG},
    )
    decided_on = _day("确定日期", "写明是哪一天确定的", "文件或会议的日期。")
    effective_from = _day("自哪一天起", "写明自哪一天起生效", "确定当日或之后；确认以前办的事不受影响。")

    def __init__(self, matter: Matter, data: Any = None) -> None:
        super().__init__(data)
        self.matter = matter
        own = [name for name in self.fields if name not in DecisionForm.base_fields]
        self.order_fields([*own, *DecisionForm.base_fields])

    def clean_decided_on(self) -> date:
        day: date = self.cleaned_data["decided_on"]
        if day > clock.today():
            raise forms.ValidationError(f"{full_day(day)} 还没有到：写已经确定的日期")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        decided, begins = cleaned.get("decided_on"), cleaned.get("effective_from")
        if decided and begins and begins < decided:
            self.add_error("effective_from", f"不能早于确定的日期 {full_day(decided)}")
        return cleaned

    def decided(self) -> Decided:
        raise NotImplementedError


class SpanForm(DecisionForm):
    number = forms.IntegerField(
        label="多少",
        min_value=1,
        max_value=MOST_DAYS,
        error_messages={
            "required": "写明多少天",
            "invalid": "写一个整数",
            "min_value": "写 1 以上的整数",
            "max_value": f"最多 {MOST_DAYS}",
        },
    )
    unit = _picked("单位", CountingRule.Unit.choices)
    first_day = _picked("从哪一天起算", CountingRule.FirstDay.choices)
    roll = _picked("最后一天遇休息日", CountingRule.Roll.choices)
    closing_hour = forms.TimeField(
        label="最后一天几点截止",
        help_text="不写就是 24:00。",
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": "时刻写成 17:30 这样"},
    )

    def decided(self) -> Decided:
        told = self.cleaned_data
        names = ("number", "unit", "first_day", "roll", "closing_hour")
        return decisions.span_value(**{name: told[name] for name in names})


class MarkForm(DecisionForm):
    number = forms.IntegerField(
        label="多少分达标",
        min_value=1,
        error_messages={
            "required": "写明多少分",
            "invalid": "写一个整数",
            "min_value": "写 1 以上的整数",
        },
    )

    def clean_number(self) -> int:
        number: int = self.cleaned_data["number"]
        highest = self.matter.highest or HIGHEST_MARK
        if number > highest:
            raise forms.ValidationError(
                f"不能超过满分 {highest} 分" if self.matter.highest else f"最多 {highest}"
            )
        return number

    def decided(self) -> Decided:
        return decisions.mark_value(self.cleaned_data["number"])


class KeepForm(DecisionForm):
    number = forms.IntegerField(
        label="办结后保存多少天",
        help_text="自然日。到期由系统删除文件，文件名、指纹和删除记录保留。",
        min_value=1,
        max_value=MOST_DAYS,
        error_messages={
            "required": "写明多少天",
            "invalid": "写一个整数",
            "min_value": "写 1 以上的整数",
            "max_value": f"最多 {MOST_DAYS}",
        },
    )

    def decided(self) -> Decided:
        return retention.keep_value(self.cleaned_data["number"])


class TextForm(DecisionForm):
    text = LongText(
        label="确定为",
        help_text="写清楚，会公开。平台记录并显示，由人照此办理。",
        rows=3,
        max_length=LONGEST - 2,  # it is quoted
        error_messages={"required": "写明确定了什么，不能留空", "max_length": TOO_LONG},
    )

    def decided(self) -> Decided:
        return decisions.text_value(self.cleaned_data["text"].strip())


class ReadingForm(DecisionForm):
    reading = _picked("怎么理解", ())

    def __init__(self, matter: Matter, data: Any = None) -> None:
        super().__init__(matter, data)
        choices = [(one, f"{one}（{_effect(matter, one)}）") for one in matter.choices]
        self.fields["reading"].choices = choices  # type: ignore[attr-defined]

    def decided(self) -> Decided:
        return decisions.chosen(self.matter, self.cleaned_data["reading"])


def _effect(matter: Matter, reading: str) -> str:
    if reading == matter.reading:
        return "我们的理解，平台现在就这样办"
    if decisions.is_carried_out(matter, reading):
        return "确认后到了那一天就照此办理"
    why = decisions.why_not(matter, reading)
    return "只作记录，等下一版规则照此办理" + (f"；{why}" if why else "")


def form_for(matter: Matter) -> type[DecisionForm]:
    if not matter.is_value:
        return ReadingForm
    return {"span": SpanForm, "pass_mark": MarkForm, KEEP_SENSITIVE: KeepForm}.get(matter.name, TextForm)


class DeclineForm(forms.Form):
    because = LongText(
        label="退回原因",
        rows=2,
        max_length=OfficeDecision._meta.get_field("declined_because").max_length,
        error_messages={"required": "写明为什么退回，不能留空", "max_length": TOO_LONG},
    )
