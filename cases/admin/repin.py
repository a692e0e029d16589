"""Open cases that a newer version of the rules takes over: each with what differs, moved one by one or all that are shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts import access
from cases.errors import Refused
from cases.models import Case
from cases.versions import Comparison, Difference, repin, takers
from cases.versions.moving import NO_REASON, why_not
from cases.versions.previewing import unfinished
from cases.versions.taking_over import takes_over
from cities.models import Programme, Rulebook
from cities.permissions import DECIDE_CASES
from records import clock
from records.answers import WRONG
from records.fields import LongText
from records.pages import page_or_404

PER_PAGE = 20
MOVED_ON = "打开页面以后，这件有了变化，没有改。看过现在的情况再办。"


class ReasonForm(forms.Form):
    reason = LongText(
        label="为什么改按新版本",
        rows=2,
        max_length=200,
        help_text="记入每件的经过，单位看得到",
        error_messages={
            "required": NO_REASON,
            "max_length": "最多 %(limit_value)d 个字，现在有 %(show_value)d 个",
        },
    )


@dataclass(frozen=True)
class Waiting:
    """An open case with the version it is to go on by; `chosen` stands for both in the posted form."""

    case: Case
    rulebook: Rulebook

    @property
    def chosen(self) -> str:
        return f"{self.case.pk} {self.rulebook.pk}"


def repin_page(site: Any, request: HttpRequest, slug: str) -> HttpResponse:
    programme = access.programme_or_404(request.user, DECIDE_CASES, slug=slug)
    at = clock.now()
    waiting = waiting_cases(programme, at)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        _move(request, waiting, form.cleaned_data["reason"], at)
        return redirect(request.path)
    page = page_or_404(waiting, PER_PAGE, request.GET.get("page", "1"))
    context = {
        **site.each_context(request),
        "now": at,
        "programme": programme,
        "form": form,
        "page": page,
        "rows": rows(page, at),
        "title": "改按新版本办理",
        "number": len(waiting),
    }
    return TemplateResponse(
        request, "admin/cases/repin.html", context, status=WRONG if form.is_bound else 200
    )


def address(rulebook: Rulebook) -> str:
    """Where the open cases of a rulebook's programme are moved; empty for a version that takes over none."""
    if rulebook.standing != Rulebook.Standing.PUBLISHED or not takes_over(rulebook):
        return ""
    return page_of(rulebook.programme)


def page_of(programme: Programme) -> str:
    return reverse("admin:cases_case_repin", args=[programme.slug])


def waiting_cases(programme: Programme, at: datetime) -> list[Waiting]:
    newer = takers(programme, at)
    cases = [case for case in unfinished(programme) if case.rulebook_id in newer]
    return [Waiting(case, newer[case.rulebook_id]) for case in cases if case.rulebook_id]


def rows(waiting: Iterable[Waiting], at: datetime) -> list[dict[str, Any]]:
    comparisons: dict[int, Comparison] = {}
    found = []
    for one in waiting:
        comparison = comparisons.setdefault(one.rulebook.pk, Comparison(one.rulebook, at))
        found.append(_row(one, comparison.of(one.case), at))
    return found


def _row(one: Waiting, differences: list[Difference], at: datetime) -> dict[str, Any]:
    return {
        "case": one.case,
        "rulebook": one.rulebook,
        "chosen": one.chosen,
        "differences": differences,
        "why_not": why_not(one.case, one.rulebook, at),
        "is_named": True,
    }


def _move(request: HttpRequest, waiting: list[Waiting], reason: str, at: datetime) -> None:
    """One transaction each: what cannot be moved says why, and the others are."""
    known = {one.chosen: one for one in waiting}
    one = request.POST.get("one")
    moved, refused = [], []
    for chosen in [one] if one else request.POST.getlist("shown"):
        try:
            moved.append(str(_move_one(known.get(chosen), reason, request.user, at)))
        except Refused as refusal:
            refused.append(refusal.message)
    if moved:
        messages.success(request, f"已改按新版本 {len(moved)} 件：{'、'.join(moved)}。")
    for why in refused:
        messages.warning(request, why)


def _move_one(one: Waiting | None, reason: str, by: Any, at: datetime) -> Case:
    if one is None:
        raise Refused(MOVED_ON)
    return repin(one.case, one.rulebook, reason=reason, by=by, at=at)
