from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path

from accounts import access
from cases.admin.office import OfficeAdmin, ProgrammeFilter, take
from cases.errors import Refused
from cities.permissions import HANDLE_CASES
from publicity import queries, steps
from publicity.admin import batches
from publicity.forms import TakeDownForm
from publicity.models import PublicityPeriod
from publicity.queries import PeriodFace
from records import clock
from records.answers import WRONG


class PeriodProgrammeFilter(ProgrammeFilter):
    path = "batch__programme"


@admin.register(PublicityPeriod)
class PublicityPeriodAdmin(OfficeAdmin):
    """Every publicity of one's programmes; a wrong one is taken down here."""

    programme_path = "batch__programme"
    list_display = ("number", "title", "programme", "opens_on", "closes_on", "phase")
    list_filter = (PeriodProgrammeFilter,)
    list_select_related = ("batch__programme__city",)
    search_fields = ("number", "title", "items__case__number", "items__case__organisation__name")

    def get_queryset(self, request: HttpRequest) -> Any:
        mine = super().get_queryset(request).values("pk")
        return queries.board(clock.now()).filter(pk__in=mine)

    def get_urls(self) -> list[URLPattern]:
        wrap, name = self.admin_site.admin_view, "publicity_publicityperiod"
        return [
            path("", wrap(self.changelist_view), name=f"{name}_changelist"),
            path("<uuid:object_id>/change/", wrap(self.change_view), name=f"{name}_change"),
            path("open/<uuid:batch>/", wrap(self.open_batch_view), name=f"{name}_open_batch"),
            path("<uuid:object_id>/take-down/", wrap(self.take_down_view), name=f"{name}_take_down"),
        ]

    def get_ordering(self, request: HttpRequest) -> Any:
        return queries.board_order()

    @admin.display(description="项目")
    def programme(self, period: PublicityPeriod) -> str:
        return str(period.batch.programme)

    @admin.display(description="现在", ordering="phase")
    def phase(self, period: Any) -> str:
        if period.taken_down_at:
            return "已撤下"
        return {queries.OPEN: "正在公示", queries.ENDED: "已结束，待发布", queries.OVER: "已了结"}[
            period.phase
        ]

    def change_view(
        self, request: HttpRequest, object_id: Any, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return self._show(request, self.one_or_404(request, object_id), TakeDownForm())

    def open_batch_view(self, request: HttpRequest, batch: UUID) -> HttpResponse:
        return batches.open_page(self.admin_site, request, batch)

    def take_down_view(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        period = self.one_or_404(request, object_id)
        access.programme_or_404(request.user, HANDLE_CASES, pk=period.batch.programme_id)
        if request.method != "POST":
            return redirect("admin:publicity_publicityperiod_change", period.pk)
        form = TakeDownForm(request.POST)
        if form.is_valid() and self._take_down(request, period, form):
            return redirect("admin:publicity_publicityperiod_change", period.pk)
        return self._show(request, period, form, status=WRONG)

    def _take_down(self, request: HttpRequest, period: PublicityPeriod, form: TakeDownForm) -> bool:
        try:
            steps.take_down(period, by=request.user, at=clock.now(), reason=form.cleaned_data["reason"])
        except Refused as refusal:
            take(form, refusal)
            return False
        messages.success(request, f"公示 {period} 已撤下，公示页只显示原因。各件仍在公示环节，可以重新公示。")
        return True

    def _show(
        self, request: HttpRequest, period: PublicityPeriod, form: TakeDownForm, status: int = 200
    ) -> HttpResponse:
        face = queries.faces([period], clock.now(), with_shown=True)[0]
        may_act = access.may(request.user, HANDLE_CASES, period.batch.programme)
        context = {
            "face": face,
            "period": period,
            "may_enter": may_act,
            "form": form if may_act and _standing(face) else None,
            "objections": queries.objections([row.item for row in face.items]),
        }
        return self.page(request, "admin/publicity/period.html", f"公示 {period}", status=status, **context)


def _standing(face: PeriodFace) -> bool:
    """Whether there is something to take down: all its cases still stand in it."""
    return face.phase != queries.OVER and all(row.item.released_at is None for row in face.items)
