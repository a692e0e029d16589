from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from cities.admin.held import GrantedAdmin, cities_held, programmes_held
from cities.models import City, District, Industry, Programme
from cities.permissions import EDIT_RULES
from records import personal


class PlaceInline(admin.TabularInline):
    """Added to and renamed by whoever may change the row above; never deleted, for registrations name them."""

    extra = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_edit(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_edit(request, obj)

    def _may_edit(self, request: HttpRequest, obj: Any) -> bool:
        held = cities_held if isinstance(obj, City) else programmes_held
        return obj is not None and held(request.user, EDIT_RULES).filter(pk=obj.pk).exists()


class DistrictInline(PlaceInline):
    model = District
    fields = ("name",)


class IndustryInline(PlaceInline):
    model = Industry
    fields = ("key", "name", "order")


class PublicForm(forms.ModelForm):
    """What everybody reads: the telephone is an office's, not a person's."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name, value in list(cleaned.items()):
            if found := personal.find(value) if isinstance(value, str) else []:
                self.add_error(
                    name, f"这里会公开，不能有{found[0].kind}（{personal.NO_DISCLOSURE}）。写单位的联系方式"
                )
        return cleaned


@admin.register(City)
class CityAdmin(GrantedAdmin):
    form = PublicForm
    list_display = ("name", "office", "phone")
    readonly_fields = ("slug",)
    inlines = (DistrictInline,)

    def held(self, request: HttpRequest, *permissions: str) -> Any:
        return cities_held(request.user, *permissions)


class ProgrammeForm(PublicForm):
    def clean_reminder_days(self) -> list[int]:
        """An emptied field reminds nobody."""
        return self.cleaned_data["reminder_days"] or []


@admin.register(Programme)
class ProgrammeAdmin(GrantedAdmin):
    """The words of the regulation come with the rulebook; offices and telephone numbers are kept here."""

    form = ProgrammeForm
    list_display = ("name", "city", "objection_office", "objection_phone")
    readonly_fields = ("city", "slug", "number_prefix")
    inlines = (IndustryInline,)

    def held(self, request: HttpRequest, *permissions: str) -> Any:
        return programmes_held(request.user, *permissions).select_related("city")
