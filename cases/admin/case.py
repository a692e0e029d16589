"""The page of a case: read by whoever may see it, worked on by buttons; no field is ever edited."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts.login import again
from cases import desk, engine, kinds, steps
from cases.access import FILE, OFFICE, case_or_404
from cases.admin import facts
from cases.desk import DeskAction, DeskForm, Done
from cases.errors import Refused
from cases.materials import Asker, hand_out
from cases.models import Case, Material
from records import clock, files, reads
from records.answers import WRONG
from records.files.purposes import Page, PurposeForm


class Outdated(Refused):
    """The page was opened before the case moved on."""


def case_page(site: Any, request: HttpRequest, pk: UUID) -> HttpResponse:
    case = case_or_404(request.user, pk, OFFICE)
    if case.submitted_at is None:
        return _to_the_draft(request, case)
    if request.method != "POST":
        return _show(site, request, case)
    return _verify_seal(site, request, case) if "seal" in request.POST else _act(site, request, case)


def described(user: Any, typed: dict[str, str], pk: UUID) -> again.Page:
    """What was filled in there when a log-in was over; it is decided here and sent from nowhere else."""
    case = case_or_404(user, pk, OFFICE)
    action = desk.find(typed.get("action", ""))
    if action is None or not action.available(case, user):
        return again.Page(f"{case} {case.procedure}", Form())
    return again.Page(f"{case} {case.procedure}：{action.label}", action.form(case, user, clock.now()))


def material(site: Any, request: HttpRequest, pk: UUID, material_pk: int) -> HttpResponseBase:
    case = case_or_404(request.user, pk, OFFICE)
    return hand_out(Asker(request, _asks(site, request, case), clock.now()), case, material_pk)


def _asks(site: Any, request: HttpRequest, case: Case) -> Callable[[Material], Page]:
    def asks(document: Material) -> Page:
        def page(form: PurposeForm, status: int) -> HttpResponse:
            context = {
                **site.each_context(request),
                "title": "打开含个人信息的材料",
                "stored": document.file,
                "form": form,
                "back": reverse("admin:cases_case_change", args=[case.pk]),
                "back_label": str(case),
            }
            return TemplateResponse(request, "admin/files/open.html", context, status=status)

        return page

    return asks


def _to_the_draft(request: HttpRequest, case: Case) -> HttpResponse:
    """What the office is entering from paper has its own page; nobody else sees it."""
    case_or_404(request.user, case.pk, FILE)
    if case.status != Case.Status.DRAFT:
        raise Http404
    return redirect(kinds.of(case).edit_url(case))


def _act(site: Any, request: HttpRequest, case: Case) -> HttpResponse:
    """Do what was chosen. A refusal shows everything at once and keeps what was typed."""
    at, key = clock.now(), request.POST.get("action", "")
    action = desk.find(key)
    if action is None:
        return _show(site, request, case, refusal=Refused("没有这个操作。在下面选一个。"), status=400)
    form = (
        action.form(case, request.user, at, data=request.POST) if _is_offered(case, action, request) else None
    )
    try:
        if form is None or _moved_on(case, request):
            raise _outdated(case, request)
        form.files = request.FILES
        if not form.is_valid():
            return _show(site, request, case, bound=(action, form), status=WRONG)
        done = _perform(case, action, form, request, at)
    except Refused as refusal:
        return _refused(site, request, action, form, refusal)
    _tell(request, done)
    return redirect(request.path)


def _perform(case: Case, action: DeskAction, form: DeskForm, request: HttpRequest, at: datetime) -> Done:
    """Under the case's lock, so that what the person saw is what is acted on."""
    with files.whole(), engine.locked(case.pk) as (fresh, _):
        if _moved_on(fresh, request) or not action.available(fresh, request.user):
            raise _outdated(fresh, request)
        return action.perform(fresh, form.cleaned_data, by=request.user, at=at)


def _refused(
    site: Any, request: HttpRequest, action: DeskAction, form: DeskForm | None, refusal: Refused
) -> HttpResponse:
    case = case_or_404(request.user, request.resolver_match.kwargs["pk"], OFFICE)  # type: ignore[union-attr]
    if isinstance(refusal, Outdated) or form is None:
        return _show(site, request, case, refusal=refusal, typed=_typed(request), status=WRONG)
    form.take(refusal)
    return _show(site, request, case, refusal=refusal, bound=(action, form), status=WRONG)


def _verify_seal(site: Any, request: HttpRequest, case: Case) -> HttpResponse:
    chosen = request.POST["seal"]
    document = get_object_or_404(
        Material, case=case, replaced_at=None, pk=chosen if chosen.isdecimal() else 0
    )
    try:
        steps.verify_seal(document, by=request.user, at=clock.now())
    except Refused as refusal:
        return _show(site, request, case, refusal=refusal, status=WRONG)
    return redirect(f"{request.path}#materials")


@reads.kept()
def _show(
    site: Any,
    request: HttpRequest,
    case: Case,
    *,
    refusal: Refused | None = None,
    bound: tuple[DeskAction, DeskForm] | None = None,
    typed: str = "",
    status: int = 200,
) -> HttpResponse:
    at = clock.now()
    offers = _offers(case, request.user, at, bound, typed)
    context = {
        **site.each_context(request),
        **facts.context(case, request.user, at),
        "title": f"{case} {case.procedure}",
        "refusal": refusal,
        "problem_title": _problem_title(refusal),
        "problems": _problems(refusal, bound),
        "typed": "" if any("opinion" in offer["form"].fields for offer in offers) else typed,
        "actions": offers,
        "guard": guard(case),
        "worklist_url": reverse("admin:cases_case_changelist"),
    }
    return TemplateResponse(request, "admin/cases/case.html", context, status=status)


def _offers(
    case: Case, user: Any, at: datetime, bound: tuple[DeskAction, DeskForm] | None, typed: str
) -> list[dict[str, Any]]:
    """The forms of what may be done now; the one that was refused keeps what was filled in."""
    offers = []
    for action in desk.actions(case, user):
        is_bound = bound is not None and bound[0].key == action.key
        form = bound[1] if bound and is_bound else action.form(case, user, at, initial={"opinion": typed})
        offers.append({"action": action, "form": form, **action.context(case, at)})
    return offers


def _problem_title(refusal: Refused | None) -> str:
    """A refusal of one sentence is what the summary lists; as its title too it would be said twice."""
    if refusal is None:
        return ""
    return refusal.message if refusal.problems else "尚未办理"


def _problems(refusal: Refused | None, bound: tuple[DeskAction, DeskForm] | None) -> list[Any]:
    """What the summary lists: the form with its errors, what has no field, or the refusal itself."""
    if bound:
        form = bound[1]
        rows = [form, form.elsewhere]
        if refusal and not refusal.problems:
            rows.append([{"href": "", "text": refusal.message}])
        return rows
    return [[{"href": "", "text": refusal.message}]] if refusal else []


def _is_offered(case: Case, action: DeskAction, request: HttpRequest) -> bool:
    return any(offered.key == action.key for offered in desk.actions(case, request.user))


def guard(case: Case) -> dict[str, str]:
    """What a posted form must still match: the stage, and since when the case has been there."""
    return {
        "stage": str(case.stage_id or ""),
        "since": case.stage_since.isoformat() if case.stage_since else "",
    }


def _moved_on(case: Case, request: HttpRequest) -> bool:
    return any(request.POST.get(name) != value for name, value in guard(case).items())


def _outdated(case: Case, request: HttpRequest) -> Outdated:
    where = (
        f"在“{case.stage}”" if case.status == Case.Status.OPEN else f"已办结（{case.get_result_display()}）"
    )
    kept = "；您写的内容保留在下面" if _typed(request) else ""
    return Outdated(f"您打开页面以后，{case} 有了变化，现在{where}。看过现在的情况再办{kept}。")


def _typed(request: HttpRequest) -> str:
    """The words of a form that could not be used."""
    return next(
        (text for name in ("opinion", "reason", "text") if (text := request.POST.get(name, "").strip())), ""
    )


def _tell(request: HttpRequest, done: Done) -> None:
    messages.add_message(request, messages.SUCCESS if done.is_good else messages.WARNING, done.message)
