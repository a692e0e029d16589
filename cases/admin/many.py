"""The open deadlines of a programme: held, resumed or extended together, with one reason."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from accounts import access
from cases.admin.deadline_forms import WhyForm
from cases.batches import MOST_AT_ONCE
from cases.deadlines import acts
from cases.deadlines.many import change_many, open_deadlines
from cases.models import Deadline
from cities.calendar.spans import MOST_DAYS
from cities.models import Programme
from cities.permissions import DECIDE_CASES, VIEW_CASES
from records import clock
from records.answers import WRONG
from records.pages import page_or_404

PER_PAGE = MOST_AT_ONCE  # all that a page shows can be changed in one request


class ManyForm(WhyForm):
    what = forms.ChoiceField(
        label="怎么办",
        choices=[("hold", "暂停"), ("resume", "恢复"), ("extend", "延长")],
        widget=forms.RadioSelect,
        error_messages={"required": "选暂停、恢复或延长", "invalid_choice": "选暂停、恢复或延长"},
    )
    number = forms.IntegerField(
        label="延长多少",
        required=False,
        min_value=1,
        max_value=MOST_DAYS,
        help_text="只在延长时填，按每件自己的单位（天、工作日）",
        error_messages={
            "invalid": "写整数，如 10",
            "min_value": "写 1 以上的整数",
            "max_value": f"最多 {MOST_DAYS}",
        },
    )
    field_order = ("what", "number", "reason", "article")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        is_extension = cleaned.get("what") == "extend"
        if is_extension and not cleaned.get("number") and "number" not in self.errors:
            self.add_error("number", "写明延长多少")
        return cleaned

    def how(self) -> dict[str, Any]:
        """What the chosen act asks for."""
        names = (
            ("reason", "article", "number")
            if self.cleaned_data["what"] == "extend"
            else ("reason", "article")
        )
        return {name: self.cleaned_data[name] for name in names}


@dataclass(frozen=True)
class Row:
    deadline: Deadline
    why_not: str
    is_chosen: bool


def many_page(site: Any, request: HttpRequest) -> HttpResponse:
    programmes, programme = asked_programme(request)
    may_act, at = access.may(request.user, DECIDE_CASES, programme), clock.now()
    form = ManyForm(request.POST) if request.method == "POST" and may_act else ManyForm()
    chosen = request.POST.getlist("chosen")
    results, missing = [], form.is_bound and not chosen
    if form.is_valid() and chosen:
        what = form.cleaned_data["what"]
        results = change_many(programme, chosen, what, by=request.user, at=at, **form.how())
    is_wrong = form.is_bound and not results
    stage = request.GET.get("stage", "")
    page = page_or_404(open_deadlines(programme, stage), PER_PAGE, request.GET.get("page", "1"))
    context = {
        **site.each_context(request),
        "now": at,
        "programmes": programmes,
        "programme": programme,
        "stages": _stages(programme),
        "stage": stage,
        "form": form if is_wrong or not form.is_bound else ManyForm(),
        "nothing_chosen": missing,
        "results": results,
        "done": sum(result.is_done for result in results),
        "page": page,
        "rows": [
            _row(one, chosen if is_wrong else None, whole=request.GET.get("whole") == "1") for one in page
        ],
        "may_act": may_act,
        "title": "期限",
    }
    return TemplateResponse(request, "admin/cases/deadlines.html", context, status=WRONG if is_wrong else 200)


def asked_programme(request: HttpRequest) -> tuple[QuerySet[Programme], Programme]:
    """Of the programmes whose cases somebody sees the one that was asked for, else the first; a stranger gets 404."""
    programmes = access.programmes_for(request.user, VIEW_CASES).select_related("city").order_by("pk")
    asked = request.GET.get("programme")
    found = programmes.filter(slug=asked).first() if asked else programmes.first()
    if found is None:
        raise Http404
    return programmes, found


def _row(deadline: Deadline, chosen: list[str] | None, *, whole: bool) -> Row:
    """Nothing is chosen that nobody chose; what the public was told is not to choose."""
    why_not = acts.why_told(deadline)
    is_chosen = whole if chosen is None else deadline.stamp in chosen
    return Row(deadline, why_not, is_chosen=is_chosen and not why_not)


def _stages(programme: Programme) -> dict[str, str]:
    rows = open_deadlines(programme).order_by("stage__order").values_list("stage__key", "stage__label")
    return dict(rows)
