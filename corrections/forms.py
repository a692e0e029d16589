from typing import Any

from django import forms

from cases.operations.forms import (
    NOT_ON_LIST,
    OPERATION_FORMS,
    EndItemForm,
    EndPartnerForm,
    OperationForm,
    check_digit_note,
    clean_code,
    public,
    too_long,
    unexplained_check_digit,
)
from cities.models import Procedure
from corrections import queries
from providers.models import ListEdition
from providers.operations import Action
from records.fields import LongText
from records.words import full_day


class CorrectionForm(forms.Form):
    """Nothing is required here: a draft is kept incomplete, submission says what is missing."""

    corrects = forms.ChoiceField(
        label="更正哪一版名单", required=False, error_messages={"invalid_choice": "从列出的版本里选"}
    )
    reason = LongText(
        label="哪里有误",
        required=False,
        max_length=1000,
        help_text="随勘误公开，例如：第 2 版把合作伙伴名称中的“检测”录成“监测”。不写提出人是谁，不超过 1000 字",
        error_messages=too_long("哪里有误", 1000),
    )
    evidence = LongText(
        label="依据",
        required=False,
        max_length=2000,
        help_text="只给办件的人看：核对了什么、谁核对的，不超过 2000 字",
        error_messages=too_long("依据", 2000),
    )

    def __init__(self, *args: Any, editions: list[ListEdition], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.editions = {str(one.number): one for one in editions}
        rows = [
            (key, f"{one}，{full_day(one.published_at)} 发布：{one.summary}")
            for key, one in self.editions.items()
        ]
        self.fields["corrects"].choices = [("", "选一版"), *rows]  # type: ignore[attr-defined]

    def clean_reason(self) -> str:
        return public(self.cleaned_data["reason"])

    def facts(self) -> dict[str, Any]:
        data = self.cleaned_data
        chosen = self.editions.get(data["corrects"])
        return {"corrects": chosen, "reason": data["reason"], "evidence": data["evidence"]}


class MendUnitForm(OperationForm):
    action = Action.MEND_UNIT
    unit_name = forms.CharField(
        label="单位全称",
        max_length=120,
        error_messages={"required": "写单位全称", **too_long("单位全称", 120)},
    )
    unit_code = forms.CharField(
        label="统一社会信用代码",
        max_length=30,
        help_text="18 位，没有字母 I、O、S、V、Z",
        error_messages={"required": "写统一社会信用代码，18 位"},
    )
    unit_place = forms.CharField(
        label="登记地", required=False, max_length=60, error_messages=too_long("登记地", 60)
    )
    code_note = check_digit_note()

    def clean_unit_code(self) -> str:
        return clean_code(self.cleaned_data["unit_code"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        code = data.get("unit_code")
        is_new = code != self.list_now.get("unit", {}).get("code")
        if code and is_new and (why := unexplained_check_digit(code, data.get("code_note", ""))):
            self.add_error("unit_code", why)
        return data

    def facts(self) -> dict[str, Any]:
        facts = {key: self.cleaned_data[key].strip() for key in ("unit_code", "unit_name", "unit_place")}
        return {**facts, "note": self.cleaned_data["code_note"].strip()}


class MendPartnerForm(OperationForm):
    action = Action.MEND_PARTNER
    partner_code = forms.ChoiceField(
        label="哪一家合作伙伴",
        error_messages={"required": "选一家合作伙伴", "invalid_choice": NOT_ON_LIST},
    )
    partner_name = forms.CharField(
        label="正确的名称",
        max_length=120,
        help_text="代码写错了的，不在这里改：用“更换合作伙伴”换成代码正确的一家",
        error_messages={"required": "写正确的名称", **too_long("名称", 120)},
    )

    def arrange(self) -> None:
        rows = {row["code"]: f"{row['name']}（{row['code']}）" for row in self.list_now["partners"]}
        self.fields["partner_code"].choices = [("", "选一家"), *rows.items()]  # type: ignore[attr-defined]
        if not rows:
            self.nothing_to_choose = f"现在没有{self.case.programme.partner_term}。"

    def facts(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"partner_code": data["partner_code"], "partner_name": data["partner_name"].strip()}


class _DeletedFields(OperationForm):
    """What was never rightly there: its note says why it does not belong on the list."""

    def arrange(self) -> None:
        super().arrange()
        note = self.fields["note"]
        note.label = "为什么不该列入"
        note.help_text = "随勘误公开"
        note.error_messages["required"] = "写明为什么不该列入"


class DeletePartnerForm(_DeletedFields, EndPartnerForm):
    def arrange(self) -> None:
        super().arrange()
        leaving = self.fields["leaving"]
        leaving.label, leaving.error_messages["required"] = "误列的合作伙伴", "选一家误列的合作伙伴"
        if self.nothing_to_choose:
            self.nothing_to_choose = f"名单上现在没有{self.case.programme.partner_term}可以删去。"


class DeleteItemForm(_DeletedFields, EndItemForm):
    def arrange(self) -> None:
        super().arrange()
        self.fields["item_code"].label = "误列的是哪一项"
        if self.nothing_to_choose:
            self.nothing_to_choose = "目录里现在没有产品和服务可以删去。"


class RestoreUnitForm(OperationForm):
    """There is nothing to say: all comes back as it stood."""

    action = Action.RESTORE_UNIT

    def facts(self) -> dict[str, Any]:
        return {}


FORMS: dict[str, type[OperationForm]] = {
    **{form.action: form for form in (MendUnitForm, MendPartnerForm, RestoreUnitForm)},
    **OPERATION_FORMS,
    **{form.action: form for form in (DeletePartnerForm, DeleteItemForm)},
}


def offered(procedure: Procedure, *, has_partners: bool, has_catalogue: bool, has_left: bool) -> list[str]:
    """The operations that make sense of this list, of those that the procedure takes: of a unit that has left it, that it comes
    back and nothing else."""
    is_known = {"partner": has_partners, "item": has_catalogue, "unit": True}
    return [
        one
        for one in FORMS
        if one in queries.actions(procedure)
        and is_known[one.rsplit("_", 1)[1]]
        and has_left == (one == Action.RESTORE_UNIT)
    ]
