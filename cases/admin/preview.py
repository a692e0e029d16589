"""What a version of the rules would change for what is open now, before or after it is published."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from accounts import access
from cases.models import Case
from cases.versions import CaseDifference, preview
from cases.versions.previewing import MOST
from cases.versions.taking_over import takes_over
from cities.models import Rulebook
from cities.permissions import CONFIRM_RULES, EDIT_RULES, VIEW_CASES
from records import clock
from records.fields import DATE_INVALID, date_input

WRONG = ("invalid", "min_value")
SEEN_WITH = (EDIT_RULES, CONFIRM_RULES)


class FromDayForm(forms.Form):
    from_day = forms.DateField(
        label="从哪一天起施行",
        widget=date_input(),
        error_messages={"required": "写明从哪一天起施行", "invalid": DATE_INVALID},
    )
    page = forms.IntegerField(
        min_value=1,
        required=False,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(WRONG, "没有这一页"),
    )


def preview_page(site: Any, request: HttpRequest, pk: int) -> HttpResponse:
    rulebook = access.one_or_404(_rulebooks(request.user), pk=pk)
    at = clock.now()
    form = FromDayForm({"from_day": _default(rulebook, at), **request.GET.dict()})
    context = {
        **site.each_context(request),
        "now": at,
        "rulebook": rulebook,
        "form": form,
        "title": "预览影响",
        "takes_over": takes_over(rulebook),
        "most": MOST,
    }
    if form.is_valid():
        context |= _found(rulebook, form.cleaned_data, request.user, at)
    status = 200 if form.is_valid() else 400
    return TemplateResponse(request, "admin/cases/preview.html", context, status=status)


def address(rulebook: Rulebook) -> str:
    return reverse("admin:cases_case_preview", args=[rulebook.pk])


def _rulebooks(user: Any) -> Any:
    programmes = [access.programmes_for(user, permission) for permission in SEEN_WITH]
    return Rulebook.objects.filter(programme__in=programmes[0] | programmes[1]).select_related(
        "programme__city"
    )


def _default(rulebook: Rulebook, at: datetime) -> Any:
    return rulebook.effective_from or timezone.localdate(at)


def _found(rulebook: Rulebook, asked: dict[str, Any], user: Any, at: datetime) -> dict[str, Any]:
    from_day, page = asked["from_day"], asked["page"] or 1
    found = preview(rulebook, from_day, at=at, page=page)
    sees = access.may(user, VIEW_CASES, rulebook.programme)
    return {
        "preview": found,
        "from_day": from_day,
        "rows": [_row(one, is_named=sees and is_shown(one.case)) for one in found.different],
        "sees": sees,
        "earlier": page - 1 if found.before else None,
        "later": page + 1 if found.after else None,
    }


def _row(one: CaseDifference, *, is_named: bool) -> dict[str, Any]:
    return {"case": one.case, "differences": one.rows, "is_named": is_named}


def is_shown(case: Case) -> bool:
    """A provider's draft is its own; the office sees what was filed and what it writes itself."""
    return case.submitted_at is not None or case.is_written_by_office
