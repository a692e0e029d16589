"""What the page of a closed removal offers: to list what is still to be done, and to tick it off."""

from datetime import datetime
from typing import Any

from django import forms

from cases.desk import DeskAction, DeskForm, Done
from cases.models import Case
from cities.permissions import HANDLE_CASES
from clearance import followups
from clearance.models import Followup
from records.fields import DATE_INVALID, date_input
from records.words import full_day


class FollowupForm(DeskForm):
    what = forms.CharField(
        label="要办什么",
        max_length=followups.LONGEST,
        help_text="一次列一项，写明依据哪一条。只给办件的人看",
        error_messages={"required": "写明要办什么，不能留空"},
    )


class AddFollowup(DeskAction):
    key = "add_followup"
    label = "列出一项后续事项"
    permission = HANDLE_CASES
    after_end = True
    form_class = FollowupForm
    is_folded = True

    def fits(self, case: Case) -> bool:
        return followups.takes(case)

    def perform(self, case: Case, cleaned: dict[str, Any], *, by: Any, at: datetime) -> Done:
        return Done(f"{case} 已列出后续事项：{followups.add(case, cleaned['what'], by=by, at=at)}。")


class FinishForm(DeskForm):
    followup = forms.ModelChoiceField(
        Followup.objects.none(),
        label="哪一项办好了",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "选一项", "invalid_choice": "这一项已经登记过，刷新页面再看"},
    )
    done_on = forms.DateField(
        label="办好的日期",
        widget=date_input(),
        error_messages={"required": "写明哪一天办好", "invalid": DATE_INVALID},
    )
    note = forms.CharField(
        label="结果",
        max_length=followups.LONGEST,
        help_text="怎么处理的，例如确认仍列入试点、追回多少",
        error_messages={"required": "写明怎么处理的，不能留空"},
    )


class FinishFollowup(DeskAction):
    key = "finish_followup"
    label = "登记后续事项已办"
    permission = HANDLE_CASES
    after_end = True

    def fits(self, case: Case) -> bool:
        return followups.takes(case) and bool(followups.open_of(case))

    def form(self, case: Case, user: Any, at: datetime, data: Any = None, initial: Any = None) -> DeskForm:
        form = FinishForm(data, auto_id=f"{self.key}-%s")
        form.fields["followup"].queryset = case.followups.filter(done_on=None)  # type: ignore[attr-defined]
        return form

    def perform(self, case: Case, cleaned: dict[str, Any], *, by: Any, at: datetime) -> Done:
        followup: Followup = cleaned["followup"]
        followups.finish(case, followup, cleaned["done_on"], cleaned["note"], by=by, at=at)
        return Done(f"{case} 已登记：“{followup}”{full_day(cleaned['done_on'])} 办好。")
