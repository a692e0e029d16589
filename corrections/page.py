"""What the draft's pages show: gathered here so that the view only picks and tells."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest

from cases import kinds
from cases.errors import Problem
from cases.models import Case
from cases.operations.comparing import comparison
from cases.operations.forms import OperationForm, initial_of
from cases.operations.question import registration_of
from corrections import checks, queries
from corrections.checks import Question
from corrections.forms import FORMS, CorrectionForm, offered
from corrections.kind import others
from corrections.words import action_name
from providers import snapshots, wording
from providers.models import ListEdition
from providers.operations import Action, ListOperation
from providers.queries import edition_at, state
from providers.snapshots import Snapshot, StaleOperation

__all__ = ["context", "initial_form", "operation_form", "registration_of"]

# So that the list comes with what the unit itself is called.
ABOUT_THE_UNIT = ListOperation(Action.MEND_UNIT)


def initial_form(case: Case, editions: list[ListEdition]) -> CorrectionForm:
    correction = case.correction
    initial = {
        "corrects": str(correction.corrects.number) if correction.corrects else "",
        "reason": correction.reason,
        "evidence": correction.evidence,
    }
    return CorrectionForm(initial=initial, editions=editions)


def context(case: Case, form: CorrectionForm, problems: list[Problem], at: datetime) -> dict[str, Any]:
    rows, question = case.correction.operations.select_related("industry"), Question.of(case, at)
    return {
        "case": case,
        "correction": case.correction,
        "grounds": list(case.grounds.all()),
        "form": form,
        "problems": _listed(form, problems),
        "operations": [(row, action_name(row.action, case.programme)) for row in rows],
        "buttons": [(one, action_name(one, case.programme)) for one in _offered(case, at)],
        "checks": checks.state_checks(question) if question.operations else [],
        "lacking": _listed(CorrectionForm(editions=[]), kinds.of(case).problems(case, at=at)),
        "others": others(question),
        **comparison(question, edition_at(case.programme, at)),
    }


def _listed(form: CorrectionForm, problems: list[Problem]) -> list[dict[str, str]]:
    typed = [Problem(str(name), str(text)) for name, texts in form.errors.items() for text in texts]
    return [
        {"href": f"#{_anchor(form, one.field)}" if one.field else "", "text": one.message}
        for one in [*typed, *problems]
    ]


def _anchor(form: CorrectionForm, field: str) -> str:
    return f"id_{field}" if field in form.fields else field


def _offered(case: Case, at: datetime) -> list[str]:
    unit = registration_of(case)
    now = state(unit, [], at)
    return offered(
        case.procedure,
        has_partners=wording.has_partners(case.programme, len(now["partners"])),
        has_catalogue=wording.has_catalogue(case.programme, len(now["items"])),
        has_left=unit.valid_to is not None,
    )


def operation_form(case: Case, action: str, request: HttpRequest, at: datetime) -> OperationForm:
    list_now = _list_now(case, at)
    unit = list_now.get("unit")
    own = {f"unit_{key}": unit[key] for key in ("code", "name", "place")} if unit else {}
    initial = {**own, **initial_of(request.GET, list_now)}
    typed = request.POST if request.method == "POST" else None
    return FORMS[action](typed, case=case, list_now=list_now, initial=initial)


def _list_now(case: Case, at: datetime) -> Snapshot:
    """The list as it would be after what the correction holds already, so that one may go on from there."""
    now = state(registration_of(case), [ABOUT_THE_UNIT, *queries.operations_of(case)], at)
    try:
        return snapshots.after(now, queries.operations_of(case))
    except StaleOperation:
        return now
