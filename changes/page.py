"""What the draft's page shows: gathered here so that the view only picks and tells."""

from datetime import datetime
from typing import Any

from cases.checks import Check, asking
from cases.errors import Problem
from cases.models import Case
from cases.operations.words import action_name, subject_of
from cases.page import current_deadline
from cases.queries import Document, materials_problems, required_materials
from cases.steps import why_ended
from changes import checks, offered
from changes.allowance import allowances, of_ordered
from changes.checks.question import Question
from changes.forms import ChangeForm
from changes.kind import comparison, unwritten
from changes.models import Operation
from changes.steps import words_of
from cities.models import Limit, RequiredMaterial
from cities.queries import guidance, limits_of
from providers.queries import edition_at
from records import files

# Where a button says it shorter than the operation is called.
BUTTONS: dict[str, str] = {
    Operation.Action.END_PARTNER: "让某家退出",
    Operation.Action.REPLACE_PARTNER: "更换某家",
}


def initial_form(case: Case) -> ChangeForm:
    change = case.partner_change
    return ChangeForm(
        procedure=case.procedure,
        initial={
            "reason": change.reason,
            "explanation": change.explanation,
            # Of what was sent back other contents are filed: a tick of then says nothing of them.
            "truthful": change.truthful and case.submitted_at is None,
            "seen": words_of(change),
        },
    )


def context(case: Case, form: ChangeForm, problems: list[Problem], at: datetime) -> dict[str, Any]:
    assert case.registration is not None
    found = standing(case, at)
    return {
        "case": case,
        "organisation": case.organisation,
        "deadline": current_deadline(case),
        "ended": why_ended(case),
        "form": form,
        "problems": _summary(form, problems),
        "problem_at": {problem.field: _said(problem) for problem in problems},
        "lacking": _listed([*unwritten(case), *materials_problems(case, at=at)]),
        "checks": found,
        "failing": sum(check.state == "fail" for check in found),
        "asking": sum(check.state == "ask" for check in found),
        "guidance": guidance(case.procedure),
        "may_exceed": _may_exceed(case, found, at),
        "ordered_words": of_ordered(case.procedure, at) if case.ordered else [],
        "allowances": allowances(case.registration, case.procedure, at),
        "operations": _operations(case, found),
        "buttons": _buttons(case),
        "has_catalogue": "catalogue" in offered.subjects(case.procedure),
        **_materials(case, problems),
        "seen": words_of(case.partner_change),
        **comparison(Question.of(case, at), edition_at(case.programme, at)),
    }


def _may_exceed(case: Case, found: list[Check], at: datetime) -> bool:
    """Whether there is an in-principle limit that an explanation could speak of, or an explanation already."""
    in_principle = (
        limit.strictness == Limit.Strictness.IN_PRINCIPLE for limit in limits_of(case.procedure, at).values()
    )
    return bool(case.partner_change.explanation or asking(found) or any(in_principle))


def _summary(form: ChangeForm, problems: list[Problem]) -> list[dict[str, str]]:
    """What is wrong with the words and with everything else, in one list."""
    typed = [Problem(str(name), str(text)) for name, texts in form.errors.items() for text in texts]
    return _listed([*typed, *problems])


def _listed(problems: list[Problem]) -> list[dict[str, str]]:
    return [
        {"href": f"#{problem.field}" if problem.field else "", "text": _said(problem)} for problem in problems
    ]


def standing(case: Case, at: datetime) -> list[Check]:
    """All checks as they stand now; after a first submission the filing checks are not asked again."""
    filing = [] if case.submitted_at else checks.filing_checks(case, at=at)
    return [*filing, *checks.state_checks(Question.of(case, at))]


def _said(problem: Problem) -> str:
    return f"{problem.message}（{problem.article}）" if problem.article else problem.message


def _operations(case: Case, found: list[Check]) -> list[dict[str, Any]]:
    """The operations with what speaks against each."""
    rows = []
    for operation in case.partner_change.operations.select_related("industry"):
        key = operation.industry.key if operation.industry else ""
        anchor = f"operation-{key}-{operation.partner_code}" if operation.partner_code else ""
        against = [check for check in found if anchor and check.anchor == anchor and check.state == "fail"]
        name = action_name(operation.action, case.programme)
        rows.append({"operation": operation, "name": name, "anchor": anchor, "against": against})
    return rows


def _buttons(case: Case) -> list[list[tuple[str, str]]]:
    """What may be added to the change: a row for partners and one for the catalogue, as far as the procedure goes."""
    taken = offered.actions(case.procedure)
    names = {action: BUTTONS.get(action) or action_name(action, case.programme) for action in taken}
    rows = [
        [(action, names[action]) for action in taken if subject_of(action) == subject]
        for subject in offered.subjects(case.procedure)
    ]
    return [row for row in rows if row]


def _materials(case: Case, problems: list[Problem]) -> dict[str, Any]:
    """The documents, each with what is wrong with it; and those that each partner will need while there is none yet."""
    documents = required_materials(case)
    wrong = {problem.field: problem.message for problem in problems}
    return {
        "materials": [_entry(document, wrong) for document in documents],
        "has_sheet_to_seal": any(one.row.sealed and not one.subject for one in documents),
        "for_each_partner": [] if any(one.subject for one in documents) else _for_each_partner(case),
    }


def _entry(document: Document, wrong: dict[str, str]) -> dict[str, Any]:
    return {
        "document": document,
        "subject": document.subject,
        "accept": files.wording(document.row.file_kinds, document.row.max_megabytes, document.row.max_pages),
        "suffixes": files.accepted_suffixes(document.row.file_kinds),
        "error": wrong.get(document.anchor, ""),
    }


def _for_each_partner(case: Case) -> list[str]:
    rows = case.procedure.materials.filter(per=RequiredMaterial.Per.PARTNER)
    return [str(row) for row in rows]
