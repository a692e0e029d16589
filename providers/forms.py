from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from providers import credit_code
from providers.models import Organisation, Succession, Termination
from records import clock, personal
from records.fields import LongText

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


def _refuse_personal(text: str) -> str:
    if found := personal.find(text):
        raise forms.ValidationError(f"这里别人也看得到，不能有{found[0].kind}。删去后再保存")
    return text


def _of_code(typed: str) -> Organisation:
    """Raises ValidationError where the code is none or nobody here has it."""
    code = credit_code.normalise(typed)
    if wrong := credit_code.problem(code):
        raise forms.ValidationError(wrong)
    found = Organisation.objects.filter(credit_code=code).first()
    if found is None:
        raise forms.ValidationError(f"系统里没有代码为 {code} 的单位。核对代码；入库或作过合作伙伴的单位才有")
    return found


def _past(day: date) -> date:
    if day > timezone.localtime(clock.now()).date():
        raise forms.ValidationError("这一天还没到：生效以后再登记")
    return day


class SuccessionForm(forms.ModelForm):
    """Who goes on as whom; both ends are known to the site, one of them to whoever writes."""

    known: QuerySet[Organisation]

    predecessor_code = forms.CharField(
        label="原单位信用代码",
        widget=forms.TextInput(attrs={"size": credit_code.LENGTH + 4}),
        error_messages={"required": "写原单位的信用代码"},
    )
    successor_code = forms.CharField(
        label="承继单位信用代码",
        widget=forms.TextInput(attrs={"size": credit_code.LENGTH + 4}),
        error_messages={"required": "写承继单位的信用代码"},
    )
    evidence = LongText(
        label="凭什么认定",
        max_length=300,
        rows=3,
        help_text="如登记机关的变更通知书编号、合并公告的日期，不超过 300 字",
        error_messages={"required": "写明凭什么认定"},
    )

    class Meta:
        model = Succession
        fields = ("kind", "day")
        help_texts = {"day": "登记机关核准或公告的日期"}

    def clean_predecessor_code(self) -> Organisation:
        return _of_code(self.cleaned_data["predecessor_code"])

    def clean_successor_code(self) -> Organisation:
        return _of_code(self.cleaned_data["successor_code"])

    def clean_day(self) -> date:
        return _past(self.cleaned_data["day"])

    def clean_evidence(self) -> str:
        return _refuse_personal(self.cleaned_data["evidence"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        ends = [one for name in ("predecessor_code", "successor_code") if (one := cleaned.get(name))]
        if len(ends) < 2:
            return cleaned
        if why := self._why_not(*ends):
            raise forms.ValidationError(why)
        self.instance.predecessor, self.instance.successor = ends  # what the admin calls the row
        return cleaned

    def _why_not(self, predecessor: Organisation, successor: Organisation) -> str:
        if predecessor == successor:
            return "两个代码是同一家单位：更名而代码不变的，不用在这里登记"
        if not self.known.filter(pk__in=[predecessor.pk, successor.pk]).exists():
            return "两家都不在您办理的项目里：由它们所在项目的经办人登记"
        standing = Succession.objects.filter(
            predecessor=predecessor, successor=successor, lifted_at__isnull=True
        )
        return "这两家已经登记过。登记有误的，先撤销那一条" if standing.exists() else ""

    def facts(self) -> dict[str, Any]:
        """What is recorded, as `lineage.record` takes it."""
        given = self.cleaned_data
        ends = {"predecessor": given["predecessor_code"], "successor": given["successor_code"]}
        return ends | {name: given[name] for name in ("kind", "day", "evidence")}


class LiftForm(forms.ModelForm):
    """The admin says of which model."""

    lifted_reason = LongText(
        label="撤销这条登记的理由",
        max_length=500,
        rows=3,
        help_text="登记有误才撤销；撤销以后，禁止再次申请不再随它走。不超过 500 字",
        error_messages={"required": "写明为什么撤销"},
    )

    class Meta:
        fields = ("lifted_reason",)

    def clean_lifted_reason(self) -> str:
        return _refuse_personal(self.cleaned_data["lifted_reason"])


class TerminationForm(forms.ModelForm):
    """That an organisation has ended, of those that are known to whoever writes."""

    known: QuerySet[Organisation]

    code = forms.CharField(
        label="信用代码",
        widget=forms.TextInput(attrs={"size": credit_code.LENGTH + 4}),
        error_messages={"required": "写单位的信用代码"},
    )
    evidence = LongText(
        label="凭什么认定",
        max_length=300,
        rows=3,
        help_text="如企业信用信息公示系统的查询日期和登记状态，不超过 300 字",
        error_messages={"required": "写明凭什么认定"},
    )

    class Meta:
        model = Termination
        fields = ("kind", "day")
        help_texts = {"day": "登记机关核准注销、吊销或者终止的日期"}

    def clean_code(self) -> Organisation:
        found = _of_code(self.cleaned_data["code"])
        if not self.known.filter(pk=found.pk).exists():
            raise forms.ValidationError("这家不在您办理的项目里：由它所在项目的经办人登记")
        if found.terminations.filter(lifted_at__isnull=True).exists():
            raise forms.ValidationError("这家已经登记过。登记有误的，先撤销那一条")
        self.instance.organisation = found  # what the admin calls the row
        return found

    def clean_day(self) -> date:
        return _past(self.cleaned_data["day"])

    def clean_evidence(self) -> str:
        return _refuse_personal(self.cleaned_data["evidence"])

    def facts(self) -> dict[str, Any]:
        """What is recorded, as `terminations.record` takes it."""
        given = self.cleaned_data
        return {"organisation": given["code"]} | {name: given[name] for name in ("kind", "day", "evidence")}


class LiftTerminationForm(LiftForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if reason := self.fields.get("lifted_reason"):  # not there for whoever may only look
            reason.help_text = "登记有误才撤销；已经据此立案的，在那件里处理。不超过 500 字"
