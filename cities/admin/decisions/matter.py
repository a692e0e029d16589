"""The page of one matter: what is open, what was decided of it, and the forms to propose, confirm or decline."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from cities import decisions
from cities.admin.decisions.asked import holds, rulebook_or_404
from cities.admin.decisions.forms import DeclineForm, form_for
from cities.admin.decisions.listing import row_of
from cities.decisions import Matter, WrongDecision
from cities.models import OfficeDecision, Rulebook
from cities.permissions import CONFIRM_RULES, EDIT_RULES
from records import clock
from records.answers import WRONG
from records.words import full_day


@dataclass(frozen=True)
class Asked:
    site: Any
    request: HttpRequest
    rulebook: Rulebook
    matter: Matter

    def may(self, permission: str) -> bool:
        return holds(self.request.user, self.rulebook.programme, permission)


def matter_page(site: Any, request: HttpRequest, slug: str, version: int, key: str) -> HttpResponse:
    rulebook = rulebook_or_404(request.user, slug, version)
    found = decisions.matters(rulebook, clock.now())
    matter = next((one for one in found if one.key == key), None)
    if matter is None:
        raise Http404
    asked = Asked(site, request, rulebook, matter)
    if request.method != "POST":
        return _show(asked)
    action = ACTIONS.get(request.POST.get("action", ""))
    if action is None or not asked.may(action[0]):
        raise Http404
    return action[1](asked)


def _propose(asked: Asked) -> HttpResponse:
    form = form_for(asked.matter)(asked.matter, asked.request.POST)
    if not form.is_valid():
        return _show(asked, form=form)
    value, wording = form.decided()
    told = {name: form.cleaned_data[name] for name in ("basis", "decided_on", "effective_from")}
    try:
        decision = decisions.propose(
            asked.rulebook.programme,
            asked.matter,
            value=value,
            wording=wording,
            by=asked.request.user,
            at=clock.now(),
            **told,
        )
    except WrongDecision as wrong:
        form.add_error(None, str(wrong))
        return _show(asked, form=form)
    return _done(asked, f"已登记“{decision}”。由另一人确认以后才算数。")


def _confirm(asked: Asked) -> HttpResponse:
    try:
        made = decisions.confirm(_waiting(asked), by=asked.request.user, at=clock.now())
    except WrongDecision as wrong:
        return _show(asked, refusal=str(wrong))
    return _done(asked, f"已确认“{made}”，自 {full_day(made.binds_from)} 起生效；确认以前办的事不受影响。")


def _decline(asked: Asked) -> HttpResponse:
    form = DeclineForm(asked.request.POST)
    if not form.is_valid():
        return _show(asked, declined=form)
    because = form.cleaned_data["because"]
    try:
        made = decisions.decline(_waiting(asked), because=because, by=asked.request.user, at=clock.now())
    except WrongDecision as wrong:
        return _show(asked, declined=form, refusal=str(wrong))
    return _done(asked, f"已退回“{made}”。")


ACTIONS: dict[str, tuple[str, Callable[[Asked], HttpResponse]]] = {
    "propose": (EDIT_RULES, _propose),
    "confirm": (CONFIRM_RULES, _confirm),
    "decline": (CONFIRM_RULES, _decline),
}


def _waiting(asked: Asked) -> OfficeDecision:
    """One of this matter; whether it still waits is for the step to say."""
    wanted = asked.request.POST.get("decision", "")
    found = next((one for one in asked.matter.made if str(one.pk) == wanted), None)
    if found is None:
        raise Http404
    return found


def _done(asked: Asked, message: str) -> HttpResponse:
    messages.success(asked.request, message)
    return redirect(asked.request.path)


def _show(
    asked: Asked,
    *,
    form: forms.Form | None = None,
    declined: forms.Form | None = None,
    refusal: str = "",
) -> HttpResponse:
    """Whatever was filled in and refused is shown again with what is wrong."""
    matter, at = asked.matter, clock.now()
    wrong: list[Any] = [one for one in (form, declined) if one]
    context = {
        **asked.site.each_context(asked.request),
        "title": matter.title,
        "rulebook": asked.rulebook,
        "row": row_of(matter),
        "matter": matter,
        "waiting": _offers(asked, declined),
        "form": form or (form_for(matter)(matter) if asked.may(EDIT_RULES) else None),
        "wrong": [*wrong, *([[{"href": "", "text": refusal}]] if refusal else [])],
        "now": at,
        "is_popup": False,
    }
    status = WRONG if wrong or refusal else 200
    return TemplateResponse(asked.request, "admin/cities/decisions/matter.html", context, status=status)


def _offers(asked: Asked, declined: forms.Form | None) -> list[dict[str, Any]]:
    """What waits, each with whether this person may settle it and the form that was refused."""
    may_confirm, user = asked.may(CONFIRM_RULES), asked.request.user
    own = user.own_accounts() if user.is_authenticated else set()
    refused = asked.request.POST.get("decision", "") if declined else ""
    return [
        {
            "decision": one,
            "is_own": one.proposed_by_id in own,
            "may_settle": may_confirm and one.proposed_by_id not in own,
            "form": declined if declined and str(one.pk) == refused else _blank(one),
            "is_refused": str(one.pk) == refused,
        }
        for one in asked.matter.waiting
    ]


def _blank(decision: OfficeDecision) -> forms.Form:
    return DeclineForm(auto_id=f"id_%s_{decision.pk}")
