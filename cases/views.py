"""A case as its organisation sees it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access
from cases import inbox, kinds, materials, page, queries, steps, unit_notes
from cases.access import FILE, VIEW, WITHDRAW, case_or_404, may
from cases.deadlines import telling
from cases.errors import Refused
from cases.models import Case, Material
from cities.queries import limits_of, procedure_in_force
from providers.models import Registration
from providers.permissions import FILE_APPLICATIONS, VIEW_OWN
from records import beside, clock, words
from records.answers import WRONG
from records.files.purposes import Page, PurposeForm
from records.models import Letter

LONGEST_REASON = 400
LETTERS_PER_PAGE = 20


@login_required
@require_safe
def case(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _show(request, case_or_404(request.user, pk, VIEW))


def _show(request: HttpRequest, case: Case, error: str = "", status: int = 200) -> HttpResponse:
    if case.status == Case.Status.DRAFT:
        return redirect(kinds.of(case).edit_url(case))
    if case.result == Case.Result.DISCARDED:
        raise Http404("这份草稿已经删除。")
    now = clock.now()
    if receipt := inbox.withheld(request.user, case, now):
        return _show_unconfirmed(request, case, receipt, now)
    may_file = may(request.user, case, FILE)
    context: dict[str, Any] = {
        "case": case,
        "organisation": case.organisation,
        "stages": page.stage_line(case, now),
        "deadline": page.current_deadline(case),
        "deadline_told": telling.sentences(page.current_deadline(case)),
        "story": page.story(case),
        "meetings": page.meetings(case),
        "materials": queries.required_materials(case),
        "may_open_sensitive": materials.may_open_sensitive(request.user, case),
        "facts_template": kinds.of(case).facts_template,
        "facts": case.submission,
        "edit_url": kinds.of(case).edit_url(case) if case.is_editable and may_file else "",
        "asks": unit_notes.asks_unit(case),
        "told": unit_notes.note_words(case, page.current_deadline(case), now),
        "link": unit_notes.note_link(case),
        "obstacle": unit_notes.obstacle(case, now),
        "letters": inbox.of_case(case),
        "beside": beside.of("case", case),
        "may_withdraw": may(request.user, case, WITHDRAW),
        "is_office": not access.may(request.user, VIEW_OWN, case.organisation),
        "why_not_withdrawable": steps.why_not_withdrawable(case),
        "counting": limits_of(case.procedure, now).get("changes_per_window"),
        "error": error,
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "cases/case.html", context, status=status)


def _show_unconfirmed(
    request: HttpRequest, case: Case, receipt: inbox.Receipt, now: datetime
) -> HttpResponse:
    """No more than that there is something, and where it is confirmed."""
    told = inbox.titled(inbox.of_case(case), now)
    context = {"case": case, "organisation": case.organisation, "receipt": receipt, "letters": told}
    return render(request, "cases/unconfirmed.html", context)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    case = case_or_404(request.user, pk, WITHDRAW)
    reason = request.POST.get("reason", "").strip()
    if not reason:
        return _show(request, case, "写明为什么撤回", status=WRONG)
    if len(reason) > LONGEST_REASON:
        told = f"撤回的原因最多 {LONGEST_REASON} 字，现在 {len(reason)} 字"
        return _show(request, case, told, status=WRONG)
    try:
        steps.withdraw(case, by=request.user, at=clock.now(), reason=reason)
    except Refused as refusal:
        return _show(request, case_or_404(request.user, pk, VIEW), refusal.message, status=409)
    messages.success(request, f"已撤回 {case}")
    return redirect("case", pk=pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def material(request: HttpRequest, pk: UUID, material: int) -> HttpResponseBase:
    case = case_or_404(request.user, pk, VIEW)
    if inbox.withheld(request.user, case, clock.now()):
        return redirect("case", pk=pk)
    return materials.hand_out(materials.Asker(request, _asks(request, case), clock.now()), case, material)


def _asks(request: HttpRequest, case: Case) -> Callable[[Material], Page]:
    """Whoever opens it from here is of the office: its own unit is not asked."""

    def asks(document: Material) -> Page:
        def page(form: PurposeForm, status: int) -> HttpResponse:
            context = {"case": case, "stored": document.file, "form": form, "organisation": case.organisation}
            return render(request, "cases/open.html", context, status=status)

        return page

    return asks


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
    if draft.channel == Case.Channel.PAPER:
        messages.error(
            request,
            f"工作人员正在录入您单位的纸质申请“{row.title}”（{_received(draft)}收到），不能再申请一份。"
            "要改在网上提交的，联系工作人员删除那份草稿。",
        )
        return redirect("my")
    return redirect(kinds.of(draft).edit_url(draft))


def _received(draft: Case) -> str:
    return words.full_day(draft.received_on) + " " if draft.received_on else ""


@login_required
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """What the user's organisations were told, the newest first; whether or not any e-mail arrived."""
    own = access.organisations_for(request.user, VIEW_OWN)
    if not own:
        raise Http404
    found = Paginator(inbox.letters_for(request.user), LETTERS_PER_PAGE).get_page(request.GET.get("page"))
    now = clock.now()
    rows = inbox.titled(found, now)
    context = {"now": now, "organisation": " · ".join(map(str, own)), "page": found, "rows": rows}
    return render(request, "cases/letters.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter; who opens it has read it. What serves something says so first, and is opened by a button."""
    found = access.one_or_404(inbox.letters_for(request.user), pk=pk)
    now = clock.now()
    if request.method == "POST":
        inbox.confirm(found, request.user, now)
        return redirect("my_letter", pk=pk)
    receipt = inbox.receipt(found, now)
    if receipt is None:
        inbox.open_letter(found, request.user, now)
    context = {
        "now": now,
        "organisation": found.organisation,
        "letter": found,
        "receipt": receipt,
        "title": receipt.title if receipt else found.subject,
        "since": [] if receipt else _changed_since(found),
    }
    return render(request, "cases/letter.html", context)


def _changed_since(letter: Letter) -> list[str]:
    """What became of the days that a letter asks something by, since it was written."""
    deadline = page.current_deadline(letter.case) if letter.case else None
    is_told = deadline is not None and deadline.started_at == letter.written_at
    return telling.sentences(deadline) if is_told else []
