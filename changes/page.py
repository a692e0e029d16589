"""What the draft's page shows: gathered here so that the view only picks and tells."""

from datetime import datetime
from typing import Any

from cases.checks import Check
from cases.errors import Problem
from cases.models import Case
from cases.page import current_deadline
from cases.queries import current_materials, required_materials
from changes import checks
from changes.allowance import allowances
from changes.forms import ChangeForm
from changes.kind import comparison
from changes.steps import words_of
from records import files


def initial_form(case: Case) -> ChangeForm:
    change = case.partner_change
    return ChangeForm(
        initial={
            "reason": change.reason,
            "explanation": change.explanation,
            "truthful": change.truthful,
            "seen": words_of(change),
        }
    )


def context(case: Case, form: ChangeForm, problems: list[Problem], at: datetime) -> dict[str, Any]:
    assert case.registration is not None
    found = standing(case, at)
    return {
        "case": case,
        "organisation": case.organisation,
        "deadline": current_deadline(case),
        "form": form,
        "problems": _summary(form, problems),
        "problem_at": {problem.field: _said(problem) for problem in problems},
        "checks": found,
        "failing": sum(check.state == "fail" for check in found),
        "asking": sum(check.state == "ask" for check in found),
        "allowances": allowances(case.registration, case.procedure, at),
        "operations": _operations(case, found),
        "materials": _materials(case, problems),
        "seen": words_of(case.partner_change),
        **comparison(case, at),
    }


def _summary(form: ChangeForm, problems: list[Problem]) -> list[dict[str, str]]:
    """What is wrong with the words and with everything else, in one list."""
    typed = [Problem(str(name), str(text)) for name, texts in form.errors.items() for text in texts]
    return [
        {"href": f"#{problem.field}" if problem.field else "", "text": _said(problem)}
        for problem in [*typed, *problems]
    ]


def standing(case: Case, at: datetime) -> list[Check]:
    """All checks as they stand now; after a first submission the filing checks are not asked again."""
    filing = [] if case.submitted_at else checks.filing_checks(case, at=at)
    return [*filing, *checks.state_checks(case, at=at)]


def _said(problem: Problem) -> str:
    return f"{problem.message}（{problem.article}）" if problem.article else problem.message


def _operations(case: Case, found: list[Check]) -> list[dict[str, Any]]:
    """The operations with what speaks against each."""
    rows = []
    for operation in case.partner_change.operations.select_related("industry"):
        key = operation.industry.key if operation.industry else ""
        anchor = f"operation-{key}-{operation.partner_code}" if operation.partner_code else ""
        against = [check for check in found if anchor and check.anchor == anchor and check.state == "fail"]
        rows.append({"operation": operation, "anchor": anchor, "against": against})
    return rows


def _materials(case: Case, problems: list[Problem]) -> list[dict[str, Any]]:
    have = current_materials(case)
    wrong = {problem.field: problem.message for problem in problems}
    return [
        {
            "row": row,
            "material": have.get(row.key),
            "accept": files.wording(row.file_kinds, row.max_megabytes),
            "error": wrong.get(f"material-{row.key}", ""),
        }
        for row in required_materials(case)
    ]
