"""A unit's own pages: to answer what it is asked, and to apply for leaving the list."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts import access
from accounts.login import again
from accounts.models import User
from cases import engine, inbox, materials, proofs
from cases import steps as case_steps
from cases.access import FILE, OFFICE, VIEW, case_or_404
from cases.errors import Problem, Refused
from cases.models import Case
from cases.page import current_deadline
from cities.queries import procedure_in_force
from clearance import answers, page, papers, queries, steps
from clearance.forms import AnswerForm, ExitForm
from providers.models import Registration
from providers.permissions import FILE_APPLICATIONS
from records import clock, files
from records.answers import WRONG


def _answering(user: User, typed: dict[str, str], pk: UUID) -> again.Page:
    """It goes on record as it is sent: from its own page alone."""
    return again.Page(f"{case_or_404(user, pk, VIEW)}：答复", AnswerForm())


@again.described_by(_answering)
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the unit has to say, with what proves it; it goes on record as it was sent."""
    case = _asked_or_404(request, pk)
    if inbox.withheld(request.user, case, clock.now()):
        return redirect("case", pk=pk)
    if why := answers.why_not(case):
        messages.error(request, why)
        return redirect("case", pk=pk)
    if request.method != "POST":
        return _show(request, case, AnswerForm())
    form = AnswerForm(request.POST, request.FILES)
    if not form.is_valid() or not _file(request, case, form):
        return _show(request, case, form, status=WRONG)
    messages.success(request, f"已提交 {case} 的答复")
    return redirect("case", pk=pk)


def _file(request: HttpRequest, case: Case, form: AnswerForm) -> bool:
    """Whether it went on record; if not, the form says why."""
    given, by, now = form.cleaned_data, request.user, clock.now()
    try:
        with files.whole(), engine.locked(case.pk) as (fresh, _):
            stored = proofs.keep(given["papers"], by=by, at=now)
            answers.answer(fresh, given["text"], stored, by=by, at=now)
    except Refused as refusal:
        for one in refusal.problems or [Problem("", refusal.message)]:
            form.add_error(one.field if one.field in form.fields else None, one.message)
        return False
    return True


def _asked_or_404(request: HttpRequest, pk: UUID) -> Case:
    case = case_or_404(request.user, pk, VIEW)
    if not queries.is_one(case) or not access.may(request.user, FILE_APPLICATIONS, case.organisation):
        raise Http404
    return case


def _show(request: HttpRequest, case: Case, form: AnswerForm, status: int = 200) -> HttpResponse:
    context = {
        "case": case,
        "organisation": case.organisation,
        "form": form,
        "deadline": current_deadline(case),
        "facts": case.submission,
        "order": queries.running_order(case),
    }
    return render(request, "clearance/answer.html", context, status=status)


@login_required
@require_safe
def answer_file(request: HttpRequest, pk: UUID, file: int) -> HttpResponseBase:
    """What came with an answer, for whoever may see the case."""
    case = case_or_404(request.user, pk, VIEW)
    return papers.hand_out_answer(case, file, by=request.user, at=clock.now())


@login_required
@require_safe
def service_proof(request: HttpRequest, pk: UUID, service: int) -> HttpResponseBase:
    """What proves that something was served names who has signed for it: for the office alone."""
    case = case_or_404(request.user, pk, OFFICE)
    return papers.hand_out_proof(case, service, by=request.user, at=clock.now())


@login_required
@require_safe
def leave(request: HttpRequest, registration: int, procedure: str) -> HttpResponse:
    """What leaving a list means, told before anything is begun."""
    own = access.organisations_for(request.user, FILE_APPLICATIONS)
    rows = Registration.objects.current().filter(organisation__in=own)
    unit = get_object_or_404(rows.select_related("organisation", "programme__city"), pk=registration)
    now = clock.now()
    row = procedure_in_force(unit.programme, procedure, now)
    if row is None or row.kind != queries.CLEARANCE or queries.own_request(row) is None:
        raise Http404
    return render(request, "clearance/leave.html", page.leave_context(unit, row, now))


def _leaving(user: User, typed: dict[str, str], pk: UUID) -> again.Page:
    """Whichever button was pressed, the words go into the draft and nothing is filed."""
    case = case_or_404(user, pk, FILE)
    if not case.is_editable:
        raise Http404
    return again.Page(f"{case.organisation}：{case.procedure.title}", ExitForm(), "保存草稿", {"do": "save"})


@again.described_by(_leaving)
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def exit_request(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The draft of an application to leave the list: what it means is told before anything can be confirmed."""
    case = case_or_404(request.user, pk, FILE)
    if case.procedure.kind != queries.CLEARANCE:
        raise Http404
    if not case.is_editable:
        return redirect("case", pk=pk)
    if request.method != "POST":
        return _show_exit(request, case, page.exit_form(case))
    return _post_exit(request, case, ExitForm(request.POST))


def _post_exit(request: HttpRequest, case: Case, form: ExitForm) -> HttpResponse:
    """Every button keeps what was typed first; a draft of a unit that has left can only be thrown away."""
    if case_steps.why_ended(case):
        if request.POST.get("do") == "discard":
            return _next_step(request, case, form)
        return _show_exit(request, case, form, status=WRONG)
    problems = _save_exit(request, case, form) if form.is_valid() else []
    if problems or not form.is_valid():
        return _show_exit(request, case, form, problems, title="还没有全部保存", status=WRONG)
    return _next_step(request, case, form)


def _save_exit(request: HttpRequest, case: Case, form: ExitForm) -> list[Problem]:
    """Keep the words and every upload that is what it says; tell of each that is not."""
    steps.save_exit(case, **form.cleaned_data, at=clock.now())
    return materials.keep_all(case, request.FILES, by=request.user, at=clock.now())


def _next_step(request: HttpRequest, case: Case, form: ExitForm) -> HttpResponse:
    do, now = request.POST.get("do", "save"), clock.now()
    if do == "discard" and case.status == Case.Status.DRAFT:
        case_steps.discard(case, by=request.user, at=now)
        messages.success(request, "已删除草稿")
        return redirect("my")
    if do != "submit":
        messages.success(request, "已保存草稿")
        return redirect("exit_request", pk=case.pk)
    try:
        filed = case_steps.submit(engine.load(case.pk), by=request.user, at=now)
    except Refused as refusal:
        problems = refusal.problems or [Problem("", refusal.message)]
        return _show_exit(request, case, form, problems, title=refusal.message, status=WRONG)
    messages.success(request, f"已提交，编号 {filed.number}")
    return redirect("case", pk=case.pk)


def _show_exit(
    request: HttpRequest,
    case: Case,
    form: ExitForm,
    problems: list[Problem] | None = None,
    *,
    title: str = "",
    status: int = 200,
) -> HttpResponse:
    context = page.exit_context(engine.load(case.pk), form, problems or [], clock.now())
    return render(request, "clearance/exit.html", context | {"title": title}, status=status)
