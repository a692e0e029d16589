from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.forms import ModelForm
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from simple_history.admin import SimpleHistoryAdmin

from cities.admin import links
from cities.admin.row_form import LONGEST_KEY
from cities.calendar.loading import SEED_SOURCE
from cities.holding import holds
from cities.models import CalendarDay, CalendarYear
from cities.permissions import EDIT_RULES, VIEW_RECORDS
from records import clock
from records.lookups import OwnLookups

FOR_ALL = "各城市共用一份上班日历：在这里改，对所有城市都算数。在算的期限不会自己跟着改，见“看日历变化”。"


class SourcedForm(forms.ModelForm):
    """What staff correct carries their own source: by it, seeding knows what is not its to overwrite."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.has_changed() and self.cleaned_data.get("source") == SEED_SOURCE:
            self.add_error("source", "改动的内容不再出自原来的来源：写明依据的文号或文件")
        return cleaned


class CalendarDayForm(SourcedForm):
    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        day = self.cleaned_data.get("date")
        if day and not CalendarYear.objects.filter(year=day.year).exists():
            self.add_error("date", f"{day.year} 年的上班日历还没有载入：先载入这一年")
        return cleaned


class CalendarAdmin(OwnLookups, SimpleHistoryAdmin):
    """There is one working calendar for every city: who edits the rules of any may correct it, an auditor reads it."""

    change_list_template = "admin/cities/calendar_list.html"

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """Its own look at the history takes whatever stands in the address for a key."""
        self.get_object(request, unquote(object_id))
        return super().history_view(request, object_id, extra_context)

    def history_form_view(
        self,
        request: HttpRequest,
        object_id: str,
        version_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        self.get_object(request, unquote(object_id))
        if not version_id.isdecimal() or len(version_id) > LONGEST_KEY:
            raise Http404
        return super().history_form_view(request, object_id, version_id, extra_context)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return super().changelist_view(
            request, {**(extra_context or {}), "calendar_notices": _notices(request)}
        )

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return holds(request.user, EDIT_RULES, VIEW_RECORDS)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return holds(request.user, EDIT_RULES)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_add_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What deadlines were counted on does not vanish; a wrong row is corrected."""
        return False


def _notices(request: HttpRequest) -> list[dict[str, str]]:
    """The years and the days lead to one another; then what apps above tell of the calendar, to whom it concerns."""
    own = [
        {"label": "各年的状态和来源", "url": reverse("admin:cities_calendaryear_changelist")},
        {
            "label": "逐日：休息日、调休上班日，在这里更正",
            "url": reverse("admin:cities_calendarday_changelist"),
        },
    ]
    return [one for one in own if one["url"] != request.path] + [
        {"label": link.label, "url": reverse(link.name)}
        for link in links.registered_of_calendar()
        if holds(request.user, link.permission)
    ]


@admin.register(CalendarYear)
class CalendarYearAdmin(CalendarAdmin):
    form = SourcedForm
    list_display = ("year", "status", "source", "loaded_at", "days")
    list_filter = ("status",)
    fieldsets = ((None, {"fields": ("year", "status", "source", "loaded_at"), "description": FOR_ALL}),)
    readonly_fields = ("loaded_at",)

    @admin.display(description="逐日")
    def days(self, year: CalendarYear) -> str:
        url = reverse("admin:cities_calendarday_changelist")
        return format_html('<a href="{}?date__year={}">看 {} 年各日</a>', url, year.year, year.year)

    def save_model(self, request: HttpRequest, obj: CalendarYear, form: ModelForm, change: bool) -> None:
        obj.loaded_at = clock.now()
        super().save_model(request, obj, form, change)


@admin.register(CalendarDay)
class CalendarDayAdmin(CalendarAdmin):
    form = CalendarDayForm
    fieldsets = ((None, {"fields": ("date", "is_workday", "name", "source"), "description": FOR_ALL}),)
    list_display = ("date", "is_workday", "name", "source")
    list_filter = ("is_workday", "source")
    date_hierarchy = "date"
    search_fields = ("name",)
