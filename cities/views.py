from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from cities.models import Programme, Rulebook
from cities.rulebooks import page
from cities.rulebooks.describe import anchor
from records import clock


def rulebooks(request: HttpRequest) -> HttpResponse:
    """Every programme whose rules are public, with the version that a reader should see first."""
    now = clock.now()
    versions: dict[int, list[Rulebook]] = {}
    for version in Rulebook.objects.exclude(standing=Rulebook.Standing.DRAFT).select_related(
        "programme__city"
    ):
        versions.setdefault(version.programme_id, []).append(version)
    shown = [book for book in (page.shown_first(one, now) for one in versions.values()) if book]
    rows = [(book, page.standing(book, now)) for book in shown]
    return render(request, "cities/rulebooks.html", {"rows": rows, "now": now})


def rulebook(request: HttpRequest, slug: str) -> HttpResponse:
    """One version of a programme's rules; `?version=` picks it, otherwise the one in force."""
    now = clock.now()
    programme = Programme.objects.filter(slug=slug).select_related("city").first()
    if programme is None:
        raise Http404("没有这个项目的规则。")
    versions = list(page.public_versions(programme))
    shown = (
        _picked(versions, request.GET["version"])
        if "version" in request.GET
        else page.shown_first(versions, now)
    )
    if shown is None:
        raise Http404(f"{programme.name}的规则还没有公布。")
    context = {
        "programme": programme,
        "city": programme.city,
        "rulebook": shown,
        "standing": page.standing(shown, now),
        "versions": [(version, page.standing(version, now)) for version in versions],
        "articles": page.articles(shown),
        "validity_url": f"#{anchor(shown.validity_article)}",
        "now": now,
    }
    return render(request, "cities/rulebook.html", context)


def _picked(versions: list[Rulebook], wanted: str) -> Rulebook:
    found = next((version for version in versions if str(version.version) == wanted.strip()), None)
    if found is None:
        known = "、".join(f"第 {version.version} 版" for version in versions) or "没有"
        raise Http404(f"没有这一版规则。已公布的：{known}。")
    return found
