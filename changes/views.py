"""The applicant's pages of a change. A view picks, asks, calls and tells."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.login import again
from accounts.models import User
from cases import materials
from cases import steps as case_steps
from cases.access import FILE, case_or_404
from cases.checks import Check, forbidding
from cases.errors import Problem, Refused
from cases.models import Case
from cases.operations.forms import OPERATION_FORMS, CandidateFields, OperationForm, initial_of
from cases.operations.words import action_name
from changes import checks, offered, page, queries, steps
from changes.checks.question import Question
from changes.forms import ChangeForm
from changes.kind import comparison
from changes.models import Operation, PartnerChange
from providers import snapshots
from providers.queries import edition_at, snapshot
from providers.snapshots import Snapshot, StaleOperation
from records import clock
from records.answers import WRONG


def _draft(user: User, typed: dict[str, str], pk: UUID) -> again.Page:
    """Whichever button was pressed, the words go into the draft and nothing is filed."""
    case = _editable(user, pk)
    title = f"{case.organisation}：{case.procedure.title}"
    return again.Page(title, ChangeForm(procedure=case.procedure), "保存草稿", {"do": "save"})


def _editable(user: User, pk: UUID) -> Case:
    case = case_or_404(user, pk, FILE)
    if not case.is_editable:
        raise Http404
    return case


@again.described_by(_draft)
@login_required
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The draft on one page. Every button keeps what was typed and uploaded before it does anything else."""
    case = case_or_404(request.user, pk, FILE)
    if not case.is_editable:
        return _no_longer(request, case)
    if case_steps.bring_up_to_date(case, at=clock.now()):
        messages.info(request, "规则有了新版本，这份草稿改按新版本查验，看看材料和次数有没有变")
        case = case_or_404(request.user, pk, FILE)
    if request.method != "POST":
        return _show(request, case, page.initial_form(case))
    form = ChangeForm(request.POST, procedure=case.procedure)
    if case_steps.why_ended(case) and request.POST.get("do") != "discard":
        return _show(request, case, form, title="没有保存", status=WRONG)
    try:
        problems = [] if case_steps.why_ended(case) else _save(request, case, form)
        if problems or not form.is_valid():
            return _show(request, case, form, problems, title=_not_kept(form, problems), status=WRONG)
        return _next_step(request, case, form)
    except steps.WrittenElsewhere as conflict:
        problem = Problem("reason", conflict.message)
        case.partner_change.refresh_from_db()
        return _show(
            request, case, form, [problem], title="还没有保存", saved=case.partner_change, status=409
        )
    except Refused:  # filed in another window between the two looks at it
        return _no_longer(request, case_or_404(request.user, pk, FILE))


def _no_longer(request: HttpRequest, case: Case) -> HttpResponse:
    """Somebody else has filed it meanwhile, or this window was left open: what was typed cannot go in."""
    if request.method == "POST":
        filed = f"{case} 已经提交，不能再改。要改，联系工作人员退回补正。"
        messages.error(request, f"没有保存：{case_steps.why_ended(case) or filed}")
    return redirect("case", pk=case.pk)


def _not_kept(form: ChangeForm, problems: list[Problem]) -> str:
    """What of this one press of a button was kept, and what was not."""
    if not form.is_valid():
        return "文字还没有保存，有几处要改"
    return f"有 {len(problems)} 个文件没有收下，其余已保存"


def _next_step(request: HttpRequest, case: Case, form: ChangeForm) -> HttpResponse:
    do = request.POST.get("do", "save")
    if do in OPERATION_FORMS:
        return redirect("change_operation", pk=case.pk, action=do)
    if do.startswith("remove-"):
        return _remove(request, case, do.removeprefix("remove-"))
    if do == "submit":
        return _submit(request, case, form)
    if do == "discard" and case.status == Case.Status.DRAFT:
        case_steps.discard(case, by=request.user, at=clock.now())
        messages.success(request, "已删除草稿")
        return redirect("my")
    messages.success(request, "已保存草稿")
    return redirect("change", pk=case.pk)


def _remove(request: HttpRequest, case: Case, operation: str) -> HttpResponse:
    if not operation.isdecimal():
        raise Http404
    row = case.partner_change.operations.filter(pk=operation).first()
    if row:
        steps.remove_operation(row, at=clock.now())
    messages.success(request, "已撤销这一项变更" if row else "这一项已经不在变更里")
    return redirect(reverse("change", args=[case.pk]) + "#operations")


def _submit(request: HttpRequest, case: Case, form: ChangeForm) -> HttpResponse:
    try:
        filed = case_steps.submit(case, by=request.user, at=clock.now())
    except Refused as refusal:
        problems = refusal.problems or [Problem("", refusal.message)]
        return _show(request, case, form, problems, title=refusal.message, status=WRONG)
    messages.success(request, f"已提交，编号 {filed.number}")
    return redirect("case", pk=case.pk)


def _save(request: HttpRequest, case: Case, form: ChangeForm) -> list[Problem]:
    """Keep the words if they fit, and every upload that is what it says; tell of each that is not."""
    if form.is_valid():
        steps.save(case, **form.cleaned_data, at=clock.now())
    return materials.keep_all(case, request.FILES, by=request.user, at=clock.now())


def _show(
    request: HttpRequest,
    case: Case,
    form: ChangeForm,
    problems: list[Problem] | None = None,
    *,
    title: str = "",
    saved: PartnerChange | None = None,
    status: int = 200,
) -> HttpResponse:
    """`saved` is what somebody else has written meanwhile, to be compared with what was typed."""
    context = page.context(case, form, problems or [], clock.now()) | {"title": title, "saved": saved}
    return render(request, "changes/change.html", context, status=status)


def _operation(user: User, typed: dict[str, str], pk: UUID, action: str) -> again.Page:
    """Only opens the form with what was typed."""
    case = _editable(user, pk)
    if action not in OPERATION_FORMS or offered.refusal(case.procedure, action):
        raise Http404
    form = OPERATION_FORMS[action](case=case, list_now=_list_now(case))
    title = f"{case.organisation}：{action_name(action, case.programme)}"
    return again.Page(title, form, "打开填好的表", {"do": "look"})


@again.described_by(_operation)
@login_required
def add_operation(request: HttpRequest, pk: UUID, action: str) -> HttpResponse:
    """One more operation. `do=look` only shows how the candidate stands, and keeps what was typed."""
    case = case_or_404(request.user, pk, FILE)
    if action not in OPERATION_FORMS:
        raise Http404
    if not case.is_editable:
        return _no_longer(request, case)
    if why := case_steps.why_ended(case) or offered.refusal(case.procedure, action):
        messages.error(request, why)
        return redirect("change", pk=case.pk)
    list_now = _list_now(case)
    typed = request.POST if request.method == "POST" else None
    form = OPERATION_FORMS[action](
        typed, case=case, list_now=list_now, initial=initial_of(request.GET, list_now)
    )
    if typed is None:
        return _show_operation(request, case, form)
    if not form.is_valid():
        return _show_operation(request, case, form, status=WRONG)
    if request.POST.get("do") == "look":
        return _show_operation(request, case, form, found=_look(case, form))
    found = _look(case, form)
    if against := forbidding(found):
        for check in against:
            form.add_error(None, f"{check.message}（{check.article}）。{check.advice}")
        return _show_operation(request, case, form, found=found, status=WRONG)
    try:
        steps.add_operation(case, action, at=clock.now(), **form.facts())
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _show_operation(request, case, form, found=found, status=WRONG)
    messages.success(request, f"已加入变更：{action_name(action, case.programme)}")
    return redirect(reverse("change", args=[case.pk]) + "#operations")


def _look(case: Case, form: OperationForm) -> list[Check]:
    """How a candidate stands against the limits in this industry, before it is asked for."""
    if not isinstance(form, CandidateFields):
        return []
    operation = Operation(action=form.action, **form.facts()).as_operation()
    return checks.candidate_checks(case, operation, at=clock.now())


def _show_operation(
    request: HttpRequest, case: Case, form: OperationForm, found: list[Any] | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "case": case,
        "organisation": case.organisation,
        "form": form,
        "label": action_name(form.action, case.programme),
        "can_look": isinstance(form, CandidateFields) and checks.has_candidate_limits(case, at=clock.now()),
        "nothing_to_choose": form.nothing_to_choose,
        "to_choose": form.to_choose(),
        "found": found,
    }
    return render(request, "changes/operation.html", context, status=status)


def _list_now(case: Case) -> Snapshot:
    """The list as it would be after what the change holds already, so that one may go on from there."""
    assert case.registration is not None
    now = snapshot(case.registration, clock.now())
    try:
        return snapshots.after(now, queries.operations_of(case))
    except StaleOperation:
        return now


@login_required
@require_safe
def printable(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The resulting list, to be printed, sealed and uploaded."""
    case, at = case_or_404(request.user, pk, FILE), clock.now()
    context = {
        "case": case,
        "organisation": case.organisation,
        "has_catalogue": "catalogue" in offered.subjects(case.procedure),
        **comparison(Question.of(case, at), edition_at(case.programme, at)),
    }
    return render(request, "changes/print.html", context)
