from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import Case as SqlCase
from django.db.models import Value, When
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from accounts import access
from cases.errors import Refused
from cases.models import Case
from cities.permissions import HANDLE_CASES, VIEW_RECORDS
from publicity import evidence, queries, receipts, steps
from publicity.admin.office import WRONG, OfficeAdmin, ProgrammeFilter, take
from publicity.forms import PaperObjectionForm, SettleForm
from publicity.models import Objection, PublicityItem
from records import clock, files


class ObjectionProgrammeFilter(ProgrammeFilter):
    path = "item__case__programme"


@admin.register(Objection)
class ObjectionAdmin(OfficeAdmin):
    """Objections to one's programmes' publicities, open ones first. Who objected is told here and nowhere else, and only
    to who settles objections or reads the records; that they looked is kept."""

    programme_path = "item__case__programme"
    list_display = ("receipt", "state", "period", "case", "channel", "received_on", "settled_at")
    list_filter = ("state", "channel", ObjectionProgrammeFilter)
    list_select_related = ("item__period", "item__case__organisation")
    search_fields = (
        "receipt",
        "item__period__number",
        "item__case__number",
        "item__case__organisation__name",
    )
    change_list_template = "admin/publicity/objection/change_list.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        related = ("item__period", "item__case__organisation", "item__case__programme__city", "evidence")
        people = ("entered_by", "settled_by")
        return super().get_queryset(request).select_related(*related, *people)

    def get_ordering(self, request: HttpRequest) -> Any:
        return (SqlCase(When(state=Objection.State.OPEN, then=Value(0)), default=Value(1)), "entered_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.handled(request).exists()

    def get_urls(self) -> list[URLPattern]:
        wrap, name = self.admin_site.admin_view, "publicity_objection"
        return [
            path("", wrap(self.changelist_view), name=f"{name}_changelist"),
            path("add/", wrap(self.add_view), name=f"{name}_add"),
            path("<uuid:object_id>/change/", wrap(self.change_view), name=f"{name}_change"),
            path("<uuid:object_id>/evidence/", wrap(self.evidence_view), name=f"{name}_evidence"),
        ]

    @admin.display(description="公示", ordering="item__period__number")
    def period(self, objection: Objection) -> str:
        return objection.item.period.number

    @admin.display(description="对哪一件")
    def case(self, objection: Objection) -> str:
        return f"{objection.item.case.organisation}（{objection.item.case}）"

    def change_view(
        self, request: HttpRequest, object_id: Any, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        objection = self.one_or_404(request, object_id)
        may_act = access.may(request.user, HANDLE_CASES, objection.item.case.programme)
        if request.method != "POST":
            return self._show(request, objection, SettleForm(objection=objection) if may_act else None)
        if not may_act:
            raise Http404
        form = SettleForm(request.POST, objection=objection)
        if form.is_valid() and self._settle(request, objection, form):
            return redirect("admin:publicity_objection_change", objection.pk)
        return self._show(request, objection, form, status=WRONG)

    def evidence_view(self, request: HttpRequest, object_id: Any) -> FileResponse:
        objection = self.one_or_404(request, object_id)
        if objection.evidence is None or not _may_know(request.user, objection):
            raise Http404
        steps.note_opening(objection, by=request.user, at=clock.now())
        return files.download(objection.evidence)

    @method_decorator(sensitive_post_parameters())
    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Enter an objection that came on paper."""
        if not self.has_add_permission(request):
            raise Http404
        now, asked = clock.now(), request.POST.get("item", "")
        items = list(queries.objectionable(self.handled(request), asked))
        if request.method != "POST":
            form = PaperObjectionForm(
                items=_choices(items),
                today=now.date(),
                initial={"item": request.GET.get("item"), "received_on": now.date()},
            )
            return self._paper(request, form)
        form = _bound(request, items, now)
        if form.is_valid() and (objection := self._lodge(request, form, items, now)):
            return redirect("admin:publicity_objection_change", objection.pk)
        return self._paper(request, form, status=WRONG)

    def _paper(self, request: HttpRequest, form: PaperObjectionForm, status: int = 200) -> HttpResponse:
        return self.page(request, "admin/publicity/paper.html", "登记书面异议", form=form, status=status)

    def _lodge(
        self, request: HttpRequest, form: PaperObjectionForm, items: list[PublicityItem], now: datetime
    ) -> Objection | None:
        item = next(item for item in items if str(item.pk) == form.cleaned_data["item"])
        try:
            objection = steps.lodge(
                item, at=now, by=request.user, received_on=form.cleaned_data["received_on"], **form.what()
            )
        except Refused as refusal:
            take(form, refusal)
            return None
        messages.success(request, f"已登记书面异议，回执编号 {objection}。{item.case} 暂缓，处理完再往下走。")
        return objection

    def _settle(self, request: HttpRequest, objection: Objection, form: SettleForm) -> bool:
        is_upheld = form.cleaned_data["upheld"] == "yes"
        try:
            steps.settle(
                objection,
                upheld=is_upheld,
                conclusion=form.cleaned_data["conclusion"],
                by=request.user,
                at=clock.now(),
            )
        except Refused as refusal:
            take(form, refusal)
            return False
        messages.success(request, _told(objection, is_upheld))
        return True

    def _show(
        self, request: HttpRequest, objection: Objection, form: SettleForm | None, status: int = 200
    ) -> HttpResponse:
        now, may_know = clock.now(), _may_know(request.user, objection)
        if may_know:
            steps.note_opening(objection, by=request.user, at=now)
        face = queries.faces([objection.item.period], now)[0]
        context = {
            "objection": objection,
            "row": next(row for row in face.items if row.item.pk == objection.item_id),
            "form": form if objection.state == Objection.State.OPEN else None,
            "may_know": may_know,
            "receipt_url": request.build_absolute_uri(receipts.url(objection)) if may_know else "",
        }
        return self.page(
            request, "admin/publicity/objection.html", f"异议 {objection}", status=status, **context
        )


def _may_know(user: Any, objection: Objection) -> bool:
    """Who objected, and the papers, which may name them."""
    programme = objection.item.case.programme
    return any(access.may(user, permission, programme) for permission in (HANDLE_CASES, VIEW_RECORDS))


def _choices(items: list[PublicityItem]) -> list[tuple[str, str]]:
    return [(str(item.pk), f"{item.period}　{item.case.organisation}（{item.case}）") for item in items]


def _bound(request: HttpRequest, items: list[PublicityItem], now: datetime) -> PaperObjectionForm:
    stored, why_not = None, ""
    try:
        stored = evidence.take(
            request.FILES.get("evidence"), request.POST.get("kept", ""), by=request.user, at=now
        )
    except files.FileRefused as refusal:
        why_not = str(refusal)
    return PaperObjectionForm(
        request.POST,
        request.FILES,
        items=_choices(items),
        stored=stored,
        why_not_stored=why_not,
        today=now.date(),
    )


def _told(objection: Objection, is_upheld: bool) -> str:
    case = Case.objects.select_related("stage").get(pk=objection.item.case_id)
    if case.status != Case.Status.OPEN:
        return f"异议 {objection} 已处理。{case} 已办结，不再变动。"
    if is_upheld:
        return f"异议 {objection} 成立，{case} 已退回“{case.stage}”。"
    return f"异议 {objection} 不成立，{case} 公示期满后继续办理。"
