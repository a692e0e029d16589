"""Entering an application for a unit from paper: find the unit, say what and when it came, then fill in its form."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from accounts.access import one_or_404, somewhere
from cases import finding, kinds, paper
from cases.admin.forms import PaperForm, procedures_by_pk
from cases.errors import Problem, Refused
from cities.permissions import HANDLE_CASES
from providers.models import Registration
from records import clock
from records.answers import WRONG


def paper_page(site: Any, request: HttpRequest) -> HttpResponse:
    if not somewhere(request.user, HANDLE_CASES):
        raise Http404
    if "registration" in request.GET:
        return _enter(site, request)
    units = paper.registrations_for(request.user)
    return _render(site, request, finding.context(units, request.GET.get("q", "")))


def _enter(site: Any, request: HttpRequest) -> HttpResponse:
    at = clock.now()
    registration = one_or_404(paper.registrations_for(request.user), pk=request.GET["registration"])
    procedures = paper.procedures_for(registration.programme, at)
    form = PaperForm(
        request.POST if request.method == "POST" else None,
        procedures=procedures_by_pk(procedures),
        today=timezone.localdate(at),
        has_draft=paper.drafts_online(registration).exists(),
        initial={"procedure": procedures[0].pk if len(procedures) == 1 else None},
    )
    if request.method == "POST" and form.is_valid():
        try:
            case = paper.begin(registration, **form.cleaned_data, by=request.user, at=at)
        except Refused as refusal:
            for problem in refusal.problems or [Problem("", refusal.message)]:
                form.add_error(problem.field or None, problem.message)
        else:
            return redirect(kinds.of(case).edit_url(case))
    return _render(
        site, request, _context(registration, form, procedures), status=WRONG if form.errors else 200
    )


def _context(registration: Registration, form: PaperForm, procedures: list[Any]) -> dict[str, Any]:
    return {"registration": registration, "form": form, "procedures": procedures}


def _render(site: Any, request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    shared = {**site.each_context(request), "title": "替单位录入纸质申请", **context}
    return TemplateResponse(request, "admin/cases/paper.html", shared, status=status)
