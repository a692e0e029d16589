"""A case as its organisation sees it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts import access
from cases import kinds, page, queries, steps
from cases.access import FILE, VIEW, case_or_404
from cases.errors import Refused
from cases.models import Case
from cities.queries import procedure_in_force
from providers.models import Registration
from providers.permissions import FILE_APPLICATIONS
from records import clock, files


@login_required
def case(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _show(request, case_or_404(request.user, pk, VIEW))


def _show(request: HttpRequest, case: Case, error: str = "", status: int = 200) -> HttpResponse:
    if case.status == Case.Status.DRAFT:
        return redirect(kinds.of(case).edit_url(case))
    now = clock.now()
    context: dict[str, Any] = {
        "case": case,
        "organisation": case.organisation,
        "stages": page.stage_line(case, now),
        "deadline": page.current_deadline(case),
        "events": case.events.select_related("actor"),
        "materials": _materials(case),
        "facts_template": kinds.of(case).facts_template,
        "facts": case.submission,
        "edit_url": kinds.of(case).edit_url(case) if case.is_editable else "",
        "may_file": access.may(request.user, FILE_APPLICATIONS, case.organisation),
        "why_not_withdrawable": steps.why_not_withdrawable(case),
        "error": error,
    }
    return render(request, "cases/case.html", context, status=status)


def _materials(case: Case) -> list[dict[str, Any]]:
    have = queries.current_materials(case)
    return [{"row": row, "material": have.get(row.key)} for row in queries.required_materials(case)]


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    case = case_or_404(request.user, pk, FILE)
    reason = request.POST.get("reason", "").strip()
    if not reason:
        return _show(request, case, "写明为什么撤回。撤回的申请也可能计入次数，见上方说明。", status=422)
    try:
        steps.withdraw(case, by=request.user, at=clock.now(), reason=reason)
    except Refused as refusal:
        return _show(request, case_or_404(request.user, pk, VIEW), refusal.message, status=409)
    messages.success(request, f"已撤回 {case}")
    return redirect("case", pk=pk)


@login_required
def material(request: HttpRequest, pk: UUID, material: int) -> FileResponse:
    """A filed document, for whoever may see the case; the office's own page also records who opened it."""
    case = case_or_404(request.user, pk, VIEW)
    return files.download(get_object_or_404(case.materials.select_related("file"), pk=material).file)


@login_required
@require_POST
def apply(request: HttpRequest, registration: int, procedure: str) -> HttpResponse:
    """Begin an application, or go on with the one begun."""
    own = access.organisations_for(request.user, FILE_APPLICATIONS)
    unit = get_object_or_404(Registration.objects.current(), pk=registration, organisation__in=own)
    row = procedure_in_force(unit.programme, procedure, clock.now())
    if row is None:
        raise Http404(f"{unit.programme}现在没有施行中的这项程序。")
    try:
        draft = steps.draft(row, unit, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("my")
    return redirect(kinds.of(draft).edit_url(draft))
