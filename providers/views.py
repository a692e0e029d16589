"""Open pages: no login, no personal data."""

from datetime import datetime
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import EmptyPage, Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from cities.models import Programme
from cities.queries import ended_rulebook
from providers import downloads, errata, listing, queries, standings, wording
from providers.forms import DayForm, ListForm
from providers.listing import NoSuchList, View
from providers.models import Organisation, Registration
from providers.standings import Standing
from records import beside, clock, spreadsheet
from records.beside import Beside

PER_PAGE = 20


@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    rows = groupby(listing.programmes(), key=lambda row: row["programme"].city)
    context = {"now": clock.now(), "cities": [(city, list(programmes)) for city, programmes in rows]}
    return render(request, "providers/lists.html", context)


@require_safe
def list_page(request: HttpRequest, slug: str) -> HttpResponse:
    return _list(request, _programme(slug), clock.now())


@require_safe
def list_csv(request: HttpRequest, slug: str) -> HttpResponse | StreamingHttpResponse:
    programme, now = _programme(slug), clock.now()
    form = DayForm(request.GET)
    view = _view(form, programme, now)
    if view is None:
        return _list(request, programme, now)
    number = view.edition.number if view.edition else 0
    response = StreamingHttpResponse(downloads.rows(view), content_type=spreadsheet.CONTENT_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, f"{programme.slug}-{number}.csv")
    return response


@require_safe
def edition_page(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    programme = _programme(slug)
    around = [number - 1, number, number + 1]
    found = {edition.number: edition for edition in programme.editions.filter(number__in=around)}
    if number not in found:
        raise Http404(f"{programme}没有第 {number} 版名单")
    now = clock.now()
    context = {
        "now": now,
        "programme": programme,
        "ended_rulebook": ended_rulebook(programme, now),
        "edition": found[number],
        "errata": errata.of_edition(found[number]),
        "size": wording.size(programme, found[number].counts),
        "beside": beside.of("edition", found[number]),
        "previous": found.get(number - 1),
        "next": found.get(number + 1),
        "crumbs": [*_crumbs(programme), (found[number], "")],
    }
    return render(request, "providers/edition.html", context)


@require_safe
def unit_page(request: HttpRequest, slug: str, credit_code: str) -> HttpResponse:
    programme, now = _programme(slug), clock.now()
    last = listing.registration_at(programme, credit_code, now)
    if last is None:
        raise Http404(f"{programme}的名单里没有信用代码为 {credit_code} 的单位")
    form = DayForm(request.GET)
    view = _view(form, programme, now)
    unit = listing.registration_at(programme, credit_code, view.at) if view else None
    if view and unit is None:
        form.add_error("day", ValidationError(f"{last.organisation}那天还不在名单", code=NoSuchList.MISSING))
    context = {
        "now": now,
        "programme": programme,
        "ended_rulebook": ended_rulebook(programme, now),
        "form": form,
        "view": view,
        "last": last,
        "crumbs": [*_crumbs(programme), (last.organisation.name, "")],
        "errata": errata.of_view(view, unit) if unit and view else [],
        "beside": beside.of("organisation", last.organisation),
        **(_unit(unit, view) if unit and view else {}),
    }
    return render(request, "providers/unit.html", context, status=_status(form))


@require_safe
def organisation_page(request: HttpRequest, credit_code: str) -> HttpResponse:
    now = clock.now()
    organisation = standings.organisation_at(credit_code, now)
    if organisation is None:
        raise Http404(f"没有一份名单里有信用代码为 {credit_code} 的企业或机构")
    context = {
        "now": now,
        "organisation": organisation,
        "standings": _standings(organisation, now),
        "beside": beside.of("organisation", organisation),
        "crumbs": [("首页", reverse("home")), ("名单", reverse("lists")), (organisation.name, "")],
    }
    return render(request, "providers/organisation.html", context)


def _standings(organisation: Organisation, now: datetime) -> list[tuple[Standing, list[Beside]]]:
    rows = standings.standings(organisation, now)
    told = beside.of_each("removal", [row for one in rows for row in one.listed])
    return [(one, [row for unit in one.listed for row in told[unit.pk]]) for one in rows]


def _unit(unit: Registration, view: View) -> dict[str, Any]:
    entries = unit.entries.at(view.at).values_list("category", flat=True)
    names = queries.category_names(view.programme)
    face = listing.faces([unit], view.at)[0]
    return {
        "unit": unit,
        "is_standing": unit.valid_to is None or unit.valid_to > view.at,
        "face": face,
        "has_catalogue": wording.has_catalogue(view.programme, len(face.snapshot["items"])),
        "profile": unit.organisation.profiles.at(view.at).first(),
        "categories": sorted({names.get(key, key) for key in entries}),
        "history": listing.history(unit),
    }


def _list(request: HttpRequest, programme: Programme, now: datetime) -> HttpResponse:
    industries = list(programme.industries.values_list("key", "name"))
    form = ListForm(request.GET, industries=industries, last=timezone.localdate(now))
    view = _view(form, programme, now)
    page = None if view is None else _page(form, view)
    context = {
        "now": now,
        "programme": programme,
        "ended_rulebook": ended_rulebook(programme, now),
        "form": form,
        "view": view,
        "page": page,
        "editions": listing.strip(programme, view.edition if view else None),
        "errata": errata.of_view(view) if view else [],
        "corrected_here": errata.made_by(view.edition) if view else [],
        "crumbs": _crumbs(programme, is_here=True),
    }
    if view is not None and page is not None:
        context |= {"units": listing.faces(page.object_list, view.at), "ended": _ended(view)}
    return render(request, "providers/list.html", context, status=_status(form))


def _ended(view: View) -> list[tuple[Registration, list[Beside]]]:
    rows = listing.ended(view)
    told = beside.of_each("removal", rows)
    return [(row, told[row.pk]) for row in rows]


def _view(form: DayForm, programme: Programme, now: datetime) -> View | None:
    """None where the form says what is wrong."""
    if not form.is_valid():
        return None
    asked = form.cleaned_data
    try:
        return listing.view(programme, now=now, day=asked["day"], number=asked["edition"])
    except NoSuchList as refused:
        form.add_error(refused.field, ValidationError(str(refused), code=refused.code))
        return None


def _page(form: ListForm, view: View) -> Page[Registration] | None:
    asked = form.cleaned_data
    paginator = Paginator(listing.units(view, q=asked["q"], industry=asked["industry"]), PER_PAGE)
    if not asked["q"]:
        # The edition knows; counting would take longer the longer the list.
        whole, part = view.counts["units"], view.counts["industries"].get(asked["industry"], 0)
        paginator.count = part if asked["industry"] else whole
    try:
        return paginator.page(asked["page"] or 1)
    except EmptyPage:
        message = f"没有第 {asked['page']} 页，一共 {paginator.num_pages} 页"
        form.add_error("page", ValidationError(message, code=NoSuchList.MISSING))
        return None


def _status(form: DayForm) -> int:
    """404 for a day, an edition or a page that there is not, 400 for what no list could answer."""
    codes = {error.code for errors in form.errors.as_data().values() for error in errors}
    if not codes:
        return 200
    return 404 if codes == {NoSuchList.MISSING} else 400


def _programme(slug: str) -> Programme:
    return get_object_or_404(Programme.objects.select_related("city"), slug=slug)


def _crumbs(programme: Programme, *, is_here: bool = False) -> list[tuple[Any, str]]:
    url = "" if is_here else reverse("list", args=[programme.slug])
    return [("首页", reverse("home")), ("名单", reverse("lists")), (f"{programme.city}{programme.name}", url)]
