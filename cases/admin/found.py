"""The inbox of what was found: listed, taken up by a case, or set aside with a reason."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from accounts import access
from cases import grounds, proofs, rested
from cases.admin.office import OfficeAdmin, ProgrammeFilter, take
from cases.errors import Refused
from cases.models import GroundFile, GroundFound
from cities.permissions import HANDLE_CASES, VIEW_CASES
from records import clock, files
from records.answers import WRONG
from records.fields import LongText


class SetAsideForm(forms.Form):
    reason = LongText(
        label="不立案的理由",
        max_length=300,
        rows=3,
        help_text="由异议而来的，提出人查回执时看得到：不写提出人是谁。不超过 300 字",
        error_messages={"required": "写明不立案的理由"},
    )


class GroundProgrammeFilter(ProgrammeFilter):
    path = "programme"


@admin.register(GroundFound)
class GroundFoundAdmin(OfficeAdmin):
    programme_path = "programme"
    list_display = ("what", "unit", "state", "case", "edition", "found_at")
    list_filter = ("state", "kind", GroundProgrammeFilter)
    search_help_text = "单位、合作伙伴、事项编号、来源"
    search_fields = (
        *("source_label", "case__number", "registration__organisation__name", "partner__name"),
        *("registration__organisation__credit_code", "partner__credit_code"),
    )

    change_list_template = "admin/cases/found.html"
    nothing = ("还没有发现的情形", "工作人员登记、系统发现或者异议成立以后，列在这里等立案。")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        entries = grounds.entries() if self.handled(request).exists() else []
        return super().changelist_view(request, {"entries": entries, **(extra_context or {})})

    def get_queryset(self, request: HttpRequest) -> Any:
        """Open ones first, those that have waited longest at the top."""
        return grounds.in_order(grounds.of_programmes(access.programmes_for(request.user, VIEW_CASES)))

    def get_ordering(self, request: HttpRequest) -> Any:
        return ()  # as `grounds.in_order` has it

    def get_urls(self) -> list[URLPattern]:
        wrap, name = self.admin_site.admin_view, "cases_groundfound"
        return [
            path("", wrap(self.changelist_view), name=f"{name}_changelist"),
            path("<sealed:pk>/change/", wrap(self.ground_view), name=f"{name}_change"),
            path("<sealed:pk>/files/<sealed:file>/", wrap(require_safe(self.file_view)), name=f"{name}_file"),
        ]

    @admin.display(description="情形")
    def what(self, ground: GroundFound) -> str:
        return str(ground)

    @admin.display(description="单位")
    def unit(self, ground: GroundFound) -> str:
        return ground.registration.organisation.name

    def ground_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        ground = self.one_or_404(request, pk)
        may_act = access.may(request.user, HANDLE_CASES, ground.programme)
        if request.method != "POST":
            return self._show(request, ground, SetAsideForm(), may_act)
        if not may_act:
            raise Http404
        form = SetAsideForm(request.POST)
        if form.is_valid() and self._set_aside(request, ground, form):
            return redirect("admin:cases_groundfound_changelist")
        return self._show(request, self.one_or_404(request, pk), form, may_act, status=WRONG)

    def file_view(self, request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
        """What proves a ground, for whoever sees its page. That somebody took it is kept."""
        related = ("file", "ground__programme", "ground__registration__organisation", "ground__case")
        shown = access.programmes_for(request.user, VIEW_CASES)
        rows = GroundFile.objects.filter(ground=pk, ground__programme__in=shown)
        proof = access.one_or_404(
            rows.select_related(*related, "ground__ground__article", "ground__partner"), pk=file
        )
        response = files.download(proof.file)
        proofs.note_opening(proof, by=request.user, at=clock.now())
        return response

    def _set_aside(self, request: HttpRequest, ground: GroundFound, form: SetAsideForm) -> bool:
        try:
            grounds.set_aside(ground, reason=form.cleaned_data["reason"], by=request.user, at=clock.now())
        except Refused as refusal:
            take(form, refusal)
            return False
        messages.success(request, f"不立案：{ground}。理由已记录。")
        return True

    def _show(
        self, request: HttpRequest, ground: GroundFound, form: SetAsideForm, may_act: bool, status: int = 200
    ) -> HttpResponse:
        is_open = ground.state == GroundFound.State.OPEN
        context = {
            "ground": ground,
            "proofs": ground.files.select_related("file"),
            "earlier": rested.earlier(ground),
            "form": form,
            "may_act": may_act and is_open,
            "openings": grounds.openings(ground, clock.now()) if may_act and is_open else [],
        }
        return self.page(request, "admin/cases/ground.html", str(ground), status=status, **context)
