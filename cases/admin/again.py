"""After an outage: all that was set aside for one reason, and all letters that failed, given back to the system at once."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts import access
from cases import engine
from cases.admin.facts import set_aside_words
from cases.desk import Waiting
from cases.models import Case
from cities.permissions import HANDLE_CASES
from records import clock, events, letters
from records.models import Letter, LetterDelivery

# What one press of the button does; after a long outage it is pressed again.
MOST = 200
NAMED, MOST_GROUPS = 5, 20


@dataclass(frozen=True)
class Group:
    """Cases that were set aside with the same words."""

    reason: str
    count: int
    cases: list[Case]

    @property
    def key(self) -> str:
        """In a page's form instead of the words, which may hold anything."""
        return hashlib.sha256(self.reason.encode()).hexdigest()

    @property
    def words(self) -> str:
        said, name = set_aside_words(self.reason)
        return f"{said}（{name}）" if name else said

    @property
    def more(self) -> int:
        return self.count - len(self.cases)


def again_page(site: Any, request: HttpRequest) -> HttpResponse:
    mine = list(access.programmes_for(request.user, HANDLE_CASES).values_list("pk", flat=True))
    if not mine:
        raise Http404
    if request.method == "POST":
        act = _ACTS.get(request.POST.get("what", ""))
        if act is None:
            raise Http404
        messages.success(request, act(request, mine, clock.now()))
        return redirect(request.path)
    context = {
        **site.each_context(request),
        "title": "一起重新办理",
        "groups": _groups(mine),
        "failed": _failed(mine).count(),
        "most": MOST,
    }
    return TemplateResponse(request, "admin/cases/again.html", context)


def waiting(programmes: list[int]) -> list[Waiting]:
    """Told where one page for each would be many."""
    aside, failed = _aside(programmes).count(), _failed(programmes).count()
    told = (
        (aside, f"{aside} 件被系统搁置，查明原因后可以一起重新办理"),
        (failed, f"{failed} 封信没有寄到，可以一起重新寄"),
    )
    return [Waiting(words, reverse("admin:cases_case_again")) for count, words in told if count]


def _aside(programmes: list[int]) -> QuerySet[Case]:
    return Case.objects.filter(programme__in=programmes, set_aside_at__isnull=False, wake_at__isnull=False)


def _groups(programmes: list[int]) -> list[Group]:
    rows = _aside(programmes)
    counts = (
        rows.order_by()
        .values_list("set_aside_reason")
        .annotate(number=Count("pk"))
        .order_by("-number")[:MOST_GROUPS]
    )
    named = rows.order_by("set_aside_at", "number")
    return [
        Group(reason, count, list(named.filter(set_aside_reason=reason)[:NAMED])) for reason, count in counts
    ]


def _failed(programmes: list[int]) -> QuerySet[Letter]:
    failed = LetterDelivery.objects.filter(state=LetterDelivery.State.FAILED).values("letter")
    return Letter.objects.filter(programme__in=programmes, pk__in=failed).order_by("written_at", "pk")


def _cases_again(request: HttpRequest, programmes: list[int], at: datetime) -> str:
    """A transaction each; one that somebody has taken up meanwhile is left alone."""
    reasons = [one.reason for one in _groups(programmes) if one.key == request.POST.get("reason")]
    rows = _aside(programmes).filter(set_aside_reason__in=reasons)
    found = list(rows.order_by("set_aside_at", "number").values_list("pk", flat=True)[: MOST + 1])
    done = 0
    for pk in found[:MOST]:
        with engine.locked(pk) as (case, _):
            if case.set_aside_at:
                engine.take_up_again(case, by=request.user, at=at)
                done += 1
    return f"{done} 件已重新交给系统，几分钟内办完。{_rest(found)}"


def _letters_again(request: HttpRequest, programmes: list[int], at: datetime) -> str:
    found = list(_failed(programmes).select_related("case", "programme")[: MOST + 1])
    by, people = access.acting(request), 0
    for letter in found[:MOST]:
        count = letters.send_again(letter, at=at)
        summary = f"重新寄信：{letter.subject}，{count} 人"
        events.record("letter.retry", summary, at=at, by=by, case=letter.case, programme=letter.programme)
        people += count
    return f"{len(found[:MOST])} 封信已重新排进寄信的队，{people} 人。{_rest(found)}"


def _rest(found: list[Any]) -> str:
    return "还有没办的，再按一次。" if len(found) > MOST else ""


_ACTS: dict[str, Callable[[HttpRequest, list[int], datetime], str]] = {
    "cases": _cases_again,
    "letters": _letters_again,
}
