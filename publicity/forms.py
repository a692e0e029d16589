import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django import forms

from cities.models import Programme
from publicity import evidence
from publicity.models import Objection
from records import files, personal
from records.fields import LongText
from records.models import StoredFile

LEAST_MATTER = 10
MOST_MATTER = 5000
# What records.personal calls it.
IDENTITY = "身份证号码"
# `contact` is where a telephone belongs.
TEXTS = ("name", "contact_person", "matter")
REACHABLE = re.compile(r"\d{7}|[^@\s]+@[^@\s]+\.[^@\s]+")


def personal_number(text: str) -> str:
    """What personal number a text holds, also written wide or in groups; empty where it holds none."""
    plain = unicodedata.normalize("NFKC", text)
    return personal.found_in(plain) or personal.found_in(re.sub(r"(?<=\d)[\s-]+(?=[\dXx])", "", plain))


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


class ObjectionFields(forms.Form):
    """What an objection says, online or on paper. `stored` is the evidence there already is."""

    needs_sealed_paper = False

    item = forms.ChoiceField(
        label="对哪一件有异议",
        error_messages={"required": "选一件", "invalid_choice": "这次公示没有这一件，从列表中选"},
    )
    person = forms.ChoiceField(
        label="以什么身份提出",
        choices=[
            (Objection.Person.INDIVIDUAL, "个人：署真实姓名，留联系方式"),
            (Objection.Person.ORGANISATION, "单位：写单位全称和联系人，附加盖公章的书面材料"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "选个人或单位", "invalid_choice": "选个人或单位"},
    )
    name = forms.CharField(
        label="姓名或单位全称",
        min_length=2,
        max_length=120,
        error_messages={
            "required": "写明真实姓名或单位全称，匿名的不受理",
            "min_length": "写明真实姓名或单位全称",
            "max_length": "姓名或单位全称不超过 120 字，现在 %(show_value)d 字",
        },
    )
    contact_person = forms.CharField(
        label="联系人",
        required=False,
        max_length=60,
        help_text="单位提出的填写",
        error_messages={"max_length": "联系人不超过 60 字，现在 %(show_value)d 字"},
    )
    contact = forms.CharField(
        label="电话或邮箱",
        max_length=120,
        help_text="只用于核实，不公开，不告知被异议单位",
        error_messages={
            "required": "留电话或邮箱，核实时联系",
            "max_length": "电话或邮箱不超过 120 字，现在 %(show_value)d 字",
        },
    )
    matter = LongText(
        label="事实与理由",
        rows=6,
        min_length=LEAST_MATTER,
        max_length=MOST_MATTER,
        help_text="写明时间、事项和依据。不要写身份证号码和手机号码",
        error_messages={
            "required": "写明具体事项和理由，不能留空",
            "min_length": f"事实与理由至少 {LEAST_MATTER} 个字，现在 %(show_value)d 个：写明时间、事项和依据",
            "max_length": f"事实与理由不超过 {MOST_MATTER} 字，现在 %(show_value)d 字：其余写进证明材料",
        },
    )
    evidence = forms.FileField(
        label="证明材料",
        required=False,
        help_text=files.wording(evidence.KINDS, evidence.MAX_MEGABYTES),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
        error_messages={"empty": "这是空文件，重新选择", "invalid": "文件没有传上来，重新选择"},
    )

    def __init__(
        self,
        *args: Any,
        items: Sequence[tuple[str, str]],
        stored: StoredFile | None = None,
        why_not_stored: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.stored, self.why_not_stored = stored, why_not_stored
        field = cast(forms.ChoiceField, self.fields["item"])
        field.choices = list(items)
        if len(items) == 1:
            field.widget, field.initial = forms.HiddenInput(), items[0][0]

    @property
    def kept(self) -> str:
        return evidence.token(self.stored) if self.stored else ""

    def clean(self) -> dict[str, Any]:
        if self.why_not_stored and not self.has_error("evidence"):
            self.add_error("evidence", self.why_not_stored)
        for name in TEXTS:
            if found := personal_number(str(self.cleaned_data.get(name, ""))):
                self.add_error(name, f"这里有{found}。个人信息不要写进来，删去后再提交；要核实身份时另行联系")
        if self.cleaned_data.get("person") == Objection.Person.ORGANISATION:
            self._clean_organisation()
        return self.cleaned_data

    def clean_contact(self) -> str:
        contact = str(self.cleaned_data["contact"])
        if personal_number(contact) == IDENTITY:
            raise forms.ValidationError("这里有身份证号码。只留电话或邮箱")
        if not REACHABLE.search(re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", contact))):
            raise forms.ValidationError("写能联系上的电话（至少 7 位）或邮箱")
        return contact

    def _clean_organisation(self) -> None:
        if not self.cleaned_data.get("contact_person") and not self.has_error("contact_person"):
            self.add_error("contact_person", "单位提出的，写明联系人")
        if self.needs_sealed_paper and self.stored is None and not self.has_error("evidence"):
            self.add_error("evidence", "单位提出的，上传加盖公章的书面材料")

    def what(self) -> dict[str, Any]:
        """For `steps.lodge`."""
        is_organisation = self.cleaned_data["person"] == Objection.Person.ORGANISATION
        return {
            "person": self.cleaned_data["person"],
            "name": self.cleaned_data["name"],
            "contact_person": self.cleaned_data["contact_person"] if is_organisation else "",
            "contact": self.cleaned_data["contact"],
            "matter": self.cleaned_data["matter"],
            "evidence": self.stored,
        }


class ObjectionForm(ObjectionFields):
    """Online. `homepage` is for machines that fill in whatever they find."""

    needs_sealed_paper = True

    homepage = forms.CharField(
        label="此栏不填",
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    field_order = ["item", "person", "name", "contact_person", "contact", "matter", "evidence"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["contact"].widget.attrs["autocomplete"] = "tel"

    def clean_homepage(self) -> str:
        if self.cleaned_data["homepage"]:
            raise forms.ValidationError("“此栏不填”里有内容，是浏览器自动填的话，换一个浏览器再提交")
        return ""


class PaperObjectionForm(ObjectionFields):
    """Entered by staff from a letter; the day it was received decides whether it is in time."""

    received_on = forms.DateField(
        label="收到日期",
        help_text="窗口收到或邮件签收的那一天",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "写明收到书面异议的日期", "invalid": "日期写成 2026-09-17 这样"},
    )

    field_order = ["item", "received_on", "person", "name", "contact_person", "contact", "matter", "evidence"]

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["matter"].help_text = "照书面材料录入要点。不要写身份证号码和手机号码"
        self.fields["evidence"].help_text += "。书面材料的扫描件"

    def clean_received_on(self) -> date:
        day: date = self.cleaned_data["received_on"]
        if day > self.today:
            raise forms.ValidationError("收到日期不能晚于今天")
        return day


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
        if found := personal_number(reason):
            raise forms.ValidationError(f"原因会公开，不能有{found}。删去后再提交")
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


class SettleForm(forms.Form):
    upheld = forms.ChoiceField(
        label="结论",
        choices=[("no", "异议不成立，继续办理"), ("yes", "异议成立，退回审核")],
        widget=forms.RadioSelect,
        error_messages={"required": "选结论", "invalid_choice": "选列出的结论"},
    )
    conclusion = LongText(
        label="处理意见",
        rows=4,
        max_length=400,
        help_text="写明核实情况和依据，不超过 400 字。会告知提出人；成立的也告知申请单位，不写提出人是谁",
        error_messages={
            "required": "写明核实情况和处理意见，不能留空",
            "max_length": "处理意见不超过 400 字，现在 %(show_value)d 字",
        },
    )

    def __init__(self, *args: Any, objection: Objection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.objection = objection

    def clean_conclusion(self) -> str:
        """The applicant reads it: nothing in it may tell who objected."""
        conclusion = str(self.cleaned_data["conclusion"])
        row = self.objection
        if any(said and said in conclusion for said in (row.name, row.contact, row.contact_person)):
            raise forms.ValidationError("处理意见里有提出人的姓名或联系方式。提出人保密，删去后再提交")
        if found := personal_number(conclusion):
            raise forms.ValidationError(f"处理意见里有{found}，删去后再提交")
        return conclusion
