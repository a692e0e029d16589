"""The list of batches, and a new one."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from accounts import access
from cases import batch_queries, batches
from cases.admin import batch as one
from cases.admin.batch_forms import BatchFilter, NewBatchForm
from cases.errors import Refused
from cases.models import Batch
from cases.paper import procedures_for
from cities.models import Procedure
from cities.permissions import HANDLE_CASES, VIEW_CASES
from records import clock, words
from records.answers import WRONG
from records.pages import page_or_404

PER_PAGE = 50


@admin.register(Batch)
class BatchAdmin(admin.ModelAdmin):
    """The pages of batches; Django's own are not there, and no field is ever edited."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="cases_batch_changelist"),
            path("add/", wrap(self.add_batch_view), name="cases_batch_add"),
            path("<uuid:pk>/change/", wrap(self.batch_view), name="cases_batch_change"),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return list_page(self.admin_site, request)

    def add_batch_view(self, request: HttpRequest) -> HttpResponse:
        return add_page(self.admin_site, request)

    def batch_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        return one.batch_page(self.admin_site, request, pk)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return access.somewhere(request.user, VIEW_CASES)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def list_page(site: Any, request: HttpRequest) -> HttpResponse:
    programmes = list(access.programmes_for(request.user, VIEW_CASES).select_related("city"))
    if not programmes:
        raise Http404
    filters = BatchFilter(request.GET, programmes)
    is_fine = filters.is_valid()
    rows = _narrowed(batch_queries.visible(request.user), filters)
    page = page_or_404(rows, PER_PAGE, request.GET.get("page", "1"))
    context = {
        **site.each_context(request),
        "title": "批次",
        "now": clock.now(),
        "filters": filters,
        "page": page,
        "rows": [_face(batch) for batch in page],
        "may_handle": access.somewhere(request.user, HANDLE_CASES),
        "narrows": any(filters.chosen(name) for name in ("q", "programme", "state")),
    }
    return TemplateResponse(request, "admin/cases/batches.html", context, status=200 if is_fine else 400)


def add_page(site: Any, request: HttpRequest) -> HttpResponse:
    at = clock.now()
    procedures = [
        procedure
        for programme in access.programmes_for(request.user, HANDLE_CASES)
        for procedure in procedures_for(programme, at)
    ]
    if not access.somewhere(request.user, HANDLE_CASES):
        raise Http404
    form = NewBatchForm(
        request.POST if request.method == "POST" else None,
        procedures=procedures,
        today=words.local_day(at),
        initial={"procedure": procedures[0].pk if len(procedures) == 1 else None},
    )
    if form.is_valid() and (made := _make(form, request, at)):
        return redirect(reverse("admin:cases_batch_change", args=[made.pk]))
    context = {
        **site.each_context(request),
        "title": "建立批次",
        "now": at,
        "form": form,
        "procedures": procedures,
    }
    return TemplateResponse(
        request, "admin/cases/batch_new.html", context, status=WRONG if form.is_bound else 200
    )


def _make(form: NewBatchForm, request: HttpRequest, at: Any) -> Batch | None:
    given = form.cleaned_data
    procedure: Procedure = given["procedure"]
    try:
        made = batches.create(
            procedure,
            by=request.user,
            at=at,
            label=given["label"],
            window=given["window"],
            article=procedure.article.number if given["by_rule"] else "",
        )
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return None
    messages.success(request, f"已建立{batches.named(made)}，收入 {made.cases.count()} 件。")
    return made


def _narrowed(rows: Any, filters: BatchFilter) -> Any:
    if sought := filters.chosen("q").strip():
        rows = rows.filter(Q(number__icontains=sought) | Q(label__icontains=sought))
    if slug := filters.chosen("programme"):
        rows = rows.filter(programme__slug=slug)
    if state := filters.chosen("state"):
        rows = rows.filter(state=state)
    return rows.order_by("-created_at", "pk")


def _face(batch: Any) -> dict[str, Any]:
    counts = (
        ("审核", batch.at_desks),
        ("待送达", batch.unserved),
        ("等单位办理", batch.asked),
        ("待公示或有异议", batch.waiting),
        ("公示中", batch.shown),
        ("待发布", batch.to_publish),
    )
    return {
        "batch": batch,
        "label": batch_queries.STATES[batch.state],
        "css": batch_queries.CSS[batch.state],
        "counts": "，".join(f"{what} {number}" for what, number in counts if number),
    }
