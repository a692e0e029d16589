"""What our own pages of rows in the admin share: rows of one's own programmes, nothing edited, a stranger gets 404."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from accounts import access
from cases.errors import Refused
from cities.models import Programme
from cities.permissions import HANDLE_CASES, VIEW_CASES
from records import clock
from records.lookups import OwnLookups


class ProgrammeFilter(admin.SimpleListFilter):
    """Only the programmes one may see; none to choose from, no filter."""

    title = "项目"
    parameter_name = "programme"
    path = ""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        rows = access.programmes_for(request.user, VIEW_CASES).select_related("city")
        return [(row.slug, str(row)) for row in rows]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(**{f"{self.path}__slug": self.value()}) if self.value() else queryset


class OfficeAdmin(OwnLookups):
    """`programme_path` leads from a row to its programme."""

    programme_path: str
    actions: Any = None
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> Any:
        mine = access.programmes_for(request.user, VIEW_CASES)
        return self.model._default_manager.filter(**{f"{self.programme_path}__in": mine})

    def handled(self, request: HttpRequest) -> QuerySet[Programme]:
        return access.programmes_for(request.user, HANDLE_CASES)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None:
            return bool(self.get_queryset(request).filter(pk=obj.pk).exists())
        return access.somewhere(request.user, VIEW_CASES)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise Http404
        return super().changelist_view(request, {"title": self.opts.verbose_name, **(extra_context or {})})

    def one_or_404(self, request: HttpRequest, object_id: Any) -> Any:
        return access.one_or_404(self.get_queryset(request), pk=object_id)

    def page(
        self, request: HttpRequest, template: str, title: str, *, status: int = 200, **context: Any
    ) -> TemplateResponse:
        whole = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "now": clock.now(),
        }
        return TemplateResponse(request, template, whole | context, status=status)


def take(form: forms.BaseForm, refusal: Refused) -> None:
    """Put what a step refused where it belongs in its form."""
    for problem in refusal.problems:
        form.add_error(problem.field if problem.field in form.fields else None, problem.message)
    if not refusal.problems:
        form.add_error(None, refusal.message)
