"""The office's pages of a sanction or a removal: a ground entered, a case begun over it, written and filed; from there on the page
of its case takes over."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse

from accounts import access
from cases import engine, finding, grounds, materials, paper
from cases import steps as case_steps
from cases.access import FILE, case_or_404
from cases.admin.office import OfficeAdmin, ProgrammeFilter, take
from cases.errors import Problem, Refused
from cases.models import Case, GroundFound
from cities import keys
from clearance import barred, page, parting, partners, queries, steps
from clearance.forms import GroundForm, MeasureForm, PartnerMeasureForm
from clearance.models import Followup, Measure
from providers.models import Organisation, Registration
from providers.queries import current_partnerships
from records import clock
from records.answers import WRONG


class MeasureProgrammeFilter(ProgrammeFilter):
    path = "case__programme"


class KindFilter(admin.SimpleListFilter):
    title = "办什么"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(kind, keys.PROCEDURE_KINDS[kind]) for kind in queries.KINDS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Measure]) -> QuerySet[Measure]:
        return queryset.filter(case__procedure__kind=self.value()) if self.value() else queryset


class MeasureList(ChangeList):
    """What the office writes at present has a page of its own, everything else that of its case."""

    def url_for_result(self, result: Any) -> str:
        case = result.case
        is_written = case.channel == Case.Channel.OFFICE and case.is_editable
        return reverse(f"admin:{'clearance_measure' if is_written else 'cases_case'}_change", args=[case.pk])


class OwedFilter(admin.SimpleListFilter):
    title = "还要办的"
    parameter_name = "owed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("late", "责令到期没有完成"),
            ("unserved", "移出还没有登记送达"),
            ("untold", "撤销还没有登记送达"),
            ("open", "还有后续事项"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Measure]) -> QuerySet[Measure]:
        owed: dict[str, Callable[[], QuerySet[Any]]] = {
            "late": lambda: parting.overdue().values("case"),
            "unserved": lambda: queries.unserved_removals().values("pk"),
            "untold": lambda: queries.unserved_revocations().values("pk"),
            "open": lambda: Followup.objects.filter(done_on=None).values("case"),
        }
        rows = owed.get(str(self.value()))
        return queryset.filter(case__in=rows()) if rows else queryset


@admin.register(Measure)
class MeasureAdmin(OfficeAdmin):
    programme_path = "case__programme"
    list_display = ("case", "what", "unit", "standing")
    list_display_links = ("case", "unit")
    list_filter = (KindFilter, OwedFilter, MeasureProgrammeFilter)
    list_select_related = ("case__organisation", "case__stage", "case__procedure")
    search_help_text = "事项编号、单位、合作伙伴"
    search_fields = (
        *("case__number", "case__organisation__name", "case__organisation__credit_code"),
        *("partner__name", "partner__credit_code"),
    )
    change_list_template = "admin/clearance/change_list.html"
    nothing = ("还没有警示和退出的事项", "登记情形并立案以后，或者单位申请退出以后，列在这里。")

    def get_queryset(self, request: HttpRequest) -> Any:
        """A unit's own draft is its own."""
        rows = super().get_queryset(request).exclude(case__result=Case.Result.DISCARDED)
        return rows.exclude(case__status=Case.Status.DRAFT, case__channel=Case.Channel.ONLINE)

    def get_ordering(self, request: HttpRequest) -> Any:
        return ("-case__created_at",)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return MeasureList

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.handled(request).exists()

    def get_urls(self) -> list[URLPattern]:
        wrap, name = self.admin_site.admin_view, "clearance_measure"
        return [
            path("", wrap(self.changelist_view), name=f"{name}_changelist"),
            path("grounds/", wrap(self.ground_view), name=f"{name}_ground"),
            path("add/", wrap(self.begin_view), name=f"{name}_add"),
            path("<uuid:pk>/change/", wrap(self.draft_view), name=f"{name}_change"),
        ]

    @admin.display(description="办什么")
    def what(self, measure: Measure) -> str:
        return str(measure.case.procedure)

    @admin.display(description="单位")
    def unit(self, measure: Measure) -> str:
        return measure.case.organisation.name

    @admin.display(description="现在")
    def standing(self, measure: Measure) -> str:
        case = measure.case
        if case.status == Case.Status.OPEN:
            return str(case.stage)
        return str(case.get_result_display() if case.result else case.get_status_display())

    def ground_view(self, request: HttpRequest) -> HttpResponse:
        """Enter a ground of a unit that is looked up."""
        if not self.has_add_permission(request):
            raise Http404
        unit = self._unit(request)
        if unit is None:
            return self._search(request)
        seen = self._seen(request, unit)
        form = self._ground_form(request, unit, seen)
        if found := self._enter(request, unit, form, seen):
            messages.success(request, f"已登记：{found}。")
            return redirect("admin:cases_groundfound_change", found.pk)
        context: dict[str, Any] = {"unit": unit, "form": form, "nothing": not form.grounds}
        status = WRONG if form.is_bound else 200
        return self.page(request, "admin/clearance/ground.html", "登记情形", status=status, **context)

    def _enter(
        self, request: HttpRequest, unit: Registration, form: GroundForm, seen: GroundFound | None
    ) -> GroundFound | None:
        if not form.is_bound or not form.is_valid():
            return None
        facts = {**form.facts(), "registration": unit, "instead_of": seen}
        try:
            return steps.enter(**facts, by=request.user, at=clock.now())
        except Refused as refusal:
            take(form, refusal)
            return None

    def _seen(self, request: HttpRequest, unit: Registration) -> GroundFound | None:
        """What was found already that no row of the rules names, and is now entered under one."""
        if "found" not in request.GET:
            return None
        rows = grounds.of_programmes(self.handled(request)).filter(kind=barred.KIND, registration=unit)
        return access.one_or_404(rows, pk=request.GET["found"])

    def _ground_form(self, request: HttpRequest, unit: Registration, seen: GroundFound | None) -> GroundForm:
        rows = queries.grounds_in_force(unit.programme, clock.now())
        known = [row for row in rows if queries.can_be_taken_up(row)]
        of_unit = current_partnerships().filter(entry__registration=unit)
        behind = Organisation.objects.filter(pk__in=of_unit.values("organisation")).order_by("name")
        typed = (request.POST, request.FILES) if request.method == "POST" else ()
        initial = {"evidence": seen.evidence} if seen else {}
        return GroundForm(*typed, grounds=known, partners=list(behind), initial=initial)

    def _unit(self, request: HttpRequest) -> Registration | None:
        if "registration" not in request.GET:
            return None
        return access.one_or_404(paper.registrations_for(request.user), pk=request.GET["registration"])

    def _search(self, request: HttpRequest) -> HttpResponse:
        context = finding.context(paper.registrations_for(request.user), request.GET.get("q", ""))
        return self.page(request, "admin/clearance/ground.html", "登记情形", **context)

    def begin_view(self, request: HttpRequest) -> HttpResponse:
        """A case over a ground that was found; over one of a partner, one for every unit behind which that stands."""
        if not self.has_add_permission(request) or "ground" not in request.GET:
            raise Http404
        rows = grounds.of_programmes(self.handled(request)).filter(kind="ground")
        found: GroundFound = access.one_or_404(rows, pk=request.GET["ground"])
        return self._begin_all(request, found) if found.partner else self._begin_one(request, found)

    def _begin_one(self, request: HttpRequest, found: GroundFound) -> HttpResponse:
        why = ""
        if request.method == "POST":
            try:
                case = steps.begin(found, by=request.user, at=clock.now())
                return redirect("admin:clearance_measure_change", case.pk)
            except Refused as refusal:
                why = refusal.message
        context: dict[str, Any] = {
            "ground": found,
            "proofs": found.files.select_related("file"),
            "why": why,
            "opening": steps.opening(found, clock.now()),
        }
        status = WRONG if why else 200
        return self.page(request, "admin/clearance/begin.html", "立案", status=status, **context)

    def _begin_all(self, request: HttpRequest, found: GroundFound) -> HttpResponse:
        form = PartnerMeasureForm(request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            try:
                begun = partners.begin_all(found, **form.cleaned_data, by=request.user, at=clock.now())
                return self._begun(request, begun)
            except Refused as refusal:
                take(form, refusal)
        assert found.partner is not None
        context: dict[str, Any] = {
            "ground": found,
            "proofs": found.files.select_related("file"),
            "form": form,
            "units": partners.concerned(found.programme, found.partner, found),
            "opening": steps.opening(found, clock.now()),
        }
        status = WRONG if form.is_bound else 200
        return self.page(request, "admin/clearance/begin_all.html", "立案", status=status, **context)

    def _begun(self, request: HttpRequest, begun: partners.Begun) -> HttpResponse:
        numbers = "、".join(str(case) for case in begun.cases)
        messages.success(request, f"已立案 {len(begun.cases)} 件：{numbers}，报审定。")
        if begun.batch:
            return redirect("admin:cases_batch_change", begun.batch.pk)
        return redirect("admin:cases_case_change", begun.cases[0].pk)

    def draft_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """The draft on one page. Every button keeps what was typed before it does anything else."""
        case = self._own_or_404(request, pk)
        if not case.is_editable:
            return redirect("admin:cases_case_change", case.pk)
        if request.method != "POST":
            return self._show(request, case, page.measure_form(case))
        form = MeasureForm(request.POST)
        try:
            problems = self._save(request, case, form)
            if problems or not form.is_valid():
                return self._show(request, case, form, problems, title="还没有全部保存", status=WRONG)
            return self._next_step(request, engine.load(case.pk))
        except Refused as refusal:
            problems = refusal.problems or [Problem("", refusal.message)]
            return self._show(request, case, form, problems, title=refusal.message, status=WRONG)

    def _save(self, request: HttpRequest, case: Case, form: MeasureForm) -> list[Problem]:
        """Keep the words if they fit, and every upload that is what it says; tell of each that is not."""
        if request.POST.get("do") == "discard" and case_steps.why_ended(case):
            return []
        if form.is_valid():
            steps.save(case, **form.cleaned_data, at=clock.now())
        return materials.keep_all(case, request.FILES, by=request.user, at=clock.now())

    def _own_or_404(self, request: HttpRequest, pk: UUID) -> Case:
        case = case_or_404(request.user, pk, FILE)
        if not queries.is_one(case) or case.channel != Case.Channel.OFFICE:
            raise Http404
        return case

    def _next_step(self, request: HttpRequest, case: Case) -> HttpResponse:
        do, now = request.POST.get("do", "save"), clock.now()
        if do == "submit":
            filed = case_steps.submit(case, by=request.user, at=now)
            messages.success(request, f"已提交 {filed.number}，现在在“{filed.stage}”。")
            return redirect("admin:cases_case_change", case.pk)
        if do == "discard" and case.status == Case.Status.DRAFT:
            case_steps.discard(case, by=request.user, at=now)
            waits = "" if case_steps.why_ended(case) else "立案所依据的情形重新待处理。"
            messages.success(request, f"已删除草稿。{waits}")
            return redirect("admin:clearance_measure_changelist")
        messages.success(request, self._of_grounds(request, case, do) or "已保存")
        return redirect("admin:clearance_measure_change", case.pk)

    def _of_grounds(self, request: HttpRequest, case: Case, do: str) -> str:
        """What was done with a ground; empty where another button was pressed."""
        if do.startswith("take-"):
            return self._combine(request, case, do)
        return self._take_out(request, case, do) if do.startswith("out-") else ""

    def _take_out(self, request: HttpRequest, case: Case, do: str) -> str:
        named = do.removeprefix("out-")
        found = next((one for one in queries.taken_up(case) if str(one.pk) == named), None)
        if found is None:
            return "这一条已经不在这一件里"
        steps.take_out(
            case, found, reason=request.POST.get(f"why-{named}", ""), by=request.user, at=clock.now()
        )
        return f"已移出：{found}，重新待处理"

    def _combine(self, request: HttpRequest, case: Case, do: str) -> str:
        named = do.removeprefix("take-")
        assert case.registration is not None
        rows = grounds.open_of(case.registration, case.procedure)
        found = rows.filter(pk=named).first() if named.isdecimal() else None
        if found is None:
            return "这一条已经处理过"
        steps.combine(case, found, by=request.user, at=clock.now())
        return f"已并入：{found}"

    def _show(
        self,
        request: HttpRequest,
        case: Case,
        form: MeasureForm,
        problems: list[Problem] | None = None,
        *,
        title: str = "",
        status: int = 200,
    ) -> HttpResponse:
        context = page.measure_context(engine.load(case.pk), form, problems or [], clock.now())
        whole: dict[str, Any] = {**context, "problem_title": title}
        return self.page(
            request, "admin/clearance/measure.html", f"{case.procedure} {case}", status=status, **whole
        )
