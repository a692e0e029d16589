"""What the pages of a draft show: gathered here so that views only pick and tell."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from cases import grounds, kinds
from cases import steps as case_steps
from cases.errors import Problem
from cases.models import Case
from cases.page import current_deadline
from cases.queries import Document, materials_problems, required_materials
from cities import decisions
from cities.models import Procedure
from cities.queries import guidance
from clearance import ending, queries
from clearance.forms import ExitForm, MeasureForm
from providers.models import Registration
from records import files


def exit_form(case: Case) -> ExitForm:
    measure = case.measure
    return ExitForm(initial={"facts": measure.facts, "acknowledged": measure.acknowledged})


def leave_context(unit: Registration, procedure: Procedure, at: datetime) -> dict[str, Any]:
    """Before there is a draft; the one there is, or the application on its way, is led to."""
    going = Case.objects.filter(registration=unit, procedure__key=procedure.key)
    return {
        "unit": unit,
        "organisation": unit.organisation,
        "procedure": procedure,
        "going": going.exclude(status=Case.Status.CLOSED).first(),
        **_means(unit, procedure, at),
    }


def _means(unit: Registration, procedure: Procedure, at: datetime, but: Case | None = None) -> dict[str, Any]:
    """What ends with it, what is barred and until when, and what the text says besides; what the unit has not heard of is not
    told here."""
    ends, barred = ending.foreseen(unit, procedure, at, but=but), queries.reentry_after(procedure, at)
    return {
        "programme": unit.programme,
        "procedure": procedure,
        "ends": replace(ends, stopped=ending.known_to_unit(ends.stopped)),
        "is_barred": barred is not None,
        "barred_decided": decisions.words(barred) if barred else "",
        "guidance": guidance(procedure),
        "announcement": procedure.get_announcement_display(),
    }


def exit_context(case: Case, form: ExitForm, problems: list[Problem], at: datetime) -> dict[str, Any]:
    assert case.registration is not None
    return {
        **_means(case.registration, case.procedure, at, but=case),
        "case": case,
        "organisation": case.organisation,
        "measure": case.measure,
        "form": form,
        "problems": listed(form, _placed(form, problems)),
        "ground": queries.own_request(case.procedure),
        "deadline": current_deadline(case),
        "ended": case_steps.why_ended(case),
        "materials": _materials(case, problems),
    }


def _materials(case: Case, problems: list[Problem]) -> list[dict[str, Any]]:
    """What the rows ask for, each with what is filed and what is wrong with what was not taken."""
    wrong = {one.field: one.message for one in problems}
    return [_material(one, wrong.get(one.anchor, "")) for one in required_materials(case)]


def _material(document: Document, error: str) -> dict[str, Any]:
    row = document.row
    return {
        "document": document,
        "error": error,
        "accept": files.wording(row.file_kinds, row.max_megabytes, row.max_pages),
        "suffixes": files.accepted_suffixes(row.file_kinds),
    }


def measure_form(case: Case) -> MeasureForm:
    measure = case.measure
    return MeasureForm(initial={name: getattr(measure, name) for name in ("facts", "demands", "afterwards")})


def measure_context(case: Case, form: MeasureForm, problems: list[Problem], at: datetime) -> dict[str, Any]:
    assert case.registration is not None
    barred = queries.reentry_after(case.procedure, at)
    return {
        "case": case,
        "measure": case.measure,
        "ended": case_steps.why_ended(case),
        "form": form,
        "problems": listed(form, _placed(form, problems)),
        "grounds": grounds.with_files(queries.taken_up(case)),
        "others": grounds.with_files(grounds.open_of(case.registration, case.procedure)),
        "materials": _materials(case, problems),
        "checks": kinds.of(case).state_checks(case, at=at),
        "lacking": listed(None, [*kinds.of(case).problems(case, at=at), *materials_problems(case, at=at)]),
        "barred": barred,
        "barred_words": queries.reentry_words(barred) if barred else "",
    }


def _placed(form: Any, problems: list[Problem]) -> list[Problem]:
    """Each at its field as if it had been typed wrongly; what remains has none."""
    rest = []
    for one in problems:
        if form.is_bound and one.field in form.fields:
            form.add_error(one.field, one.message)
        else:
            rest.append(one)
    return rest


def listed(form: Any, problems: list[Problem]) -> list[dict[str, str]]:
    """Everything wrong, each with a link to its place."""
    typed = form.errors.items() if form is not None else ()
    found = [Problem(str(name), str(text)) for name, texts in typed for text in texts]
    return [{"href": _anchor(one.field), "text": one.message} for one in [*found, *problems]]


def _anchor(field: str) -> str:
    if not field:
        return ""
    return f"#{field}" if field == "grounds" or field.startswith("material") else f"#id_{field}"
