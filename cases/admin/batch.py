"""The page of a batch: its cases as a table, decided one by one or together, taken out, split, added to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts import access
from cases import batch_queries, batches, desk, effect, engine, kinds, people
from cases.admin.actions import announced, announcing, demanded_before, hint, outcomes
from cases.admin.batch_forms import PartForm
from cases.admin.facts import Bound, bound_for
from cases.admin.forms import DecisionForm
from cases.admin.worklist import row_face
from cases.batches import MOST_AT_ONCE, Together
from cases.desk import said
from cases.errors import Refused
from cases.models import Batch, Case
from cities import frozen, keys
from cities.permissions import HANDLE_CASES
from records import clock, reads
from records.answers import WRONG
from records.pages import page_or_404

EVERYTHING = "all"
MOST_OFFERED = 100


@dataclass
class View:
    """What one request asks of a batch, and what is to be told on the page that comes back."""

    site: Any
    request: HttpRequest
    batch: Any
    at: datetime
    decision: DecisionForm | None = None
    part: PartForm = field(default_factory=PartForm)
    problems: list[dict[str, str]] = field(default_factory=list)
    title: str = ""
    result: Together | None = None

    @property
    def may_handle(self) -> bool:
        return access.may(self.request.user, HANDLE_CASES, self.batch.programme)

    def refuse(self, refusal: Refused) -> None:
        self.title = refusal.message if refusal.problems else "尚未办理"
        self.problems = [{"href": "", "text": said(one)} for one in refusal.problems] or [
            {"href": "", "text": refusal.message}
        ]


def batch_page(site: Any, request: HttpRequest, pk: UUID) -> HttpResponse:
    batch = access.one_or_404(batch_queries.visible(request.user), pk=pk)
    view = View(site, request, batch, clock.now())
    if request.method != "POST":
        return _show(view)
    act = ACTS.get(request.POST.get("do", ""))
    try:
        if act is None:
            raise Refused("没有这个操作。在页面上选一个。")
        if act(view):
            return redirect(request.get_full_path())
    except Refused as refusal:
        view.refuse(refusal)
    return _show(view, status=200 if view.result and view.result.went else WRONG)


def _decide(view: View) -> bool:
    """Together, each by itself. Where some were refused the page comes back with what was written, and those ticked."""
    chosen = _chosen(view.request)
    desk_case = _at(view.batch, view.request.POST.get("desk", ""))
    if desk_case is None or people.may_work(view.request.user, desk_case, desk_case.waiting_for) is False:
        raise Refused("您不能在这个环节办理，或者本批在这个环节已经没有事项。刷新页面再看。")
    form = view.decision = _decision_form(desk_case, clock.now(), view.request.POST)
    if not chosen:
        raise Refused("没有选事项：在表中勾选，或者选本页全部。")
    if not form.is_valid():
        view.title = "尚未办理"
        return False
    given = form.cleaned_data
    view.result = batches.decide(
        view.batch,
        chosen,
        given["outcome"],
        by=view.request.user,
        at=view.at,
        opinion=given["opinion"],
        named_day=given.get("named_day"),
        met_on=given.get("met_on"),
        minutes=given.get("minutes", ""),
        demands=given.get("demands", ""),
        announced=announced(given),
    )
    if view.result.refused:
        return False
    _tell(view, f"已办理 {len(view.result.went)} 件：{_names(view.result.went)}。")
    return True


def _remove(view: View) -> bool:
    done = batches.remove(
        view.batch, _picked(view), reason=_part(view)["reason"], by=view.request.user, at=view.at
    )
    _tell(view, f"已移出 {len(done)} 件：{_names(done)}。")
    return True


def _split(view: View) -> bool:
    cases, given = _picked(view), _part(view)
    new = batches.split(view.batch, cases, by=view.request.user, at=view.at, **given)
    _tell(view, f"已分出{batches.named(new)}，{len(cases)} 件。")
    return True


def _add(view: View) -> bool:
    keys = _keys(view.request.POST.getlist("candidate"))
    cases = list(engine.loaded().filter(pk__in=keys, programme=view.batch.programme))
    if not cases:
        raise Refused("没有选要加入的事项。")
    done = batches.add(view.batch, cases, by=view.request.user, at=view.at)
    _tell(view, f"已加入 {len(done)} 件：{_names(done)}。")
    return True


def _gather(view: View) -> bool:
    done = batches.gather(view.batch, by=view.request.user, at=view.at)
    _tell(view, f"已按收件期收入 {len(done)} 件。" if done else "收件期内没有别的事项可以收入。")
    return True


def _release(view: View) -> bool:
    """Publish all that wait for a clerk, as one edition."""
    case = _to_release(view.batch).first()
    if case is None or not view.may_handle:
        raise Refused("本批没有等您确认发布的事项。")
    with engine.locked(case.pk) as (case, register):
        waiting = [case, *effect.waiting_with(case, view.at)]
        effect.take_effect(case, register, by=view.request.user, at=view.at)
    went = Case.objects.filter(pk__in=[one.pk for one in waiting], status=Case.Status.CLOSED).count()
    back = len(waiting) - went
    _tell(view, f"已发布 {went} 件" + (f"，{back} 件没有发布，已退回审定的环节。" if back else "。"))
    return True


ACTS: dict[str, Callable[[View], bool]] = {
    "decide": _decide,
    "remove": _remove,
    "split": _split,
    "add": _add,
    "gather": _gather,
    "release": _release,
}


@reads.kept()
def _show(view: View, status: int = 200) -> HttpResponse:
    batch, request = view.batch, view.request
    places = batch_queries.places(batch)
    here = _place(request, batch, places)
    page = page_or_404(_narrowed(batch, here), MOST_AT_ONCE, request.GET.get("page", "1"))
    desk_case = _desk_case(request.user, batch, here, places)
    if view.decision is None and desk_case is not None:
        view.decision = _decision_form(desk_case, clock.now())
    ticked = set(request.POST.getlist("chosen"))
    if view.result:  # those that went have gone; those refused stay ticked
        ticked = {_value(case) for case, _ in view.result.refused}
    bound = bound_for(page, view.at)
    context = {
        **view.site.each_context(request),
        "title": str(batch),
        "now": view.at,
        "batch": batch,
        "state": {"label": batch_queries.STATES[batch.state], "css": batch_queries.CSS[batch.state]},
        "view": view,
        "places": places,
        "here": here,
        "page": page,
        "rows": [_row(case, ticked, bound, view.at) for case in page],
        "desk_case": desk_case,
        "my_places": _my_places(request.user, batch, places) if desk_case is None else [],
        "may_handle": view.may_handle,
        "links": desk.batch_links(batch, request.user),
        "releasable": _to_release(batch).count() if view.may_handle else 0,
        "most": MOST_AT_ONCE,
        **_offered(view),
    }
    return TemplateResponse(request, "admin/cases/batch.html", context, status=status)


def _row(case: Any, ticked: set[str], bound: Bound, at: datetime) -> dict[str, Any]:
    value = _value(case)
    return {
        **row_face(case, bound, at),
        "asked": kinds.of(case).asked(case),
        "value": value,
        "is_ticked": value in ticked,
    }


def _value(case: Case) -> str:
    return f"{case.pk} {batches.since(case)}"


def _chosen(request: HttpRequest) -> list[tuple[UUID, str]]:
    """Which cases, each with the moment since when it stood where the page showed it."""
    posted = request.POST.getlist("shown" if request.POST.get("whole") else "chosen")
    pairs = [value.partition(" ") for value in posted]
    return [(key, since) for text, _, since in pairs for key in _keys([text])]


def _keys(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue  # nothing of ours writes such a value
    return found


def _picked(view: View) -> list[Case]:
    keys = [key for key, _ in _chosen(view.request)]
    return list(engine.loaded().filter(pk__in=keys, programme=view.batch.programme))


def _part(view: View) -> dict[str, str]:
    view.part = PartForm(view.request.POST)
    if not view.part.is_valid():
        raise Refused("没有办：写的内容有要改的地方。")
    return view.part.cleaned_data


def _place(request: HttpRequest, batch: Batch, places: list[dict[str, Any]]) -> str:
    """The stage that is asked for; else the first desk at which this person works, else everything."""
    asked = request.GET.get("stage", "")
    if asked == EVERYTHING or asked in {row["key"] for row in places}:
        return asked
    mine = _my_places(request.user, batch, places)
    return str(mine[0]["key"]) if mine else EVERYTHING


def _my_places(user: Any, batch: Batch, places: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in places if _desk_case(user, batch, row["key"], places)]


def _narrowed(batch: Batch, here: str) -> Any:
    rows = batch_queries.rows_of(batch)
    if here == EVERYTHING:
        return rows
    if here == "closed":
        return rows.filter(status=Case.Status.CLOSED)
    return rows.filter(status=Case.Status.OPEN, stage__key=here)


def _at(batch: Batch, stage: str) -> Case | None:
    """One of the cases at a desk: they are all decided by its outcomes."""
    rows = engine.loaded().filter(
        batch=batch, status=Case.Status.OPEN, stage__kind__in=keys.DESKS, stage__key=stage
    )
    return rows.order_by("submitted_at", "number").first()


def _desk_case(user: Any, batch: Batch, here: str, places: list[dict[str, Any]]) -> Case | None:
    """Where this person decides cases of the batch together: at one desk at a time."""
    if not any(row["key"] == here and row["kind"] in keys.DESKS for row in places):
        return None
    case = _at(batch, here)
    return case if case and people.may_work(user, case, case.waiting_for) else None


def _decision_form(case: Case, at: datetime, data: Any = None) -> DecisionForm:
    """A waiver is given case by case, on the page of each. What the last order demanded may differ from case to case."""
    again = dict.fromkeys(demanded_before(case, at), "")
    rows = [(outcome, hint(outcome, outcome.key in again)) for outcome in outcomes(case, at)]
    choices = announcing(case, at)
    return DecisionForm(
        data, auto_id="decide-%s", outcomes=rows, asking=[], demanded=again, announcing=choices
    )


def _to_release(batch: Batch) -> Any:
    rows = batches.open_cases(batch).filter(stage__kind=effect.Publication.key, waiting_for="clerk")
    return rows.filter(set_aside_at=None).order_by("submitted_at", "number")


def _offered(view: View) -> dict[str, Any]:
    """What can still be put into the batch."""
    if not view.may_handle:
        return {"candidates": [], "sought": "", "more": 0}
    sought = view.request.GET.get("find", "").replace("\0", "").strip()[:80]
    rows = batches.candidates(view.batch).select_related("organisation", "stage")
    if sought:
        rows = rows.filter(Q(number__icontains=sought) | Q(organisation__name__icontains=sought))
    found = list(rows.defer("submission")[: MOST_OFFERED + 1])
    return {"candidates": found[:MOST_OFFERED], "sought": sought, "more": len(found) > MOST_OFFERED}


def _names(cases: list[Case], most: int = 10) -> str:
    names = "、".join(str(case) for case in cases[:most])
    return names if len(cases) <= most else f"{names} 等"


def _tell(view: View, message: str) -> None:
    messages.success(view.request, message)


class BatchNote:
    """On the page of a case: which batch it is in."""

    template = "admin/cases/desk/batch_note.html"

    def context(self, case: Case, user: Any, at: datetime) -> dict[str, Any]:
        if case.batch is None or case.batch.number is None:
            return {}
        sees = batch_queries.visible(user).filter(pk=case.batch_id).exists()
        url = reverse("admin:cases_batch_change", args=[case.batch_id]) if sees else ""
        is_shown = any(stage.kind == "publicity" for stage in frozen.stages_of(case.procedure))
        return {"batch": case.batch, "url": url, "is_shown": is_shown}
