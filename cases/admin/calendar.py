"""What the present calendar would change of open deadlines: taken over or left as it is, one, several or all, with a reason."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from accounts import access
from cases.admin.deadline_forms import WhyForm
from cases.admin.many import PER_PAGE, asked_programme
from cases.deadlines.shifted import forget
from cases.deadlines.shifting import settle_many, shifts
from cities.permissions import DECIDE_CASES
from records import clock
from records.answers import WRONG
from records.pages import page_or_404


class ShiftForm(WhyForm):
    article = None  # type: ignore[assignment]  # the calendar's own source is the basis
    what = forms.ChoiceField(
        label="怎么办",
        choices=[("take", "按现在的日历改"), ("leave", "维持原日期")],
        widget=forms.RadioSelect,
        error_messages={"required": "选按日历改还是维持原日期", "invalid_choice": "选按日历改还是维持原日期"},
    )
    field_order = ("what", "reason")


def calendar_page(site: Any, request: HttpRequest) -> HttpResponse:
    programmes, programme = asked_programme(request)
    may_act, at = access.may(request.user, DECIDE_CASES, programme), clock.now()
    form = ShiftForm(request.POST) if request.method == "POST" and may_act else ShiftForm()
    chosen = request.POST.getlist("chosen")
    results = []
    if form.is_valid() and chosen:
        take, reason = form.cleaned_data["what"] == "take", form.cleaned_data["reason"]
        results = settle_many(programme, chosen, take=take, reason=reason, by=request.user, at=at)
        forget(programme)
    is_wrong = form.is_bound and not results
    page = page_or_404(shifts(programme), PER_PAGE, request.GET.get("page", "1"))
    context = {
        **site.each_context(request),
        "now": at,
        "programmes": programmes,
        "programme": programme,
        "form": form if is_wrong or not form.is_bound else ShiftForm(),
        "nothing_chosen": form.is_bound and not chosen,
        "results": results,
        "done": sum(result.is_done for result in results),
        "page": page,
        "number": page.paginator.count,
        "chosen": chosen if is_wrong else [shift.chosen for shift in page],
        "may_act": may_act,
        "title": "日历变化",
    }
    return TemplateResponse(request, "admin/cases/calendar.html", context, status=WRONG if is_wrong else 200)
