"""The worklist: what waits for me, worst first, and what waits for others."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any

from django import forms
from django.core.paginator import InvalidPage, Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from cases import desk as desks
from cases import kinds
from cases.admin import again
from cases.admin.facts import Bound, bound_for, row_finding, set_aside_words, unstarted_span
from cases.deadlines import shifted
from cases.models import Case, Deadline
from cases.worklist import (
    ASIDE,
    DRAFT,
    GROUPS,
    ME,
    NOBODY,
    OBJECTED,
    OTHERS,
    OVER,
    STANDING_GROUPS,
    TEAM,
    TODAY,
    UNSERVED,
    WEEK,
    Desk,
    counts,
    desk_of,
    end_of_week,
    for_rows,
    grouped,
    open_cases,
    visible,
    vocabulary,
)
from cities.keys import ACTORS
from records import clock, words

PER_PAGE = 50
OPEN, CLOSED, EVERYTHING = "open", "closed", "all"


class Filters(forms.Form):
    """Every part may be left out; what is not offered is refused by name."""

    q = forms.CharField(label="单位、编号", required=False, max_length=80)
    procedure = forms.ChoiceField(label="事项", required=False)
    stage = forms.ChoiceField(label="环节", required=False)
    whose = forms.ChoiceField(
        label="谁来办", required=False, choices=[(ME, "我"), (TEAM, "全组"), (NOBODY, "未分派")]
    )
    status = forms.ChoiceField(
        label="状态", required=False, choices=[(OPEN, "在办"), (CLOSED, "已办结"), (EVERYTHING, "全部")]
    )
    group = forms.ChoiceField(
        label="分组", required=False, choices=list(GROUPS.items()), widget=forms.HiddenInput
    )

    def __init__(self, data: Any, desk: Desk) -> None:
        super().__init__(data, auto_id="filter-%s")
        procedures, stages = vocabulary(desk)
        self._offer("procedure", "全部事项", procedures)
        self._offer("stage", "全部", stages)
        if not desk.works or data.get("status") != OPEN:
            del self.fields["whose"]
        for field in self.fields.values():
            field.error_messages["invalid_choice"] = "没有“%(value)s”这一项，已显示全部。在下面重新选"
            field.error_messages["max_length"] = "最多 %(limit_value)d 个字"

    def _offer(self, name: str, everything: str, choices: Mapping[str, str]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", everything), *choices.items()]

    def chosen(self, name: str, default: str = "") -> str:
        return self.cleaned_data.get(name) or default

    @property
    def narrows(self) -> bool:
        return any(self.chosen(name) for name in ("q", "procedure", "stage"))


def _besides(desk: Desk, at: datetime) -> list[desks.Waiting]:
    """What waits for this person that is no case."""
    handled = [*desks.waiting(desk.handles, words.local_day(at)), *again.waiting(desk.handles)]
    return [*handled, *shifted.waiting(desk.decides)]


def worklist_page(site: Any, request: HttpRequest) -> HttpResponse:
    desk, at = desk_of(request.user), clock.now()
    if not desk.is_there:
        raise Http404
    filters = Filters(_asked(request), desk)
    is_fine = filters.is_valid()
    is_worklist = filters.chosen("status", OPEN) == OPEN
    waiting = _besides(desk, at) if is_worklist else []
    context = _worklist(desk, filters, waiting, at) if is_worklist else _register(desk, filters)
    page, page_problem = _page(context.pop("rows"), request.GET.get("page", "1"))
    bound = bound_for(page, at)
    cases = [row_face(row, bound, at) for row in page]
    context |= {
        **site.each_context(request),
        "now": at,
        "filters": filters,
        "page": page,
        "page_problem": page_problem,
        "sections": sections(cases, context["tabs"], at),
        "may_enter": bool(desk.handles),
        "works": desk.works,
        "waiting": waiting,
        "is_worklist": is_worklist,
        "is_popup": False,
    }
    status = 200 if is_fine and not page_problem else 400
    return TemplateResponse(request, "admin/cases/worklist.html", context, status=status)


def _asked(request: HttpRequest) -> Any:
    """What the link left out is shown chosen."""
    asked = request.GET.copy()
    for name, value in (("whose", ME), ("status", OPEN)):
        if not asked.get(name):
            asked[name] = value
    return asked


def _worklist(desk: Desk, filters: Filters, waiting: list[desks.Waiting], at: datetime) -> dict[str, Any]:
    rows = grouped(_narrowed(open_cases(desk), filters), desk, filters.chosen("whose", ME), at)
    found = counts(rows)
    group = filters.chosen("group")
    if group:
        rows = rows.filter(group=group)
    tabs = [
        {"key": key, "label": label, "count": found[key], "current": key == group}
        for key, label in GROUPS.items()
        if key in STANDING_GROUPS or found[key]
    ]
    late = 0 if filters.narrows else sum(line.late for line in waiting)
    title = headline(found, desk, filters.narrows)
    return {"rows": rows, "tabs": tabs, "title": title + _late_words(late), "all": not group}


def _late_words(late: int) -> str:
    """Of what is no case that waits here, and should have been done."""
    return f"，另有 {late} 件该办没有办" if late else ""


def _register(desk: Desk, filters: Filters) -> dict[str, Any]:
    """Everything that was ever submitted, newest first: to look something up, not to work from."""
    rows = _narrowed(visible(desk), filters).filter(submitted_at__isnull=False)
    is_closed = filters.chosen("status") == CLOSED
    if is_closed:
        rows = rows.filter(status=Case.Status.CLOSED)
    number = rows.count()
    title = f"{'已办结' if is_closed else '全部事项'} {number} 件" if number else "没有符合条件的事项"
    return {"rows": rows.order_by("-submitted_at", "pk"), "tabs": [], "title": title, "all": True}


def _narrowed(cases: QuerySet[Case], filters: Filters) -> QuerySet[Case]:
    if sought := filters.chosen("q").strip():
        code = Q(organisation__credit_code__iexact=sought)
        cases = cases.filter(Q(number__icontains=sought) | Q(organisation__name__icontains=sought) | code)
    if procedure := filters.chosen("procedure"):
        cases = cases.filter(procedure__key=procedure)
    if stage := filters.chosen("stage"):
        cases = cases.filter(stage__key=stage)
    return cases


def headline(found: dict[str, int], desk: Desk, is_narrowed: bool) -> str:
    """What is true now: how much there is to do and what of it is late."""
    number = sum(count for group, count in found.items() if group != OTHERS)
    what = "待办" if desk.works else "在办"
    if not number:
        return f"没有符合条件的{what}事项" if is_narrowed else f"现在没有{what}的事项"
    parts = [f"{'筛选出' if is_narrowed else ''}{what} {number} 件"]
    parts += [
        f"{found[group]} 件{label}"
        for group, label in (
            (ASIDE, "已搁置"),
            (OVER, "已逾期"),
            (UNSERVED, "还没有登记送达"),
            (OBJECTED, "有异议等处理"),
            (TODAY, "今天到期"),
        )
        if found[group]
    ]
    return "，".join(parts)


def _page(rows: QuerySet[Any], asked: str) -> tuple[Any, str]:
    paginator = Paginator(for_rows(rows).defer("submission"), PER_PAGE)
    try:
        return paginator.page(asked), ""
    except InvalidPage:
        return paginator.page(
            paginator.num_pages
        ), f"没有第 {asked[:20]} 页，共 {paginator.num_pages} 页，已显示最后一页"


def row_face(case: Any, bound: Bound, at: datetime) -> dict[str, Any]:
    """One row, from what was prefetched."""
    deadline = case.open_deadlines[0] if case.open_deadlines else None
    return {
        "case": case,
        "group": getattr(case, "group", ""),
        "deadline": deadline,
        "is_over": bool(deadline and _is_past(case, deadline, at)),
        "unheard": _unheard(case, deadline, at),
        "span": unstarted_span(case, bound),
        "where": where(case, deadline),
        "set_aside": set_aside_words(case.set_aside_reason),
        "finding": row_finding(case),
        "url": kinds.of(case).edit_url(case) if case.status == Case.Status.DRAFT else "",
    }


def _is_past(case: Case, deadline: Deadline, at: datetime) -> bool:
    """Whether somebody who has to do something by then is late, whoever it is; not who has not heard of it."""
    return deadline.state == Deadline.State.RUNNING and deadline.closes_at <= at and not deadline.is_awaited


def _unheard(case: Any, deadline: Deadline | None, at: datetime) -> tuple[str, bool]:
    """Since when something is on no record as served, by when it asks something, and whether that day is over already."""
    if not case.is_unserved or case.stage_since is None:
        return "", False
    named = getattr(case, "named_on", None)
    last = deadline.closes_on if deadline else named
    said = f"{words.full_day(case.stage_since)} 作出"
    if last and last < words.local_day(at):
        return f"{said}，期限 {words.full_day(last)} 已经过了，先重新定一天", True
    return (f"{said}，要求办到 {words.full_day(last)}" if last and not deadline else said), False


def where(case: Case, deadline: Any) -> str:
    """Within its stage: how far it has come and who has it now."""
    if case.status != Case.Status.OPEN or case.set_aside_at:
        return ""
    standing = desks.standing(case, deadline)
    # Where a unit is asked for something, that says already whom it waits for.
    is_said = bool(standing) and case.waiting_for == "provider"
    return "，".join(filter(None, [standing, "" if is_said else _waits_for(case)]))


def _waits_for(case: Case) -> str:
    if case.owner:
        return case.owner.display_name
    if case.waiting_for == "system" and case.wake_at:
        return f"系统，{words.full_closes(case.wake_at)} 以后自动办理"
    return ACTORS.get(case.waiting_for, "")


def sections(
    rows: list[dict[str, Any]], tabs: Iterable[dict[str, Any]], at: datetime
) -> list[dict[str, Any]]:
    """The rows of this page under the heads of their groups."""
    totals = {tab["key"]: tab["count"] for tab in tabs}
    return [
        {
            "key": key,
            "label": GROUPS.get(key, ""),
            "count": totals.get(key, 0),
            "note": _group_note(key, at),
            "rows": list(found),
        }
        for key, found in groupby(rows, key=lambda row: row["group"])
    ]


def _group_note(group: str, at: datetime) -> str:
    notes = {
        ASIDE: "系统自动办理失败，查明原因后重新办理",
        WEEK: f"到 {words.day(end_of_week(at), words.local_day(at))} 星期日",
        DRAFT: "工作人员录入或发起，还没有提交",
        OTHERS: "现在不用您办",
        OBJECTED: "处理完才能发布",
        UNSERVED: "登记以后才往下办",
    }
    return notes.get(group, "")
