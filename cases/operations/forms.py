"""The forms of operations, built for the list that they change."""

from collections.abc import Mapping
from typing import Any

from django import forms

from cases.models import Case
from cases.operations.words import in_own_terms
from cities.models import Programme
from providers import credit_code
from providers.models import Organisation
from providers.operations import Action
from providers.snapshots import Item, Snapshot
from records import personal
from records.fields import LongText

NOT_ON_LIST = "名单和目录里没有这一项，可能刚刚变过。从列出的里面选"


def too_long(what: str, most: int) -> dict[str, str]:
    return {"max_length": f"{what}最多 {most} 字，现在 %(show_value)d 字"}


def public(text: str) -> str:
    """Refuse what must not be shown to everybody."""
    if number := personal.found_in(text):
        raise forms.ValidationError(f"这里会公示，不能有{number}（{personal.NO_DISCLOSURE}）。删去后再保存")
    return text


def clean_code(text: str) -> str:
    """A credit code as it is kept; raises ValidationError where it can be none."""
    code = credit_code.normalise(text)
    if problem := credit_code.problem(code):
        raise forms.ValidationError(problem)
    return code


def unexplained_check_digit(code: str, note: str) -> str:
    """Why a code whose check digit fails is not taken; empty where it was explained."""
    if not credit_code.check_digit_fails(code) or note.strip():
        return ""
    return f"{code} 的校验位不符，核对营业执照；核对无误的，在“校验位不符的说明”里写明"


def check_digit_note() -> forms.CharField:
    return forms.CharField(
        label="校验位不符的说明",
        required=False,
        max_length=80,
        help_text="只有信用代码校验位不符、但与营业执照核对无误时才写",
        error_messages=too_long("说明", 80),
    )


class CandidateFields(forms.Form):
    """An organisation by its credit code and name."""

    partner_code = forms.CharField(
        label="统一社会信用代码",
        max_length=30,
        help_text="18 位，没有字母 I、O、S、V、Z",
        error_messages={
            "required": "写合作伙伴的统一社会信用代码，18 位",
            "max_length": "统一社会信用代码是 18 位，现在 %(show_value)d 位",
        },
    )
    partner_name = forms.CharField(
        label="单位全称",
        max_length=120,
        help_text="与营业执照一致",
        error_messages={"required": "写合作伙伴的单位全称", **too_long("单位全称", 120)},
    )
    code_note = check_digit_note()

    def clean_partner_code(self) -> str:
        return clean_code(self.cleaned_data["partner_code"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        code, name = data.get("partner_code"), data.get("partner_name", "").strip()
        known = Organisation.objects.filter(credit_code=code).first() if code else None
        if known and name and known.name != name:
            self.add_error(
                "partner_name",
                f"{code} 登记的名称是“{known.name}”，照此填写。单位更名了的，先报告更名；代码写错了的，改代码",
            )
        if code and (why := unexplained_check_digit(code, data.get("code_note", ""))):
            self.add_error("partner_code", why)
        return data


def _speak_in_terms(field: forms.Field, programme: Programme) -> None:
    """The field's label and refusals with the programme's word for a partner."""
    field.label = in_own_terms(str(field.label), programme)
    field.error_messages = {
        key: in_own_terms(str(said), programme) for key, said in field.error_messages.items()
    }


class OperationForm(forms.Form):
    """Built for the list it changes: the choices are those the list has."""

    action: str
    nothing_to_choose = ""

    def __init__(self, *args: Any, case: Case, list_now: Snapshot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case, self.list_now = case, list_now
        self.arrange()
        for field in self.fields.values():
            _speak_in_terms(field, case.programme)

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]  # Django's own, of which its stubs say nothing
        for name, value in list(self.cleaned_data.items()):
            if isinstance(self.fields[name].widget, forms.TextInput):
                self.cleaned_data[name] = " ".join(str(value).split())  # a browser sends one line
            try:
                public(str(value))
            except forms.ValidationError as wrong:
                self.add_error(name, wrong)

    def arrange(self) -> None:
        """Fill in the choices."""

    def facts(self) -> dict[str, Any]:
        """The fields of the Operation row."""
        raise TypeError("each form says what it writes")

    def to_choose(self) -> list[Item]:
        """What must be picked before the rest of the form can show what it says now; mostly nothing."""
        return []

    def industry_of(self, key: str) -> Any:
        return self.case.programme.industries.get(key=key)


class AddPartnerForm(CandidateFields, OperationForm):
    action = Action.ADD_PARTNER
    industry = forms.ChoiceField(
        label="行业", error_messages={"required": "选一个行业", "invalid_choice": NOT_ON_LIST}
    )
    field_order = ["industry", "partner_code", "partner_name", "code_note"]

    def arrange(self) -> None:
        choices = [(row["key"], row["name"]) for row in self.list_now["industries"]]
        self.fields["industry"].choices = [("", "选一个行业"), *choices]  # type: ignore[attr-defined]
        if not choices:
            self.nothing_to_choose = "名单里没有写本单位的行业，不能新增。联系工作人员。"

    def facts(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "industry": self.industry_of(data["industry"]),
            "partner_code": data["partner_code"],
            "partner_name": data["partner_name"].strip(),
            "note": data["code_note"].strip(),
        }


def _partner_choices(list_now: Snapshot) -> list[tuple[str, str]]:
    rows = [
        (f"{row['industry']}:{row['code']}", f"{row['industry_name']}：{row['name']}")
        for row in list_now["partners"]
    ]
    return [("", "选一家"), *rows]


class EndPartnerForm(OperationForm):
    action = Action.END_PARTNER
    leaving = forms.ChoiceField(
        label="退出的合作伙伴",
        error_messages={"required": "选一家退出的合作伙伴", "invalid_choice": NOT_ON_LIST},
    )
    note = forms.CharField(
        label="退出的原因",
        max_length=100,
        error_messages={"required": "写退出的原因，例如：自愿退出", **too_long("原因", 100)},
    )

    def arrange(self) -> None:
        self.fields["leaving"].choices = _partner_choices(self.list_now)  # type: ignore[attr-defined]
        if not self.list_now["partners"]:
            self.nothing_to_choose = f"现在没有{self.case.programme.partner_term}可以退出。"

    def leaving_facts(self) -> dict[str, Any]:
        industry, code = self.cleaned_data["leaving"].split(":", 1)
        row = next(
            one for one in self.list_now["partners"] if (one["industry"], one["code"]) == (industry, code)
        )
        return {
            "industry": self.industry_of(industry),
            "leaving_code": code,
            "leaving_name": row["name"],
        }

    def facts(self) -> dict[str, Any]:
        return {**self.leaving_facts(), "note": self.cleaned_data["note"].strip()}


class ReplacePartnerForm(CandidateFields, EndPartnerForm):
    action = Action.REPLACE_PARTNER
    field_order = ["leaving", "note", "partner_code", "partner_name", "code_note"]

    def facts(self) -> dict[str, Any]:
        data = self.cleaned_data
        reason, checked = data["note"].strip(), data["code_note"].strip()
        return {
            **self.leaving_facts(),
            "partner_code": data["partner_code"],
            "partner_name": data["partner_name"].strip(),
            "note": f"{reason}（新单位信用代码校验位不符：{checked}）" if checked else reason,
        }


class ItemFields(OperationForm):
    item_name = forms.CharField(
        label="名称",
        max_length=120,
        error_messages={"required": "写产品或服务的名称", **too_long("名称", 120)},
    )
    item_price = forms.CharField(
        label="价格",
        required=False,
        max_length=60,
        help_text="例如：36,000 元／年",
        error_messages=too_long("价格", 60),
    )
    item_summary = LongText(
        label="说明", required=False, max_length=300, rows=3, error_messages=too_long("说明", 300)
    )

    def facts(self) -> dict[str, Any]:
        keys = ("item_code", "item_name", "item_price", "item_summary")
        return {key: self.cleaned_data[key].strip() for key in keys}


class AddItemForm(ItemFields):
    action = Action.ADD_ITEM
    item_code = forms.CharField(
        label="编码",
        max_length=30,
        help_text="本单位内不重复，例如：P-0031",
        error_messages={"required": "写编码", **too_long("编码", 30)},
    )
    field_order = ["item_code", "item_name", "item_price", "item_summary"]


class EditItemForm(ItemFields):
    action = Action.EDIT_ITEM
    item_code = forms.ChoiceField(
        label="调整哪一项", error_messages={"required": "选一项", "invalid_choice": NOT_ON_LIST}
    )
    field_order = ["item_code", "item_name", "item_price", "item_summary"]

    def arrange(self) -> None:
        self.fields["item_code"].choices = _item_choices(self.list_now)  # type: ignore[attr-defined]
        if not self.list_now["items"]:
            self.nothing_to_choose = "目录里现在没有产品和服务可以调整。"

    def to_choose(self) -> list[Item]:
        """Which item, so that the form can begin with what it says now."""
        is_chosen = self.is_bound or "item_name" in self.initial
        return [] if is_chosen else self.list_now["items"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        now = next((row for row in self.list_now["items"] if row["code"] == data.get("item_code")), None)
        fresh = {key: str(data.get(f"item_{key}", "")).strip() for key in ("name", "price", "summary")}
        if now and not self.errors and all(now[key] == fresh[key] for key in fresh):  # type: ignore[literal-required]
            raise forms.ValidationError("和现在的内容一样，没有调整。改一处再加入")
        return data


class EndItemForm(OperationForm):
    action = Action.END_ITEM
    item_code = forms.ChoiceField(
        label="停用哪一项", error_messages={"required": "选一项", "invalid_choice": NOT_ON_LIST}
    )
    note = forms.CharField(
        label="停用的原因",
        max_length=200,
        error_messages={"required": "写停用的原因", **too_long("原因", 200)},
    )

    def arrange(self) -> None:
        self.fields["item_code"].choices = _item_choices(self.list_now)  # type: ignore[attr-defined]
        if not self.list_now["items"]:
            self.nothing_to_choose = "目录里现在没有产品和服务可以停用。"

    def facts(self) -> dict[str, Any]:
        code = self.cleaned_data["item_code"]
        name = next(row["name"] for row in self.list_now["items"] if row["code"] == code)
        return {"item_code": code, "item_name": name, "note": self.cleaned_data["note"].strip()}


def _item_choices(list_now: Snapshot) -> list[tuple[str, str]]:
    return [("", "选一项"), *((row["code"], f"{row['code']} {row['name']}") for row in list_now["items"])]


OPERATION_FORMS: dict[str, type[OperationForm]] = {
    form.action: form
    for form in (AddPartnerForm, EndPartnerForm, ReplacePartnerForm, AddItemForm, EditItemForm, EndItemForm)
}


def initial_of(asked: Mapping[str, str], list_now: Snapshot) -> dict[str, str]:
    """What the address names, an item with all it says now."""
    named = {key: asked[key] for key in ("leaving", "item_code", "industry") if key in asked}
    item = next((row for row in list_now["items"] if row["code"] == named.get("item_code")), None)
    said = {f"item_{key}": item[key] for key in ("name", "price", "summary")} if item else {}
    return {**named, **said}
