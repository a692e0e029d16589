"""Opening the publicity of a whole batch: what would be shown, for how long, and what of it is not ready."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from accounts import access
from cases import batch_queries, batches, deadlines
from cases.errors import Refused
from cases.models import Batch, Case
from cities import keys
from cities.models import Stage
from cities.permissions import HANDLE_CASES
from publicity import steps, tasks
from publicity.forms import BatchElsewhereForm, BatchForm
from publicity.models import Opening
from publicity.models.opening import SLOW
from publicity.queries import MOST_DIGITS
from records import clock
from records.answers import WRONG
from records.words import full_closes, full_day

# How often the page that waits asks again, without a script.
SECONDS = 3


def open_page(site: Any, request: HttpRequest, pk: UUID) -> HttpResponse:
    batch = access.one_or_404(batch_queries.visible(request.user), pk=pk)
    access.programme_or_404(request.user, HANDLE_CASES, pk=batch.programme_id)
    at = clock.now()
    opening = _asked_for(batch, request)
    if opening and request.method != "POST" and (page := _standing(site, request, batch, opening, at)):
        return page
    first = steps.to_show(batch).first()
    preview = _preview(batch, first, at)
    form = _form(request, first, len(preview["unready"]))
    if form.is_valid():
        return _ask(request, batch, form, at)
    context = {
        **site.each_context(request),
        "title": "开始公示",
        "now": at,
        "batch": batch,
        "form": form,
        **_refusal(opening),
        **preview,
    }
    status = WRONG if form.is_bound else 200
    return TemplateResponse(request, "admin/publicity/batch.html", context, status=status)


def _form(request: HttpRequest, first: Case | None, unready: int) -> BatchForm:
    is_here = first is None or first.stage is None or first.stage.channel == Stage.Channel.HERE
    form_class = BatchForm if is_here else BatchElsewhereForm
    return form_class(request.POST if request.method == "POST" else None, unready=unready)


def _ask(request: HttpRequest, batch: Batch, form: Any, at: datetime) -> HttpResponse:
    given = form.cleaned_data
    elsewhere = steps.Elsewhere(given["url"], given["started_on"]) if "url" in given else None
    opening = steps.ask_to_open(
        batch, by=request.user, at=at, elsewhere=elsewhere, without_rest=given["without_rest"]
    )
    transaction.on_commit(tasks.hurry)
    return redirect(f"{request.path}?opening={opening.pk}")


def _asked_for(batch: Batch, request: HttpRequest) -> Opening | None:
    """What is being done of the batch now, else what this address waits for."""
    rows = Opening.objects.filter(batch=batch).select_related("period", "asked_by")
    asked = request.GET.get("opening", "")
    return rows.filter(ended_at=None).first() or (
        rows.filter(pk=asked).first() if asked.isdecimal() and len(asked) <= MOST_DIGITS else None
    )


def _standing(
    site: Any, request: HttpRequest, batch: Batch, opening: Opening, at: datetime
) -> HttpResponse | None:
    """While it is being done a page that asks again by itself; afterwards what has been opened; None where it was refused."""
    if opening.ended_at is None:
        context = {
            **site.each_context(request),
            "title": "正在开始公示",
            "now": at,
            "batch": batch,
            "opening": opening,
            "count": steps.to_show(batch).count(),
            "is_slow": at - opening.asked_at > SLOW,
            "seconds": SECONDS,
        }
        asks_again = {"Refresh": str(SECONDS)}
        return TemplateResponse(request, "admin/publicity/opening.html", context, headers=asks_again)
    if opening.period is None:
        return None
    period = opening.period
    days = f"{full_day(period.opens_on)} 至 {full_closes(period.closes_at)}"
    messages.success(request, f"已开始公示 {period.items.count()} 件，编号 {period.number}，{days}。")
    return redirect("admin:publicity_publicityperiod_change", period.pk)


def _preview(batch: Batch, first: Case | None, at: datetime) -> dict[str, Any]:
    """By where the cases stand; whether each fits the list is asked when it is opened."""
    cases = list(batches.open_cases(batch).select_related("stage", "organisation").defer("submission"))
    ready = [case for case in cases if case.stage and case.stage.kind == "publicity"]
    unready = [case for case in cases if case.stage and case.stage.kind in ("submission", *keys.DESKS)]
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


def _refusal(opening: Opening | None) -> dict[str, Any]:
    refused = opening.refused if opening else {}
    texts = refused.get("problems") or ([refused["message"]] if refused else [])
    return {
        "problem_title": refused.get("message", "还没有开始公示"),
        "problems": [{"href": "", "text": text} for text in texts],
    }
