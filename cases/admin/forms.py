"""What staff fill in on the case page and to enter an application from paper."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from cases import checks
from cases.checks import Check
from cases.desk import DeskForm
from cases.errors import Problem
from cases.kinds import Announcing
from cases.meetings import needs_meeting
from cases.models import Case, Decision
from cases.operations.forms import public, too_long
from cases.queries import names_last_day
from cities.models import Outcome, Procedure
from records.fields import DATE_INVALID, LongText, date_input
from records.words import full_day


class DecisionForm(DeskForm):
    """The outcomes of a desk, each with what it leads to; a waiver for every in-principle finding still open; of a
    council its meeting. `demanded` are the outcomes that give a further order, by key, each with what the last one demanded;
    `announcing` those with which it is chosen whether the public is told, each with what is on record of that."""

    outcome = forms.ChoiceField(
        label="结果",
        widget=forms.RadioSelect,
        error_messages={"required": "选一个结果", "invalid_choice": "这个环节没有这个结果，重新选一个"},
    )
    met_on = forms.DateField(
        label="会议日期",
        required=False,
        widget=date_input(),
        help_text="开会的那一天，不早于这件提交的那天",
        error_messages={"invalid": DATE_INVALID},
    )
    minutes = forms.CharField(
        label="纪要编号",
        required=False,
        max_length=Decision._meta.get_field("minutes").max_length,
        error_messages={"max_length": "纪要编号最多 %(limit_value)d 个字，现在有 %(show_value)d 个"},
    )
    named_day = forms.DateField(
        label="到哪一天",
        required=False,
        widget=date_input(),
        error_messages={"invalid": DATE_INVALID},
    )
    demands = LongText(
        label="这次要求单位做什么",
        required=False,
        max_length=2000,
        rows=4,
        error_messages=too_long("要求", 2000),
    )
    announced = forms.TypedChoiceField(
        label="要不要向社会公告",
        required=False,
        widget=forms.RadioSelect,
        choices=[("yes", "公告"), ("no", "不公告，只通知单位")],
        coerce=lambda value: value == "yes",
        empty_value=None,
        error_messages={"invalid_choice": "选公告或者不公告"},
    )
    announced_why = forms.CharField(
        label="公告或者不公告的理由",
        required=False,
        max_length=300,
        help_text="条文没有规定，由主管部门决定：写明由谁决定、为什么",
        error_messages=too_long("理由", 300),
    )
    opinion = forms.CharField(
        label="意见",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": "意见最多 %(limit_value)d 个字，现在有 %(show_value)d 个"},
    )

    def __init__(
        self,
        *args: Any,
        outcomes: list[tuple[Outcome, str]],
        asking: list[Check],
        demanded: Mapping[str, str],
        announcing: Mapping[str, Announcing],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.outcomes, self.asking, self.announcing = outcomes, asking, announcing
        choice = self.fields["outcome"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(outcome.key, outcome.label) for outcome, _ in outcomes]
        self._ask_day([outcome for outcome, _ in outcomes if names_last_day(outcome)])
        self._ask_demands([outcome for outcome, _ in outcomes if outcome.key in demanded], demanded)
        self._ask_announcing([outcome for outcome, _ in outcomes if outcome.key in announcing])
        if not any(needs_meeting(outcome) for outcome, _ in outcomes):
            del self.fields["met_on"], self.fields["minutes"]
        self._ask_waivers(asking)

    def _ask_day(self, naming: list[Outcome]) -> None:
        if not naming:
            del self.fields["named_day"]
            return
        day = self.fields["named_day"]
        day.help_text = f"{_only_with(naming)}填，到这一天 24:00 止"
        if all(outcome.role == Outcome.Role.RETURN for outcome in naming):
            day.label = "补正到哪一天"

    def _ask_demands(self, again: list[Outcome], demanded: Mapping[str, str]) -> None:
        """It begins with the last demands where these are of one order; whoever decides several cases at once writes it."""
        if not again:
            del self.fields["demands"]
            return
        field = self.fields["demands"]
        field.initial = demanded[again[0].key]
        start = "这里先写着上一次的要求，改成这一次的。" if field.initial else ""
        field.help_text = (
            f"{_only_with(again)}写。{start}告知单位，写进文书；不写投诉、举报的人是谁。不超过 2000 字"
        )

    def _ask_announcing(self, choosing: list[Outcome]) -> None:
        """It begins with what is on record."""
        if not choosing:
            del self.fields["announced"], self.fields["announced_why"]
            return
        known = self.announcing[choosing[0].key]
        self.fields["announced"].help_text = f"{_only_with(choosing)}选"
        if known.chosen is not None:
            self.fields["announced"].initial = "yes" if known.chosen else "no"
            self.fields["announced_why"].initial = known.why

    def _ask_waivers(self, asking: list[Check]) -> None:
        for check in asking:
            self.fields[f"waive-{check.key}"] = forms.BooleanField(
                label=f"同意突破：{check.title}",
                required=False,
                help_text=f"只对“{check.value_text}”有效，更差须重新同意",
            )
            self.fields[f"reason-{check.key}"] = forms.CharField(
                label="同意的理由（公示时公开）",
                required=False,
                max_length=500,
                widget=forms.Textarea(attrs={"rows": 2}),
                error_messages={"max_length": "理由最多 %(limit_value)d 个字，现在有 %(show_value)d 个"},
            )

    def clean_demands(self) -> str:
        return public(self.cleaned_data["demands"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for check in self.asking:
            if cleaned.get(f"waive-{check.key}") and not cleaned.get(f"reason-{check.key}"):
                self.add_error(f"reason-{check.key}", "写明同意的理由，不能留空")
        if cleaned.get("outcome") in self.announcing:
            self._need_choice(cleaned)
        else:
            cleaned["announced"] = None
        return cleaned

    def _need_choice(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("announced") is None and "announced" not in self.errors:
            self.add_error("announced", "选公告或者不公告")
        if not (cleaned.get("announced_why") or "").strip() and "announced_why" not in self.errors:
            self.add_error("announced_why", "写明由谁决定、为什么，不能留空")

    def rows(self) -> list[tuple[Any, Outcome, str]]:
        """Each choice of the page with its outcome and hint."""
        return [(option, *row) for option, row in zip(self["outcome"], self.outcomes, strict=True)]

    def waiver_rows(self) -> list[tuple[Check, Any, Any]]:
        return [(check, self[f"waive-{check.key}"], self[f"reason-{check.key}"]) for check in self.asking]

    def place(self, problem: Problem) -> str:
        return f"waive-{problem.field}" if f"waive-{problem.field}" in self.fields else problem.field

    def link(self, problem: Problem) -> str:
        return "#materials" if problem.field == "seals" else "#checks"


def _only_with(outcomes: list[Outcome]) -> str:
    return f"只在“{'”“'.join(outcome.label for outcome in outcomes)}”时"


def open_questions(case: Case, found: list[Check]) -> list[Check]:
    """The in-principle findings that no waiver covers yet."""
    waivers = list(case.waivers.select_related("limit"))
    return [check for check in checks.asking(found) if not checks.is_waived(check, waivers)]


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.display_name)


class AssignForm(DeskForm):
    owner = PersonChoice(
        label="分派给",
        queryset=None,
        empty_label="选一位",
        error_messages={"required": "选一位办理人", "invalid_choice": "选列出的办理人：其他人没有这个角色"},
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = people


class PaperForm(forms.Form):
    """An application that came on paper: which procedure, and the day it was received, from which limits count."""

    procedure: forms.ModelChoiceField = forms.ModelChoiceField(
        label="办什么",
        queryset=None,
        empty_label="选一项",
        error_messages={"required": "选一项", "invalid_choice": "选列出的一项"},
    )
    received_on = forms.DateField(
        label="收到日期",
        widget=date_input(),
        help_text="纸质材料实际收到的那一天。次数和间隔从这一天算",
        error_messages={"required": "写明哪一天收到", "invalid": DATE_INVALID},
    )

    ordered = forms.BooleanField(
        label="这是责令单位作的变更",
        required=False,
        help_text="责令变更算不算申请次数、影不影响间隔，由规则定",
    )

    drop_draft = forms.BooleanField(
        label="删除单位网上的草稿",
        required=False,
        help_text="单位同意不要了才勾选。删除以后不能恢复，会记下是谁删的",
    )

    def __init__(
        self, *args: Any, procedures: Any, today: date, has_draft: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if not has_draft:
            del self.fields["drop_draft"]
        procedure = self.fields["procedure"]
        assert isinstance(procedure, forms.ModelChoiceField)
        procedure.queryset = procedures
        self.today = today

    def clean_received_on(self) -> date:
        day: date = self.cleaned_data["received_on"]
        if day > self.today:
            raise forms.ValidationError(f"收到日期 {full_day(day)} 还没有到，今天是 {full_day(self.today)}")
        return day


def procedures_by_pk(procedures: list[Procedure]) -> Any:
    return Procedure.objects.filter(pk__in=[procedure.pk for procedure in procedures])
