"""Opening the publicity of a whole batch: what would be shown, for how long, and what of it is not ready."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from accounts import access
from cases import batch_queries, batches, deadlines
from cases.desk import said
from cases.errors import Refused
from cases.models import Batch, Case
from cities.models import Stage
from cities.permissions import HANDLE_CASES
from publicity import steps
from publicity.forms import BatchElsewhereForm, BatchForm
from records import clock
from records.words import full_closes, full_day

WRONG = 422


def open_page(site: Any, request: HttpRequest, pk: UUID) -> HttpResponse:
    batch = access.one_or_404(batch_queries.visible(request.user), pk=pk)
    access.programme_or_404(request.user, HANDLE_CASES, pk=batch.programme_id)
    at = clock.now()
    first = steps.to_show(batch).first()
    is_here = first is None or first.stage is None or first.stage.channel == Stage.Channel.HERE
    form = (BatchForm if is_here else BatchElsewhereForm)(request.POST if request.method == "POST" else None)
    refusal = None
    if form.is_valid():
        try:
            return _open(request, batch, form, at)
        except Refused as refused:
            refusal = refused
    context = {
        **site.each_context(request),
        "title": "开始公示",
        "now": at,
        "batch": batch,
        "form": form,
        "problem_title": refusal.message if refusal else "还没有开始公示",
        "problems": _problems(refusal),
        **_preview(batch, first, at),
    }
    status = WRONG if form.is_bound else 200
    return TemplateResponse(request, "admin/publicity/batch.html", context, status=status)


def _open(request: HttpRequest, batch: Batch, form: Any, at: datetime) -> HttpResponse:
    given = form.cleaned_data
    elsewhere = steps.Elsewhere(given["url"], given["started_on"]) if "url" in given else None
    period = steps.open_batch(
        batch, by=request.user, at=at, elsewhere=elsewhere, without_rest=given["without_rest"]
    )
    days = f"{full_day(period.opens_on)} 至 {full_closes(period.closes_at)}"
    messages.success(request, f"已开始公示 {period.items.count()} 件，编号 {period.number}，{days}。")
    return redirect("admin:publicity_publicityperiod_change", period.pk)


def _preview(batch: Batch, first: Case | None, at: datetime) -> dict[str, Any]:
    """By where the cases stand; whether each fits the list is asked when it is opened."""
    cases = list(batches.open_cases(batch).select_related("stage", "organisation").defer("submission"))
    ready = [case for case in cases if case.stage and case.stage.kind == "publicity"]
    unready = [case for case in cases if case.stage and case.stage.kind in ("submission", "review")]
    return {
        "ready": [case for case in ready if case.waiting_for != "system"],
        "unready": unready,
        **_days(first, at),
    }


def _days(first: Case | None, at: datetime) -> dict[str, Any]:
    if first is None or first.stage is None:
        return {"obstacle": "本批没有等待公示的事项。"}
    try:
        span = deadlines.counted_span(first.stage, at)
    except Refused as refusal:
        return {"obstacle": refusal.message}
    return {
        "stage": first.stage,
        "span": span,
        "days": deadlines.days_json(span),
        "today": at.date(),
        "is_provisional": span.certainty != "official",
    }


def _problems(refusal: Refused | None) -> list[dict[str, str]]:
    if refusal is None:
        return []
    return [{"href": "", "text": said(one)} for one in refusal.problems] or [
        {"href": "", "text": refusal.message}
    ]
