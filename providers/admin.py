"""The registry as staff look at it. Nothing here writes: only `providers.registry` does."""

from typing import Any, NoReturn

from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from guardian.shortcuts import get_objects_for_user

from cities.models import City, Programme
from cities.permissions import VIEW_CASES
from providers.models import ListEdition, Organisation, Registration


def programmes_seen(user: Any) -> QuerySet[Programme]:
    """Those whose cases a person may see, on their own or through their city; only what is granted counts."""
    own = get_objects_for_user(user, VIEW_CASES, Programme, accept_global_perms=False, with_superuser=False)
    cities = get_objects_for_user(user, VIEW_CASES, City, accept_global_perms=False, with_superuser=False)
    return Programme.objects.filter(Q(pk__in=own.values("pk")) | Q(city__in=cities.values("pk")))


class ReadOnlyAdmin(admin.ModelAdmin):
    """Seen by staff, as far as their programmes go; what lies outside them is not there."""

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> NoReturn:
        raise Http404(f"没有这条记录：{object_id}")


class RegistrationInline(admin.TabularInline):
    model = Registration
    fields = ("programme", "entered_on", "valid_from", "valid_to")
    readonly_fields = fields
    extra = 0
    can_delete = False
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Registration]:
        return super().get_queryset(request).filter(programme__in=programmes_seen(request.user))

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Organisation)
class OrganisationAdmin(ReadOnlyAdmin):
    list_display = ["name", "credit_code"]
    search_fields = ["name", "credit_code"]
    fields = ["name", "credit_code", "code_override"]
    inlines = [RegistrationInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organisation]:
        """Units and partners of the programmes seen."""
        seen = programmes_seen(request.user)
        units = Registration.objects.filter(programme__in=seen).values("organisation")
        partners = Organisation.objects.filter(partnerships__entry__registration__programme__in=seen).values(
            "pk"
        )
        return super().get_queryset(request).filter(Q(pk__in=units) | Q(pk__in=partners))


@admin.register(Registration)
class RegistrationAdmin(ReadOnlyAdmin):
    list_display = ["organisation", "programme", "entered_on", "valid_from", "valid_to"]
    list_select_related = ["organisation", "programme__city"]
    list_filter = [("valid_to", admin.EmptyFieldListFilter)]
    search_fields = ["organisation__name", "organisation__credit_code"]
    fields = ["organisation", "programme", "entered_on", "valid_from", "valid_to", "recorded_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Registration]:
        return super().get_queryset(request).filter(programme__in=programmes_seen(request.user))


@admin.register(ListEdition)
class ListEditionAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "programme", "published_at", "kind", "summary"]
    list_select_related = ["programme__city"]
    list_filter = ["kind"]
    fields = ["programme", "number", "published_at", "kind", "summary", "digest"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ListEdition]:
        return (
            super().get_queryset(request).filter(programme__in=programmes_seen(request.user)).defer("changes")
        )

    def view_on_site(self, obj: ListEdition) -> str:
        return reverse("edition", args=[obj.programme.slug, obj.number])
