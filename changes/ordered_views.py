"""The applicant's page of an order that is carried out by a change: what will be written, and a button that begins it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts import access
from cases import inbox
from cases.access import VIEW, case_or_404
from cases.errors import Refused
from cases.models import Case
from cases.page import current_deadline
from cases.unit_notes import carrier
from changes import ordered
from changes.allowance import of_ordered
from providers.permissions import FILE_APPLICATIONS
from records import clock
from records.answers import WRONG


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ordered_change(request: HttpRequest, pk: UUID) -> HttpResponse:
    order = case_or_404(request.user, pk, VIEW)
    if not access.may(request.user, FILE_APPLICATIONS, order.organisation):
        raise Http404
    if inbox.withheld(request.user, order, clock.now()):
        return redirect("case", pk=pk)
    try:
        if request.method != "POST":
            return _show(request, order)
        draft = ordered.begin(order, by=request.user, at=clock.now())
    except Refused as refusal:
        if request.method != "POST":
            messages.error(request, refusal.message)
            return redirect("case", pk=pk)
        return _show(request, order, refusal.message, status=WRONG)
    return redirect("change", pk=draft.pk)


def _show(request: HttpRequest, order: Case, why: str = "", status: int = 200) -> HttpResponse:
    now = clock.now()
    partner, procedure = ordered.partner_of(order), ordered.procedure_for(order, now)
    draft = ordered.drafted(order, procedure)
    is_begun = draft is not None and draft.order_id == order.pk
    context = {
        "case": order,
        "organisation": order.organisation,
        "partner": partner,
        "places": ordered.standing(order, partner),
        "procedure": procedure,
        "draft": draft,
        "is_begun": is_begun,
        "obstacle": ordered.in_the_way(order, now),
        "carrier": carrier(order),
        "filed": ordered.filed(order),
        "deadline": current_deadline(order),
        "counting": of_ordered(procedure, now),
        "why": why,
    }
    return render(request, "changes/ordered.html", context, status=status)
