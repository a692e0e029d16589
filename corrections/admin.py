"""The office's pages of a correction: begun for a unit, written, and filed; from there on the page of its case takes over."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse

from accounts import access
from cases import finding, grounds
from cases import steps as case_steps
from cases.access import FILE, case_or_404
from cases.admin.office import OfficeAdmin, ProgrammeFilter, take
from cases.errors import Problem, Refused
from cases.models import Case, GroundFound
from corrections import page, queries, steps
from corrections.forms import FORMS, CorrectionForm
from corrections.models import Correction
from corrections.words import action_name
from providers.models import Registration
from records import clock
from records.answers import WRONG


class CorrectionProgrammeFilter(ProgrammeFilter):
    path = "case__programme"


@admin.register(Correction)
class CorrectionAdmin(OfficeAdmin):
    programme_path = "case__programme"
    list_display = ("case", "unit", "corrects", "standing", "edition")
    list_display_links = ("case", "unit")
    list_filter = (CorrectionProgrammeFilter,)
    list_select_related = ("case__organisation", "case__stage", "case__edition", "corrects")
    search_fields = ("case__number", "case__organisation__name", "case__organisation__credit_code")
    change_list_template = "admin/corrections/change_list.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).exclude(case__result=Case.Result.DISCARDED)

    def get_ordering(self, request: HttpRequest) -> Any:
        return ("-case__created_at",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.handled(request).exists()

    def get_urls(self) -> list[URLPattern]:
        wrap, name = self.admin_site.admin_view, "corrections_correction"
        return [
            path("", wrap(self.changelist_view), name=f"{name}_changelist"),
            path("add/", wrap(self.begin_view), name=f"{name}_add"),
            path("<uuid:pk>/change/", wrap(self.draft_view), name=f"{name}_change"),
            path("<uuid:pk>/operations/<slug:action>/", wrap(self.operation_view), name=f"{name}_operation"),
        ]

    @admin.display(description="单位")
    def unit(self, correction: Correction) -> str:
        return correction.case.organisation.name

    @admin.display(description="现在")
    def standing(self, correction: Correction) -> str:
        case = correction.case
        if case.status == Case.Status.OPEN:
            return str(case.stage)
        return str(case.get_result_display() if case.result else case.get_status_display())

    @admin.display(description="更正后")
    def edition(self, correction: Correction) -> str:
        return str(correction.case.edition or "")

    def begin_view(self, request: HttpRequest) -> HttpResponse:
        """For a ground that was found, or for a unit that is looked up."""
        if not self.has_add_permission(request):
            raise Http404
        ground = self._ground(request)
        unit = ground.registration if ground else self._unit(request)
        if unit is None:
            return self._search(request)
        why = queries.why_none(unit.programme, clock.now())
        if request.method == "POST" and not why:
            try:
                case = steps.begin(unit, by=request.user, at=clock.now(), ground=ground)
                return redirect("admin:corrections_correction_change", case.pk)
            except Refused as refusal:
                why = refusal.message
        status = WRONG if request.method == "POST" else 200
        context: dict[str, Any] = {"ground": ground, "unit": unit, "why": why}
        return self.page(request, "admin/corrections/begin.html", "更正名单", status=status, **context)

    def _ground(self, request: HttpRequest) -> GroundFound | None:
        if "ground" not in request.GET:
            return None
        return access.one_or_404(grounds.of_programmes(self.handled(request)), pk=request.GET["ground"])

    def _unit(self, request: HttpRequest) -> Registration | None:
        if "registration" not in request.GET:
            return None
        return access.one_or_404(queries.correctable(self.handled(request)), pk=request.GET["registration"])

    def _search(self, request: HttpRequest) -> HttpResponse:
        context = finding.context(queries.correctable(self.handled(request)), request.GET.get("q", ""))
        return self.page(request, "admin/corrections/begin.html", "更正名单", **context)

    def draft_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """The draft on one page. Every button keeps what was typed before it does anything else."""
        case = self._own_or_404(request, pk)
        if not case.is_editable:
            return redirect("admin:cases_case_change", case.pk)
        editions = queries.editions_of(page.registration_of(case))
        if request.method != "POST":
            return self._show(request, case, page.initial_form(case, editions))
        form = CorrectionForm(request.POST, editions=editions)
        if not form.is_valid():
            return self._show(request, case, form, title="还没有保存", status=WRONG)
        try:
            steps.save(case, **form.facts(), at=clock.now())
            return self._next_step(request, case, form)
        except Refused as refusal:
            problems = refusal.problems or [Problem("", refusal.message)]
            return self._show(request, case, form, problems, title=refusal.message, status=WRONG)

    def _own_or_404(self, request: HttpRequest, pk: UUID) -> Case:
        case = case_or_404(request.user, pk, FILE)
        if case.procedure.kind != queries.KIND:
            raise Http404
        return case

    def _next_step(self, request: HttpRequest, case: Case, form: CorrectionForm) -> HttpResponse:
        do, now = request.POST.get("do", "save"), clock.now()
        if do in FORMS:
            return redirect("admin:corrections_correction_operation", case.pk, do)
        if do == "submit":
            filed = case_steps.submit(case, by=request.user, at=now)
            messages.success(request, f"已提交 {filed.number}，由另一人审定。")
            return redirect("admin:cases_case_change", case.pk)
        if do == "discard" and case.status == Case.Status.DRAFT:
            case_steps.discard(case, by=request.user, at=now)
            messages.success(request, "已删除草稿。立案所依据的情形重新待处理。")
            return redirect("admin:corrections_correction_changelist")
        said = self._remove(case, do) if do.startswith("remove-") else "已保存"
        messages.success(request, said)
        return redirect("admin:corrections_correction_change", case.pk)

    def _remove(self, case: Case, do: str) -> str:
        named = do.removeprefix("remove-")
        row = case.correction.operations.filter(pk=named).first() if named.isdecimal() else None
        if row is None:
            return "这一项已经不在更正里"
        steps.remove_operation(row, at=clock.now())
        return "已去掉这一项"

    def _show(
        self,
        request: HttpRequest,
        case: Case,
        form: CorrectionForm,
        problems: list[Problem] | None = None,
        *,
        title: str = "",
        status: int = 200,
    ) -> HttpResponse:
        context = page.context(case, form, problems or [], clock.now())
        whole: dict[str, Any] = {**context, "problem_title": title}
        return self.page(request, "admin/corrections/correction.html", f"更正 {case}", status=status, **whole)

    def operation_view(self, request: HttpRequest, pk: UUID, action: str) -> HttpResponse:
        """One more thing to be put right."""
        case = self._own_or_404(request, pk)
        if action not in FORMS:
            raise Http404
        if not case.is_editable:
            return redirect("admin:cases_case_change", case.pk)
        form = page.operation_form(case, action, request, clock.now())
        status = 200
        if form.is_bound:
            status = WRONG
            if form.is_valid() and self._add(request, case, action, form):
                address = reverse("admin:corrections_correction_change", args=[case.pk])
                return redirect(f"{address}#operations")
        label = action_name(action, case.programme)
        context = {"case": case, "form": form, "label": label, "to_choose": form.to_choose()}
        return self.page(request, "admin/corrections/operation.html", label, status=status, **context)

    def _add(self, request: HttpRequest, case: Case, action: str, form: Any) -> bool:
        try:
            steps.add_operation(case, action, at=clock.now(), **form.facts())
        except Refused as refusal:
            take(form, refusal)
            return False
        messages.success(request, f"已加入更正：{action_name(action, case.programme)}")
        return True
