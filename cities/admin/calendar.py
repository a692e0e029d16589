from typing import Any

from django import forms
from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin

from cities.calendar.loading import SEED_SOURCE
from cities.models import CalendarDay, CalendarYear
from records import clock


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


@admin.register(CalendarYear)
class CalendarYearAdmin(SimpleHistoryAdmin):
    form = SourcedForm
    list_display = ("year", "status", "source", "loaded_at")
    list_filter = ("status",)
    fields = ("year", "status", "source", "loaded_at")
    readonly_fields = ("loaded_at",)

    def save_model(self, request: HttpRequest, obj: CalendarYear, form: ModelForm, change: bool) -> None:
        obj.loaded_at = clock.now()
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: CalendarYear | None = None) -> bool:
        """A year that deadlines were counted on does not vanish."""
        return False


@admin.register(CalendarDay)
class CalendarDayAdmin(SimpleHistoryAdmin):
    form = CalendarDayForm
    list_display = ("date", "is_workday", "name", "source")
    list_filter = ("is_workday", "source")
    date_hierarchy = "date"
    search_fields = ("name",)

    def has_delete_permission(self, request: HttpRequest, obj: CalendarDay | None = None) -> bool:
        """A wrong row is corrected, not deleted: seeding would bring it back."""
        return False
