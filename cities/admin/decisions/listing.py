"""All that the rules of a programme leave open: what blocks first, then what waits for confirmation, then readings."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from cities import decisions
from cities.admin.decisions.asked import programmes_seen, version_first, versions_of
from cities.decisions import Matter
from cities.models import OfficeDecision, Programme, Rulebook
from cities.queries import ended_rulebook
from records import clock

ALL = "all"
# What can be picked: its words, and which matters it picks.
SHOWN: dict[str, tuple[str, Callable[[Matter], bool]]] = {
    "blocks": ("没有确定", lambda matter: matter.blocks and not matter.waiting),
    "waits": ("等待确认", lambda matter: bool(matter.waiting)),
    "decided": ("已经确定", lambda matter: matter.decision is not None),
    ALL: ("全部", lambda matter: True),
}
GROUPS = ("没有确定：条文没有写，也没有定过", "等待确认：已经登记，由另一人确认", "我们的理解和已经定的")


@dataclass(frozen=True)
class Row:
    """`decision` is what is set now; `is_ours` says that it is our reading, `waits` that only a later version carries it out."""

    matter: Matter
    decision: OfficeDecision | None
    is_ours: bool
    waits: bool


def row_of(matter: Matter) -> Row:
    made = matter.decision
    return Row(
        matter,
        made,
        is_ours=made is not None and decisions.confirms(made, matter.reading),
        waits=made is not None and decisions.waits_for_version(made, matter.reading),
    )


def listing_page(site: Any, request: HttpRequest) -> HttpResponse:
    at = clock.now()
    programmes = programmes_seen(request.user)
    programme = _programme(programmes, request.GET.get("programme", ""))
    versions = versions_of(programme)
    rulebook = _version(versions, request.GET.get("version", "")) or version_first(versions, at)
    shown = _shown(request.GET.get("show", ALL))
    found = decisions.matters(rulebook, at) if rulebook else []
    counted = {key: sum(map(picks, found)) for key, (_, picks) in SHOWN.items()}
    context = {
        **site.each_context(request),
        "title": headline(counted),
        "is_over": rulebook is not None and rulebook == ended_rulebook(programme, at),
        "programmes": programmes,
        "programme": programme,
        "versions": versions,
        "rulebook": rulebook,
        "shown": shown,
        "tabs": [(key, words, counted[key]) for key, (words, _) in SHOWN.items()],
        "counted": counted,
        "groups": _grouped([one for one in found if SHOWN[shown][1](one)]),
        "orphans": decisions.orphans(programme, found, at) if rulebook else [],
        "now": at,
        "is_popup": False,
    }
    return TemplateResponse(request, "admin/cities/decisions/list.html", context)


def headline(counted: dict[str, int]) -> str:
    if not counted[ALL]:
        return "没有未写明的事项"
    parts = [f"{counted[key]} 项{SHOWN[key][0]}" for key in ("blocks", "waits") if counted[key]]
    return "，".join([f"未写明的事项 {counted[ALL]} 项", *parts])


def _grouped(found: list[Matter]) -> list[tuple[str, list[Row]]]:
    groups: dict[str, list[Row]] = {label: [] for label in GROUPS}
    for matter in found:
        place = 1 if matter.waiting else 0 if matter.blocks else 2
        groups[GROUPS[place]].append(row_of(matter))
    return [(label, rows) for label, rows in groups.items() if rows]


def _programme(programmes: list[Programme], slug: str) -> Programme:
    found = next((one for one in programmes if slug in ("", one.slug)), None)
    if found is None:
        raise Http404
    return found


def _version(versions: list[Rulebook], asked: str) -> Rulebook | None:
    found = next((one for one in versions if str(one.version) == asked), None)
    if asked and found is None:
        raise Http404("没有这一版规则。")
    return found


def _shown(asked: str) -> str:
    if asked not in SHOWN:
        raise Http404("没有这样的筛选。")
    return asked
