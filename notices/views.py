"""Open pages: what was issued, as page, file and feed, and whether a document is genuine."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from accounts.access import one_or_404
from cases import inbox
from cases.access import VIEW, case_or_404
from cities.models import Programme
from notices import document, feeds, queries, verifying
from notices.forms import SearchForm, VerifyForm
from notices.handing import handed_out
from notices.models import Notice
from records import clock, throttle
from records.answers import WRONG
from records.pages import page_or_404

PER_PAGE, IN_FEED = 20, 30
# Of a network, to look at documents one by one is in order, to try codes by the thousand is not.
TRIES, SECONDS = 60, 10 * 60
TOO_MANY = "这个网络十分钟里查验得太多。过一会儿再试。"


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    return _list(request, form, asked.get("programme"), str(asked.get("q", "")))


@require_safe
def programme_notices(request: HttpRequest, slug: str) -> HttpResponse:
    form = SearchForm({"q": request.GET.get("q", ""), "programme": slug})
    programme = get_object_or_404(Programme.objects.select_related("city"), slug=slug)
    sought = str(form.cleaned_data["q"]) if form.is_valid() else ""
    return _list(request, form, programme, sought)


def _list(request: HttpRequest, form: SearchForm, programme: Programme | None, sought: str) -> HttpResponse:
    page = page_or_404(queries.listed(programme, sought), PER_PAGE, request.GET.get("page", "1"))
    context = {"now": clock.now(), "form": form, "programme": programme, "sought": sought, "page": page}
    return render(request, "notices/list.html", context, status=200 if form.is_valid() else 400)


@require_safe
def notice_page(request: HttpRequest, code: str) -> HttpResponse:
    notice = one_or_404(queries.whole(), code=code)
    context = {
        "now": clock.now(),
        "notice": notice,
        "doc": document.of(notice),
        "is_shown": notice.state == Notice.State.ISSUED,
        "followers": queries.followers(notice),
        "earlier": queries.earlier(notice),
        "instead": [one for one in notice.fonts if one.get("instead")],
        "crumbs": [("首页", reverse("home")), ("公文", reverse("notices")), (notice.title, "")],
    }
    return render(request, "notices/notice.html", context)


@require_safe
def notice_file(request: HttpRequest, code: str) -> HttpResponseBase:
    return handed_out(one_or_404(queries.whole(), code=code), "file")


@require_safe
def sealed_file(request: HttpRequest, code: str) -> HttpResponseBase:
    return handed_out(one_or_404(queries.whole(), code=code), "sealed")


@login_required
@require_safe
def case_notice(request: HttpRequest, pk: UUID, code: str) -> HttpResponseBase:
    """For whoever may see the case; the one way to a document that is not public."""
    case = case_or_404(request.user, pk, VIEW)
    if inbox.withheld(request.user, case, clock.now()):
        return redirect("case", pk=pk)
    return handed_out(one_or_404(queries.handed_out(case), code=code), "file")


@require_safe
def feed(request: HttpRequest, slug: str) -> HttpResponse:
    programme = get_object_or_404(Programme.objects.select_related("city"), slug=slug)
    return _feed(request, feeds.of_programme(programme, request), queries.listed(programme))


@require_safe
def feed_of_all(request: HttpRequest) -> HttpResponse:
    return _feed(request, feeds.of_all(request), queries.listed())


def _feed(request: HttpRequest, feed: Atom1Feed, rows: QuerySet[Notice]) -> HttpResponse:
    content = feeds.filled(feed, rows[:IN_FEED], request)
    return HttpResponse(content, content_type="application/atom+xml; charset=utf-8")


# Without a token, because it changes nothing and public pages set no cookie.
@csrf_exempt
def verify(request: HttpRequest, code: str = "") -> HttpResponse:
    typed = {"code": code or request.GET.get("code", "")}
    asked = request.method == "POST" or any(typed.values())
    if request.method == "POST":
        form = VerifyForm(request.POST, request.FILES)
    else:
        form = VerifyForm(typed if asked else None)
    context: dict[str, Any] = {"now": clock.now(), "form": form, "verdict": None}
    if not asked:
        return render(request, "notices/verify.html", context)
    if throttle.count("verify", throttle.network_of(request), seconds=SECONDS) > TRIES:
        return render(request, "notices/verify.html", {**context, "refusal": TOO_MANY}, status=429)
    if form.is_valid():
        context["verdict"] = verifying.verify(form.cleaned_data["code"], form.cleaned_data["file"])
    return render(request, "notices/verify.html", context, status=200 if form.is_valid() else WRONG)
