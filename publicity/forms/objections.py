import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast

from django import forms
from django.forms import BoundField

from cities import keys
from publicity import evidence, gate
from publicity.asked import Asked
from publicity.evidence import Papers
from records import files, personal
from records.fields import LongText, ManyFiles

LEAST_MATTER = 10
MOST_MATTER = 5000
PEOPLE = {"individual": "个人", "organisation": "单位"}
# `contact` is where a telephone belongs.
TEXTS = ("name", "employer", "contact_person", "address", "matter")
REACHABLE = re.compile(r"\d{7}|[^@\s]+@[^@\s]+\.[^@\s]+")
CREDIT_CODE = re.compile(r"[0-9A-Z]{18}")


class EvidenceField(forms.FileField):
    """Several uploads at once; `publicity.evidence` has looked at them before the form does."""

    def __init__(self) -> None:
        super().__init__(required=False, widget=ManyFiles)

    def clean(self, data: Any, initial: Any = None) -> None:
        return None


class ObjectionFields(forms.Form):
    """What an objection says, online or on paper. Which of the details there are, the row says (`asked`); `papers` are the
    files that have come in already."""

    needs_papers = False

    item = forms.ChoiceField(
        label="对哪一件有异议",
        error_messages={
            "required": "选一家：对哪一件有异议",
            "invalid_choice": "这次公示没有这一件，从列表中选",
        },
    )
    kind = forms.ChoiceField(
        label="提什么",
        widget=forms.RadioSelect,
        error_messages={"required": "选一种", "invalid_choice": "本次公示不收这一种，从列出的中选"},
    )
    person = forms.ChoiceField(
        label="以什么身份提出",
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
    employer = forms.CharField(max_length=120)
    credit_code = forms.CharField(max_length=18)
    contact_person = forms.CharField(max_length=60)
    contact = forms.CharField(
        label="电话或邮箱",
        max_length=120,
        help_text="只用于核实，不公开，不告知被异议单位",
        error_messages={
            "required": "留电话或邮箱，核实时联系",
            "max_length": "电话或邮箱不超过 120 字，现在 %(show_value)d 字",
        },
    )
    address = forms.CharField(max_length=200)
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
    id_copy = EvidenceField()
    statement = EvidenceField()
    evidence = EvidenceField()

    def __init__(
        self,
        *args: Any,
        items: Sequence[tuple[str, str]],
        asked: Asked,
        papers: Papers | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asked, self.papers = asked, papers or Papers()
        self._offer("item", list(items))
        self._offer("kind", [(kind, keys.OBJECTION_KINDS[kind]) for kind in asked.kinds])
        people = [(person, f"{called}：填写{asked.words(person)}") for person, called in PEOPLE.items()]
        cast(forms.ChoiceField, self.fields["person"]).choices = people
        for key, told in keys.OBJECTION_FIELDS.items():
            if key in asked.fields:
                self._ask(key, told)
            else:
                del self.fields[key]

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = cast(forms.ChoiceField, self.fields[name])
        is_list = name == "item" and len(choices) > 1
        field.choices = [("", "选一家"), *choices] if is_list else choices
        if len(choices) == 1:
            field.widget, field.initial = forms.HiddenInput(), choices[0][0]
            field.required = name == "item"

    def _ask(self, key: str, told: keys.ObjectionField) -> None:
        """Whether it must be there hangs on who writes, so that is asked in `clean`."""
        field = self.fields[key]
        field.label, field.required = told.title, False
        whose = "" if len(told.whose) > 1 else f"{PEOPLE[told.whose[0]]}提出的填写"
        must = "" if key in self.asked.required else "，可以不填" if whose else "可以不填"
        field.help_text = f"{whose}{must}"
        if isinstance(field, forms.FileField):
            most = f"最多 {evidence.most(key)} 个"
            limits = f"{files.wording(evidence.KINDS, evidence.MAX_MEGABYTES)}，{most}"
            field.help_text = "。".join(part for part in (field.help_text, limits) if part)
            field.widget.attrs["accept"] = ".pdf,.jpg,.jpeg,.png"
        elif isinstance(field, forms.CharField):
            field.error_messages["max_length"] = (
                f"{told.title}不超过 {field.max_length} 字，现在 %(show_value)d 字"
            )

    def details(self) -> list[BoundField]:
        """What is asked besides name and contact, of what is typed."""
        return [self[key] for key in self.asked.fields if not keys.OBJECTION_FIELDS[key].is_file]

    def paper_fields(self) -> list[tuple[BoundField, list[tuple[str, Any]]]]:
        """Each field for files with what has come in for it: a token that stands for the file, and the file."""
        kinds = [key for key in self.asked.fields if keys.OBJECTION_FIELDS[key].is_file]
        return [
            (self[kind], [(evidence.token(one), one) for one in self.papers.stored.get(kind, [])])
            for kind in kinds
        ]

    def clean(self) -> dict[str, Any]:
        for kind, why in self.papers.problems.items():
            if kind in self.fields and not self.has_error(kind):
                self.add_error(kind, why)
        for name in TEXTS:
            if found := personal.found_in(str(self.cleaned_data.get(name, ""))):
                self.add_error(name, f"这里有{found}。个人信息不要写进来，删去后再提交；要核实身份时另行联系")
        self._clean_required(self.cleaned_data.get("person") or "")
        return self.cleaned_data

    def _clean_required(self, person: str) -> None:
        for key in self.asked.must(person):
            told = keys.OBJECTION_FIELDS[key]
            if self.has_error(key) or (told.is_file and not self.needs_papers):
                continue
            is_there = self.papers.stored.get(key) if told.is_file else self.cleaned_data.get(key)
            if not is_there:
                verb = "上传" if told.is_file else "写明"
                self.add_error(key, f"{PEOPLE[person]}提出的，{verb}{told.title}")

    def clean_contact(self) -> str:
        contact = str(self.cleaned_data["contact"])
        if any(found.kind == personal.Kind.IDENTITY for found in personal.find(contact)):
            raise forms.ValidationError("这里有身份证号码。只留电话或邮箱")
        if not REACHABLE.search(re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", contact))):
            raise forms.ValidationError("写能联系上的电话（至少 7 位）或邮箱")
        return contact

    def clean_credit_code(self) -> str:
        code = unicodedata.normalize("NFKC", str(self.cleaned_data["credit_code"])).upper().strip()
        if code and not CREDIT_CODE.fullmatch(code):
            raise forms.ValidationError("统一社会信用代码是 18 位数字和大写字母")
        return code

    def what(self) -> dict[str, Any]:
        """For `steps.lodge`. What such a person is not asked is left out, whatever was sent along."""
        person = self.cleaned_data["person"]
        its = self.asked.of_person(person)
        texts = {key: self.cleaned_data[key] for key in its if not keys.OBJECTION_FIELDS[key].is_file}
        return {
            "kind": self.cleaned_data["kind"] or self.asked.kinds[0],
            "person": person,
            "name": self.cleaned_data["name"],
            "contact": self.cleaned_data["contact"],
            "matter": self.cleaned_data["matter"],
            "files": [
                (kind, one) for kind, some in self.papers.stored.items() if kind in its for one in some
            ],
            **texts,
        }


class ObjectionForm(ObjectionFields):
    """Online. `homepage` is for machines that fill in whatever they find; `opened` and the sum, see publicity.gate."""

    needs_papers = True

    homepage = forms.CharField(
        label="此栏不填",
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    opened = forms.CharField(required=False, widget=forms.HiddenInput)
    sum = forms.CharField(required=False, widget=forms.HiddenInput)
    answer = forms.CharField(
        required=False,
        max_length=10,
        help_text="同一网络短时间内提交较多，为防止程序自动填写，请回答。用数字或汉字都行",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(
        self, *args: Any, at: datetime, period: object, met: gate.Gate | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.at, self.period, self.met = at, period, met or gate.Gate()
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["contact"].widget.attrs["autocomplete"] = "tel"
        self.fields["opened"].initial = gate.opened(at, period)
        if not self.met.asks:
            del self.fields["sum"], self.fields["answer"]
        elif not self.is_bound:
            self._ask_sum(gate.new_sum())

    def clean_homepage(self) -> str:
        """A machine's, or a browser's that fills in by itself: the sum tells which, and nobody could see it to empty it."""
        if self.cleaned_data["homepage"]:
            self._put("homepage", "")
            self.fields["answer"].help_text = "系统疑为自动填写，请回答。用数字或汉字都行"
        return ""

    def clean(self) -> dict[str, Any]:
        super().clean()
        if why := gate.why_not_yet(self.cleaned_data.get("opened", ""), self.period, self.at):
            self.add_error(None, why)
            self._put("opened", gate.opened(self.at, self.period))
        if self.met.asks:
            self._clean_sum()
        return self.cleaned_data

    def what(self) -> dict[str, Any]:
        return {**super().what(), "form_key": gate.form_key(self.cleaned_data["opened"], self.period)}

    def _clean_sum(self) -> None:
        """Asked again with every try: an answer counts once."""
        if self.errors or not self.met.is_answered:
            self.add_error("answer", "请回答后再提交，已填的内容都保留着")
        fresh = gate.new_sum()
        self._put("sum", fresh)
        self._put("answer", "")
        self._ask_sum(fresh)

    def _ask_sum(self, fresh: str) -> None:
        self.fields["sum"].initial = fresh
        self["answer"].label = gate.question(fresh)

    def _put(self, name: str, value: str) -> None:
        """Show another value than the one that was sent."""
        self.data = {**dict(self.data.items()), name: value}


class PaperObjectionForm(ObjectionFields):
    """Entered by staff from a letter; the day it was received decides whether it is in time."""

    received_on = forms.DateField(
        label="收到日期",
        help_text="窗口收到或邮件签收的那一天",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "写明收到书面异议的日期", "invalid": "日期写成 2026-09-17 这样"},
    )

    field_order = ("item", "received_on")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["matter"].help_text = "照书面材料录入要点。不要写身份证号码和手机号码"

    def clean_received_on(self) -> date:
        day: date = self.cleaned_data["received_on"]
        if day > self.today:
            raise forms.ValidationError("收到日期不能晚于今天")
        return day


class ReceiptForm(forms.Form):
    """What a receipt says of itself."""

    number = forms.CharField(
        label="回执编号",
        max_length=30,
        help_text="照回执写全，连最前面的字母一起",
        error_messages={"required": "照回执写编号，连最前面的字母一起"},
    )
    code = forms.CharField(
        label="查询码",
        max_length=20,
        help_text="回执上的十位字母和数字，不分大小写",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "写回执上的查询码"},
    )
