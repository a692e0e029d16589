"""What the case page in the admin offers and says of a correction."""

from datetime import datetime
from typing import Any

from django import forms

from accounts import access
from cases import desk, rested, steps
from cases.desk import ANYWHERE, DeskAction, DeskForm, Done
from cases.models import Case
from cities.permissions import HANDLE_CASES
from corrections import queries, undone
from corrections.queries import KIND
from providers import returning
from providers.models import ListEdition


class _Withdraw(DeskForm):
    reason = forms.CharField(
        label="为什么撤回", max_length=300, error_messages={"required": "写明为什么撤回"}
    )


class Withdraw(DeskAction):
    key = "withdraw_correction"
    label = "撤回更正"
    permission = HANDLE_CASES
    form_class = _Withdraw
    warns = True
    is_folded = True

    def fits(self, case: Case) -> bool:
        return case.procedure.kind == KIND and not steps.why_not_withdrawable(case)

    def perform(self, case: Case, cleaned: dict[str, Any], *, by: Any, at: datetime) -> Done:
        steps.withdraw(case, by=by, at=at, reason=cleaned["reason"])
        return Done(f"{case} 已撤回，名单不变。立案所依据的情形重新待处理。")


class EvidenceNote:
    """What a correction rests on: for the office only."""

    template = "admin/corrections/note.html"

    def context(self, case: Case, user: Any, at: datetime) -> dict[str, Any]:
        if case.procedure.kind != KIND:
            return {}
        return {"correction": case.correction, "rested": rested.of(case)}


class UndoNote:
    """On the page of a case by which a unit left: that it can be undone, or what undid it."""

    template = "admin/corrections/undo.html"

    def context(self, case: Case, user: Any, at: datetime) -> dict[str, Any]:
        unit = case.registration
        edition = case.edition
        if unit is None or edition is None or edition.kind != ListEdition.Kind.REMOVAL:
            return {}
        running = queries.restoring(unit)
        may = access.may(user, HANDLE_CASES, case.programme) and not running
        return {
            "unit": unit,
            "undone_by": running,
            "undone": undone.of_case(case),
            "may": may and not returning.why_not(unit) and not queries.why_none(case.programme, at),
        }


def register() -> None:
    desk.register(ANYWHERE, Withdraw())
    desk.register_note(EvidenceNote())
    desk.register_note(UndoNote())
    desk.register_since(undone.since)
