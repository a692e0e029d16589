from typing import Any
from uuid import UUID

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from accounts import access
from accounts.login.again import described_by
from cases import desk, grounds
from cases.access import OFFICE, may
from cases.admin import (
    actions,
    again,
    batch,
    batches,
    calendar,
    case,
    deadlines,
    dossier,
    many,
    newer,
    paper,
    preview,
    repin,
    worklist,
)
from cases.admin.found import GroundFoundAdmin
from cases.admin.letters import LetterAdmin
from cases.models import Case, Deadline
from cities.admin import links
from cities.permissions import DECIDE_CASES, REVIEW_DISTRICT, VIEW_CASES

__all__ = ["CaseAdmin", "GroundFoundAdmin", "LetterAdmin"]

actions.register()
deadlines.register()
desk.register_waits(grounds.waits)
desk.register_note(newer.NewerVersionNote())
desk.register_note(batch.BatchNote())
links.register("预览影响", preview.address, *preview.SEEN_WITH)
links.register("在办事项改按这一版", repin.address, DECIDE_CASES)
links.register_of_calendar(
    "在办事项的期限按现在的日历重算，看有哪些变化", "admin:cases_deadline_calendar", VIEW_CASES
)

__all__ = ["CaseAdmin", "batches"]


@admin.register(Case)
class CaseAdmin(admin.ModelAdmin):
    """The worklist, the page of a case, its documents and applications from paper; Django's own pages are not there."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="cases_case_changelist"),
            path("paper/", wrap(self.paper_view), name="cases_case_paper"),
            path(
                "preview/<number:rulebook>/", wrap(require_safe(self.preview_view)), name="cases_case_preview"
            ),
            path("again/", wrap(self.again_view), name="cases_case_again"),
            path("repin/<slug:slug>/", wrap(self.repin_view), name="cases_case_repin"),
            path("<uuid:pk>/change/", wrap(self.case_view), name="cases_case_change"),
            path("<uuid:pk>/dossier/", wrap(self.dossier_view), name="cases_case_dossier"),
            path(
                "<uuid:pk>/materials/<number:material_pk>/",
                wrap(self.material_view),
                name="cases_case_material",
            ),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return worklist.worklist_page(self.admin_site, request)

    def paper_view(self, request: HttpRequest) -> HttpResponse:
        return paper.paper_page(self.admin_site, request)

    def preview_view(self, request: HttpRequest, rulebook: int) -> HttpResponse:
        return preview.preview_page(self.admin_site, request, rulebook)

    def repin_view(self, request: HttpRequest, slug: str) -> HttpResponse:
        return repin.repin_page(self.admin_site, request, slug)

    def again_view(self, request: HttpRequest) -> HttpResponse:
        return again.again_page(self.admin_site, request)

    @described_by(case.described)
    def case_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        return case.case_page(self.admin_site, request, pk)

    def dossier_view(self, request: HttpRequest, pk: UUID) -> HttpResponseBase:
        return dossier.dossier_page(self.admin_site, request, pk)

    def material_view(self, request: HttpRequest, pk: UUID, material_pk: int) -> HttpResponseBase:
        return case.material(self.admin_site, request, pk, material_pk)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None:
            return may(request.user, obj, OFFICE)
        sees = access.somewhere(request.user, VIEW_CASES)
        return sees or access.districts_for(request.user, REVIEW_DISTRICT).exists()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Deadline)
class DeadlineAdmin(admin.ModelAdmin):
    """The open deadlines of a programme, and what the calendar would change of them; Django's own pages are not there."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="cases_deadline_changelist"),
            path("calendar/", wrap(self.calendar_view), name="cases_deadline_calendar"),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return many.many_page(self.admin_site, request)

    def calendar_view(self, request: HttpRequest) -> HttpResponse:
        return calendar.calendar_page(self.admin_site, request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return access.somewhere(request.user, VIEW_CASES)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
