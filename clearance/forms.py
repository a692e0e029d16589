"""What a unit answers, and what the office writes in a sanction or a removal."""

from typing import Any

from django import forms

from cases import proofs
from cases.operations.forms import public, too_long
from cities.models import Ground
from providers.models import Organisation
from records.fields import LongText


class AnswerForm(forms.Form):
    text = LongText(
        label="答复",
        max_length=4000,
        rows=8,
        help_text="不超过 4000 字。提交以后不能再改；证明材料可以一起上传",
        error_messages={"required": "写明答复的内容，不能留空", **too_long("答复", 4000)},
    )

    papers = proofs.field("证明材料")

    def clean_text(self) -> str:
        return public(self.cleaned_data["text"])


class ExitForm(forms.Form):
    """Nothing is required here: a draft is kept incomplete, submission says what is missing."""

    facts = LongText(
        label="为什么退出",
        required=False,
        max_length=2000,
        rows=5,
        help_text="写明退出的原因，可能随公告公开，不写个人电话和证件号码。不超过 2000 字",
        error_messages=too_long("退出的原因", 2000),
    )
    acknowledged = forms.BooleanField(label="本单位已知道上面写的后果，要求退出。", required=False)

    def clean_facts(self) -> str:
        return public(self.cleaned_data["facts"])


class PartnerMeasureForm(forms.Form):
    """What every unit concerned is told, once; what is missing is said when it is filed."""

    facts = LongText(
        label="事实和理由",
        required=False,
        max_length=3000,
        rows=6,
        help_text="会写进给单位的通知；要公告的也写进公告。不写投诉、举报的人是谁，不超过 3000 字",
        error_messages=too_long("事实和理由", 3000),
    )
    demands = LongText(
        label="要求单位做什么",
        required=False,
        max_length=2000,
        rows=4,
        help_text="限期整改的写明改到什么程度；没有要求的不用写。不超过 2000 字",
        error_messages=too_long("要求", 2000),
    )

    def clean_facts(self) -> str:
        return public(self.cleaned_data["facts"])

    def clean_demands(self) -> str:
        return public(self.cleaned_data["demands"])


class MeasureForm(PartnerMeasureForm):
    """Nothing is required here: a draft is kept incomplete, submission says what is missing."""

    afterwards = LongText(
        label="项目和补助怎么处理",
        required=False,
        max_length=4000,
        rows=4,
        help_text="只给办件的人看：一行写一项，在办的项目、已发的补助怎么处理，依据哪一条。提交以后还可以补写；移出以后每一行是一项后续事项，办好一项登记一项",
        error_messages=too_long("内容", 4000),
    )


class GroundForm(forms.Form):
    """A ground that somebody of the office has found."""

    ground = forms.ChoiceField(
        label="哪一种情形",
        error_messages={"required": "选一种情形", "invalid_choice": "从列出的情形里选"},
    )
    partner = forms.ChoiceField(
        label="哪一家合作伙伴",
        required=False,
        help_text="只在取消合作的情形时选",
        error_messages={"invalid_choice": "从列出的合作伙伴里选"},
    )
    evidence = LongText(
        label="依据",
        max_length=3000,
        rows=6,
        help_text="什么时候、从哪里看到什么，核对了哪些材料。只给办件的人看，不超过 3000 字",
        error_messages={"required": "写明依据，不能留空", **too_long("依据", 3000)},
    )
    papers = proofs.field("证明材料", "只给办件的人看，立案以后进案卷")

    def __init__(
        self, *args: Any, grounds: list[Ground], partners: list[Organisation], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.grounds = {one.key: one for one in grounds}
        self.partners = {one.credit_code: one for one in partners}
        by_consequence: dict[str, list[tuple[str, str]]] = {}
        for one in grounds:
            said = f"{one.label}（{one.article}，{one.get_force_display()}）"
            by_consequence.setdefault(str(one.get_consequence_display()), []).append((one.key, said))
        self.fields["ground"].choices = [("", "选一种"), *by_consequence.items()]  # type: ignore[attr-defined]
        offered = [(code, one.name) for code, one in self.partners.items()]
        self.fields["partner"].choices = [("", "不涉及合作伙伴"), *offered]  # type: ignore[attr-defined]
        if not any(one.consequence == Ground.Consequence.PARTNER_REMOVAL for one in grounds):
            del self.fields["partner"]

    def facts(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "ground": self.grounds[data["ground"]],
            "partner": self.partners.get(data.get("partner", "")),
            "evidence": data["evidence"],
            "uploads": data["papers"],
        }
