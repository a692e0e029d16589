from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from cities import built, decisions
from cities import comparison as compared
from cities.comparison.forms import ComparisonForm
from cities.forms import DayForm
from cities.models import Programme, Rulebook
from cities.rulebooks import articles, coverage, page
from cities.rulebooks.describe import anchor
from cities.rulebooks.effect import effect
from records import clock, spreadsheet


@require_safe
def rulebooks(request: HttpRequest) -> HttpResponse:
    """Every programme whose rules are public, with the version that a reader should see first."""
    now = clock.now()
    versions: dict[int, list[Rulebook]] = {}
    for version in page.every_public_version():
        versions.setdefault(version.programme_id, []).append(version)
    shown = [book for book in (page.shown_first(one, now) for one in versions.values()) if book]
    rows = [(book, page.standing(book, now)) for book in shown]
    return render(request, "cities/rulebooks.html", {"rows": rows, "now": now})


@require_safe
def rulebook(request: HttpRequest, slug: str) -> HttpResponse:
    """One version of a programme's rules: the one in force, or what `?version=` or the day in `?day=` asks for."""
    now = clock.now()
    programme = Programme.objects.filter(slug=slug).select_related("city").first()
    if programme is None:
        raise Http404("没有这个项目的规则。")
    versions, form = list(page.public_versions(programme)), DayForm(request.GET)
    if not versions:
        raise Http404(f"{programme.name}的规则还没有公布。")
    if not form.is_valid():
        return _no_version(request, programme, versions, form, status=400)
    if day := form.cleaned_data["day"]:
        at = compared.moment(day, now)
        shown = next((version for version in versions if version.is_in_force(at)), None)
        if shown is None:
            return _no_version(request, programme, versions, form, status=404)
    else:
        shown = _asked(request, versions, now)
        at = page.last_moment(shown, now)
    context = _page_of(programme, shown, versions, at) | {"form": form, "day": day}
    return render(request, "cities/rulebook.html", context)


def _asked(request: HttpRequest, versions: list[Rulebook], now: datetime) -> Rulebook:
    if "version" in request.GET:
        return _picked(versions, request.GET["version"])
    shown = page.shown_first(versions, now)
    assert shown is not None
    return shown


def _page_of(programme: Programme, shown: Rulebook, versions: list[Rulebook], at: datetime) -> dict[str, Any]:
    """What had been decided by that moment; how each version stands is said of the present."""
    now = clock.now()
    bound, traced = decisions.binding(shown, at), coverage.trace(shown, built.proven(shown))
    return {
        "programme": programme,
        "city": programme.city,
        "rulebook": shown,
        "standing": page.standing(shown, now),
        "began": page.began(shown) if shown.effective_from else None,
        "successor": page.replaced_by(shown),
        "effect": effect(shown, now),
        "versions": [(version, page.standing(version, now)) for version in versions],
        "readings": articles.head_readings(shown, bound),
        "articles": articles.articles(shown, traced, bound),
        "rules": len(traced),
        "summary": articles.summary(traced),
        "validity_url": f"#{anchor(shown.validity_article)}",
        "begins_url": f"#{anchor(shown.begins_in)}",
        "now": now,
    }


def _no_version(
    request: HttpRequest, programme: Programme, versions: list[Rulebook], form: DayForm, *, status: int
) -> HttpResponse:
    """Which versions there are, where the day asked for has none or is no day."""
    now = clock.now()
    context = {
        "programme": programme,
        "city": programme.city,
        "form": form,
        "day": form.cleaned_data.get("day"),
        "versions": [(version, page.standing(version, now)) for version in versions],
        "now": now,
    }
    return render(request, "cities/rulebook_day.html", context, status=status)


def _picked(versions: list[Rulebook], wanted: str) -> Rulebook:
    found = next((version for version in versions if str(version.version) == wanted.strip()), None)
    if found is None:
        known = "、".join(f"第 {version.version} 版" for version in versions) or "没有"
        raise Http404(f"没有这一版规则。已公布的：{known}。")
    return found


@require_safe
def comparison(request: HttpRequest) -> HttpResponse:
    """The programmes' rules side by side: `?programme=` picks some, `?day=` the day whose rules are meant."""
    form, table = _compared(request)
    context = {"form": form, "table": table, "query": request.GET.urlencode(), "now": clock.now()}
    return render(request, "cities/comparison.html", context, status=200 if table else 400)


@require_safe
def comparison_csv(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    form, table = _compared(request)
    if table is None:
        return comparison(request)
    response = StreamingHttpResponse(spreadsheet.lines(table.lines()), content_type=spreadsheet.CONTENT_TYPE)
    name = f"rules-{form.asked_day:%Y-%m-%d}.csv"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def _compared(request: HttpRequest) -> tuple[ComparisonForm, compared.Table | None]:
    """No table where the form says what is wrong."""
    now, known = clock.now(), compared.programmes()
    today = timezone.localdate(now)
    form = ComparisonForm(request.GET, programmes=[one for one, _ in known], today=today)
    if not form.is_valid():
        return form, None
    at = compared.moment(form.asked_day, now)
    wanted = [versions for one, versions in known if one.slug in form.cleaned_data["programme"]]
    return form, compared.compare(compared.shown(wanted, at), at)
