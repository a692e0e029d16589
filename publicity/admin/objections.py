"""Objections at the desk: the list, one objection with what can be done next, and one that came on paper."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Case as SqlCase
from django.db.models import QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from accounts import access
from cases.admin.office import OfficeAdmin, ProgrammeFilter, take
from cases.errors import Refused
from cities import keys
from cities.permissions import HANDLE_CASES, VIEW_RECORDS
from publicity import aftermath, asked, evidence, objectors, queries, receipts, steps
from publicity.admin.handling import ACTS, forms_for, perform
from publicity.forms import HandlingForm, PaperObjectionForm
from publicity.models import Objection, ObjectionAct, ObjectionFile, PublicityItem
from records import clock, files, words
from records.answers import WRONG
from records.files.purposes import Purpose, PurposeForm, open_for_purpose

# The button by which who reads the records says what for he looks at who objected.
LOOK = "look"


class ObjectionProgrammeFilter(ProgrammeFilter):
    path = "item__case__programme"


class WaitingFilter(admin.SimpleListFilter):
    """What the desk has still to do."""

    title = "待办"
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("handle", "没有处理完"), ("tell", "没有告知提出人")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        asked_for = queries.TO_DO.get(self.value() or "")
        return queryset if asked_for is None else queryset.filter(asked_for)


@admin.register(Objection)
class ObjectionAdmin(OfficeAdmin):
    """Objections to one's programmes' publicities, open ones first. Who objected is told here and nowhere else, and only
    to who settles objections, or reads the records and says what for; that they looked is kept."""

    programme_path = "item__case__programme"
    list_display = ("receipt", "kind", "standing", "period", "case", "channel", "received_on", "waits_since")
    list_filter = (WaitingFilter, "state", "kind", "channel", ObjectionProgrammeFilter)
    list_select_related = ("item__period", "item__case__organisation")
    search_fields = (
        "receipt",
        "item__period__number",
        "item__case__number",
        "item__case__organisation__name",
    )
    change_list_template = "admin/publicity/objection/change_list.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        related = (
            "item__period__stage",
            "item__case__organisation",
            "item__case__programme__city",
            "edition",
        )
        people = ("entered_by", "settled_by")
        return super().get_queryset(request).select_related(*related, *people)

    def get_ordering(self, request: HttpRequest) -> Any:
        return (SqlCase(When(state__in=Objection.OPEN, then=Value(0)), default=Value(1)), "entered_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.handled(request).exists()

    def get_urls(self) -> list[URLPattern]:
        wrap, name = self.admin_site.admin_view, "publicity_objection"
        return [
            path("", wrap(self.changelist_view), name=f"{name}_changelist"),
            path("add/", wrap(self.add_view), name=f"{name}_add"),
            path("<uuid:object_id>/change/", wrap(self.change_view), name=f"{name}_change"),
            path(
                "<uuid:object_id>/file/<int:file_id>/",
                wrap(self.file_view),
                name=f"{name}_file",
            ),
        ]

    @admin.display(description="公示", ordering="item__period__number")
    def period(self, objection: Objection) -> str:
        return objection.item.period.number

    @admin.display(description="对哪一件")
    def case(self, objection: Objection) -> str:
        return f"{objection.item.case.organisation}（{objection.item.case}）"

    @admin.display(description="状态", ordering="state")
    def standing(self, objection: Objection) -> str:
        late = "，发布后成立" if objection.asks_for_correction else ""
        late = late or ("，发布后收到" if objection.edition_id else "")
        return f"{objection.get_state_display()}{late}"

    @admin.display(description="等处理", ordering="entered_at")
    def waits_since(self, objection: Objection) -> str:
        if objection.is_open:
            return f"{words.day(objection.received_on, words.local_day(clock.now()))} 起"
        return "" if objection.told_on else "等告知提出人"

    @method_decorator(sensitive_post_parameters())
    def change_view(
        self, request: HttpRequest, object_id: Any, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        objection = self.one_or_404(request, object_id)
        may_act = access.may(request.user, HANDLE_CASES, objection.item.case.programme)
        now = clock.now()
        if request.method != "POST":
            return self._show(request, objection, forms_for(objection, now) if may_act else [])
        if request.POST.get("act") == LOOK and not may_act and _reads(request.user, objection):
            return self._say_why(request, objection, now)
        kind = ACTS.get(request.POST.get("act", ""))
        if not may_act or kind is None:
            raise Http404
        form = kind.bound(request.POST, objection, now)
        if form.is_valid() and self._perform(request, objection, form, now):
            return redirect("admin:publicity_objection_change", objection.pk)
        fresh = self.one_or_404(request, object_id)
        others = [one for one in forms_for(fresh, now) if one.act != form.act]
        return self._show(request, fresh, [form, *others], status=WRONG)

    def _say_why(self, request: HttpRequest, objection: Objection, now: datetime) -> HttpResponse:
        form = PurposeForm(request.POST)
        if form.is_valid():
            purpose = form.chosen()
            try:
                steps.note_purpose(objection, purpose, by=request.user, at=now)
            except Refused as refusal:
                form.add_error("detail", refusal.message)
            else:
                return redirect("admin:publicity_objection_change", objection.pk)
        return self._show(request, objection, [], look=form, status=WRONG)

    def file_view(self, request: HttpRequest, object_id: Any, file_id: int) -> HttpResponseBase:
        objection = self.one_or_404(request, object_id)
        if not _may_know(request.user, objection, clock.now()):
            raise Http404
        paper = access.one_or_404(objection.files.select_related("stored"), pk=file_id)
        if paper.stored.sensitive or paper.kind == ObjectionFile.Kind.ID_COPY:
            return self._open_sensitive(request, objection, paper)
        steps.note_opening(objection, by=request.user, at=clock.now())
        return files.download(paper.stored)

    def _open_sensitive(
        self, request: HttpRequest, objection: Objection, paper: ObjectionFile
    ) -> HttpResponseBase:
        if not access.may(request.user, HANDLE_CASES, objection.item.case.programme):
            raise Http404
        now = clock.now()

        def page(form: PurposeForm, status: int) -> HttpResponse:
            back = reverse("admin:publicity_objection_change", args=[objection.pk])
            context = {"stored": paper.stored, "form": form, "back": back, "back_label": f"异议 {objection}"}
            return self.page(
                request, "admin/files/open.html", "打开含个人信息的文件", status=status, **context
            )

        def record(purpose: Purpose) -> None:
            try:
                steps.note_opening_of(paper, purpose, by=request.user, at=now)
            except Refused as refusal:
                raise ValidationError(refusal.message) from None

        return open_for_purpose(request, paper.stored, page=page, record=record, at=now)

    @method_decorator(sensitive_post_parameters())
    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Enter an objection that came on paper."""
        if not self.has_add_permission(request):
            raise Http404
        now, wanted = clock.now(), request.POST.get("item") or request.GET.get("item", "")
        items = list(queries.objectionable(self.handled(request), wanted))
        if request.method != "POST":
            form = PaperObjectionForm(
                items=_choices(items),
                asked=_asked(items, wanted),
                today=now.date(),
                initial={"item": wanted, "received_on": now.date()},
            )
            return self._paper(request, form)
        form = _bound(request, items, wanted, now)
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
        held = (
            f"{objection.edition}名单已发布，查实后更正，更正以前名单不变。"
            if objection.edition
            else f"{item.case} 暂缓，处理完再往下走。"
        )
        messages.success(request, f"已登记书面异议，回执编号 {objection}。{held}")
        return objection

    def _perform(self, request: HttpRequest, objection: Objection, form: HandlingForm, now: datetime) -> bool:
        try:
            messages.success(request, perform(objection, form, by=request.user, at=now))
        except Refused as refusal:
            take(form, refusal)
            return False
        return True

    def _show(
        self,
        request: HttpRequest,
        objection: Objection,
        forms: list[HandlingForm],
        look: PurposeForm | None = None,
        status: int = 200,
    ) -> HttpResponse:
        now = clock.now()
        may_know = _may_know(request.user, objection, now)
        if not may_know and _reads(request.user, objection):
            look = look or PurposeForm()
        if may_know:
            steps.note_opening(objection, by=request.user, at=now)
        face = queries.faces([objection.item.period], now)[0]
        papers = list(objection.files.select_related("stored"))
        context = {
            "objection": objection,
            "aftermath": aftermath.of(objection),
            "row": next(row for row in face.items if row.item.pk == objection.item_id),
            "forms": forms,
            "look": look,
            "wrong": next((form for form in [*forms, *([look] if look else [])] if form.errors), None),
            "may_know": may_know,
            "may_see_id": access.may(request.user, HANDLE_CASES, objection.item.case.programme),
            "papers": [one for one in papers if one.kind != ObjectionFile.Kind.ID_COPY],
            "id_copies": [one for one in papers if one.kind == ObjectionFile.Kind.ID_COPY],
            "acts": _acts(objection, may_know),
            "untold": objectors.untold(objection) if may_know else "",
            "mailed": objectors.mailed(objection).values() if may_know else [],
            "handled_by": asked.handling(objection.item.period.stage, objection.received_on),
            "receipt_url": request.build_absolute_uri(receipts.url(objection)) if may_know else "",
            "code": receipts.code(objection) if may_know else "",
        }
        return self.page(
            request, "admin/publicity/objection.html", f"异议 {objection}", status=status, **context
        )


def _acts(objection: Objection, may_know: bool) -> list[dict[str, Any]]:
    """Who does not handle objections reads that something was found, not what."""
    hidden = () if may_know else (ObjectionAct.Done.NOTED, ObjectionAct.Done.TOLD)
    return [
        {
            "at": act.at,
            "actor_name": act.by.display_name if act.by else "公众",
            "summary": act.get_done_display(),
            "note": "" if act.done in hidden else act.words,
        }
        for act in objection.acts.select_related("by").order_by("-at", "-pk")
    ]


def _may_know(user: Any, objection: Objection, at: datetime) -> bool:
    """Who objected, and the papers, which may name them: who handles it, and who reads the records once he has said what for."""
    if access.may(user, HANDLE_CASES, objection.item.case.programme):
        return True
    return _reads(user, objection) and steps.has_said_why(objection, by=user, at=at)


def _reads(user: Any, objection: Objection) -> bool:
    return access.may(user, VIEW_RECORDS, objection.item.case.programme)


def _choices(items: list[PublicityItem]) -> list[tuple[str, str]]:
    return [(str(item.pk), f"{item.period}　{item.case.organisation}（{item.case}）") for item in items]


def _asked(items: list[PublicityItem], wanted: str) -> asked.Asked:
    """By the row of the case that is chosen; before one is, of the first."""
    chosen = [item for item in items if str(item.pk) == wanted] or items
    return asked.of(chosen[0].period.stage) if chosen else asked.NOTHING


def _bound(
    request: HttpRequest, items: list[PublicityItem], wanted: str, now: datetime
) -> PaperObjectionForm:
    demands = _asked(items, wanted)
    kinds = [key for key in demands.fields if keys.OBJECTION_FIELDS[key].is_file]
    return PaperObjectionForm(
        request.POST,
        request.FILES,
        items=_choices(items),
        asked=demands,
        papers=evidence.take(request, kinds, by=request.user, at=now),
        today=now.date(),
    )
