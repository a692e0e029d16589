from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest

from cities.admin.forms import EDITED_IN_DRAFT, DraftForm, EndForm, labels
from cities.admin.held import lock_draft, programmes_held
from cities.admin.inlines import AddsRows, inlines
from cities.admin.life import RulebookLife
from cities.admin.readings import ShowsReadings, as_readings
from cities.models import Rulebook
from cities.permissions import CONFIRM_RULES, EDIT_RULES, VIEW_RECORDS
from cities.rulebooks import editing, standing
from records import clock

SETTLED = (
    "programme",
    "version",
    "standing",
    "change",
    "change_reason",
    "based_on",
    "drafted_by",
    "drafted_at",
    "digest",
    "published_at",
    "published_by",
)


@admin.register(Rulebook)
class RulebookAdmin(AddsRows, ShowsReadings, RulebookLife):
    """A draft's head is edited here; a published rulebook is frozen but for its end. Files bring the first version in."""

    seen_with = (EDIT_RULES, VIEW_RECORDS, CONFIRM_RULES)
    change_form_template = "admin/cities/rulebook/change_form.html"

    list_display = ("__str__", "programme", "standing", "effective_from", "effective_to", "ends_on_event")
    list_filter = ("standing",)
    list_select_related = ("programme__city",)
    inlines: ClassVar[Any] = inlines()

    def held(self, request: HttpRequest, *permissions: str) -> Any:
        rows = Rulebook.objects.filter(programme__in=programmes_held(request.user, *permissions))
        return rows.select_related("programme__city")

    def get_fieldsets(self, request: HttpRequest, obj: Rulebook | None = None) -> Any:
        written = as_readings(EDITED_IN_DRAFT) if self._shows_readings(request, obj) else EDITED_IN_DRAFT
        sections: list[Any] = [(None, {"fields": SETTLED}), ("文本", {"fields": written})]
        if obj and obj.is_frozen:
            text = [name for name in written if name != "effective_to"]
            event = ["event", "confirm"] if self._may_end(request, obj) else []
            sections = [
                ("失效", {"fields": ["effective_to", *event]}),
                ("文本（已发布，不能改动）", {"fields": text}),
                (None, {"fields": SETTLED}),
            ]
        return sections

    def get_readonly_fields(self, request: HttpRequest, obj: Rulebook | None = None) -> list[str]:
        if obj is None or not obj.is_frozen:
            return [*SETTLED, *(["readings"] if self._shows_readings(request, obj) else [])]
        frozen = [*SETTLED, *as_readings(EDITED_IN_DRAFT)]
        return [name for name in frozen if name != "effective_to" or not self._may_end(request, obj)]

    def _shows_readings(self, request: HttpRequest, obj: Rulebook | None) -> bool:
        return obj is not None and (obj.is_frozen or self.is_only_read(request, obj))

    def _may_end(self, request: HttpRequest, obj: Rulebook) -> bool:
        return obj.standing == Rulebook.Standing.PUBLISHED and self.has_change_permission(request, obj)

    def get_form(
        self, request: HttpRequest, obj: Rulebook | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        kwargs["form"] = EndForm if obj and self._may_end(request, obj) else DraftForm
        return super().get_form(request, obj, change=change, **kwargs)

    def save_model(self, request: HttpRequest, obj: Rulebook, form: Any, change: bool) -> None:
        if not form.changed_data:
            return
        if not obj.is_frozen:
            lock_draft(obj)
            super().save_model(request, obj, form, change)
            editing.note_edit(obj, "改了", obj, labels(form), by=request.user, at=clock.now())
        elif "effective_to" in form.changed_data:
            ends_on, event = form.cleaned_data["effective_to"], form.cleaned_data["event"]
            standing.record_end(obj, ends_on=ends_on, event=event, by=request.user, at=clock.now())
