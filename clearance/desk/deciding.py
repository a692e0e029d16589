"""What is put on record of a measure besides the opinions at its desks; a ground taken out of it; and that it was wrong."""

from datetime import datetime
from typing import Any

from django import forms

from cases.desk import DeskAction, DeskForm, Done
from cases.models import Case
from cases.operations.forms import public
from cities import frozen
from cities.permissions import DECIDE_CASES, HANDLE_CASES
from clearance import documents, queries, revoking, steps
from records.fields import LongText


class AfterwardsForm(DeskForm):
    afterwards = LongText(
        label="项目和补助怎么处理",
        required=False,
        max_length=4000,
        rows=4,
        help_text="一行写一项：在办的项目、已发的补助各怎么处理，依据哪一条。移出以后每一行是一项后续事项。只给办件的人看",
    )


class NoteAfterwards(DeskAction):
    key = "note_afterwards"
    label = "写明项目和补助怎么处理"
    permission = HANDLE_CASES
    form_class = AfterwardsForm
    is_folded = True

    def fits(self, case: Case) -> bool:
        return case.procedure.kind == queries.CLEARANCE

    def form(self, case: Case, user: Any, at: datetime, data: Any = None, initial: Any = None) -> DeskForm:
        start = {"afterwards": case.measure.afterwards, **(initial or {})}
        return AfterwardsForm(data, initial=start, auto_id=f"{self.key}-%s")

    def perform(self, case: Case, cleaned: dict[str, Any], *, by: Any, at: datetime) -> Done:
        steps.note_afterwards(case, cleaned["afterwards"], by=by, at=at)
        return Done(f"{case} 的项目和补助处理已记下。")


class AnnounceForm(DeskForm):
    announced = forms.TypedChoiceField(
        label="移出以后要不要公告",
        widget=forms.RadioSelect,
        choices=[("yes", "公告单位名称和原因"), ("no", "不公告，只通知单位")],
        coerce=lambda value: value == "yes",
        error_messages={"required": "选一样"},
    )
    why = forms.CharField(
        label="理由", max_length=300, error_messages={"required": "写明由谁决定、为什么，不能留空"}
    )


class ChooseAnnouncement(DeskAction):
    """Where the text leaves it open it is the office's recorded choice."""

    key = "choose_announcement"
    label = "登记公告与否"
    permission = DECIDE_CASES
    form_class = AnnounceForm
    is_folded = True

    def fits(self, case: Case) -> bool:
        """Not where the form of the decision asks the same."""
        is_open_to_choice = not documents.must_be_announced(case.procedure)
        return case.procedure.kind == queries.CLEARANCE and is_open_to_choice and not _decides_here(case)

    def perform(self, case: Case, cleaned: dict[str, Any], *, by: Any, at: datetime) -> Done:
        steps.choose_announcement(case, cleaned["announced"], why=cleaned["why"], by=by, at=at)
        said = "移出以后公告" if cleaned["announced"] else "移出以后不公告，只通知单位"
        return Done(f"{case} 已登记：{said}。")


def _decides_here(case: Case) -> bool:
    return case.stage is not None and any(map(queries.removes, frozen.outcomes_of(case.stage)))


class TakeOutForm(DeskForm):
    ground = forms.ChoiceField(
        label="移出哪一种情形",
        widget=forms.RadioSelect,
        error_messages={"required": "选一种情形", "invalid_choice": "这种情形不在这一件里，刷新页面再看"},
    )
    reason = forms.CharField(
        label="为什么移出", max_length=200, error_messages={"required": "写明为什么移出，不能留空"}
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.taken = {str(one.pk): one for one in queries.taken_up(case)}
        self.fields["ground"].choices = [(key, str(one)) for key, one in self.taken.items()]  # type: ignore[attr-defined]


class TakeOutGround(DeskAction):
    key = "take_out_ground"
    label = "移出一种情形"
    permission = HANDLE_CASES
    is_folded = True

    def fits(self, case: Case) -> bool:
        return queries.is_one(case) and not case.is_editable and not steps.why_not_taken_out(case)

    def form(self, case: Case, user: Any, at: datetime, data: Any = None, initial: Any = None) -> DeskForm:
        return TakeOutForm(data, initial=initial, auto_id=f"{self.key}-%s", case=case)

    def perform(self, case: Case, cleaned: dict[str, Any], *, by: Any, at: datetime) -> Done:
        found = next(one for one in queries.taken_up(case) if str(one.pk) == cleaned["ground"])
        steps.take_out(case, found, reason=cleaned["reason"], by=by, at=at)
        return Done(f"{case} 已移出：{found}，重新待处理。")


class RevokeForm(DeskForm):
    reason = LongText(
        label="为什么撤销",
        max_length=300,
        rows=3,
        help_text="告知单位，写进撤销的文书；不写个人信息，不写投诉、举报的人是谁。不超过 300 字",
        error_messages={"required": "写明为什么撤销，不能留空"},
    )

    def clean_reason(self) -> str:
        return public(self.cleaned_data["reason"])


class Revoke(DeskAction):
    """A sanction or an order that was found wrong, also after its end."""

    key = "revoke"
    label = "撤销决定"
    template = "admin/clearance/revoke.html"
    form_class = RevokeForm
    warns = True
    is_folded = True
    after_end = True

    def fits(self, case: Case) -> bool:
        return queries.is_one(case) and revoking.decision_on(case) is not None

    def available(self, case: Case, user: Any) -> bool:
        return self.fits(case) and not revoking.why_not(case, user)

    def perform(self, case: Case, cleaned: dict[str, Any], *, by: Any, at: datetime) -> Done:
        revoking.revoke(case, cleaned["reason"], by=by, at=at)
        return Done(
            f"{case} 的决定已撤销，已经写信给单位，等它确认收到或者登记送达；立案所依据的情形重新待处理。"
        )
