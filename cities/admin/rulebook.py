from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from cities.admin.held import GrantedAdmin, programmes_held
from cities.admin.readings import ShowsReadings, as_readings
from cities.admin.rows import inlines
from cities.models import Rulebook
from cities.rulebooks import standing
from records import clock
from records.words import full_day

EDITED_IN_DRAFT = (
    "title",
    "short_title",
    "document_number",
    "issuers",
    "issued_on",
    "effective_from",
    "effective_to",
    "ends_on_event",
    "validity_article",
    "interpretations",
)
SETTLED = ("programme", "version", "standing", "digest", "published_at", "published_by")


class DraftForm(forms.ModelForm[Any]):
    class Meta:
        model = Rulebook
        fields = EDITED_IN_DRAFT

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        begins, ends = cleaned.get("effective_from"), cleaned.get("effective_to")
        if begins and ends and ends < begins:
            self.add_error("effective_to", "有效期早于施行日期：写施行当日或之后的一天")
        return cleaned


class EndForm(forms.ModelForm[Any]):
    """The one thing of a published rulebook that staff may record, and why."""

    event = forms.CharField(
        label="发生了什么",
        required=False,
        max_length=200,
        help_text="改有效期时必写，清空也一样：哪一天、什么事、依据哪份文件。会记入事件，不能修改。",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    confirm = forms.BooleanField(
        label="我知道那天之后提交的申请都不该受理",
        required=False,
        help_text="有效期的最后一天已经过去时必须勾选。已经受理的申请不会自动处理，要由专班逐件处理。",
    )

    class Meta:
        model = Rulebook
        fields = ("effective_to",)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "effective_to" not in self.changed_data or "effective_to" not in cleaned:
            return cleaned
        if not cleaned.get("event", "").strip():
            self.add_error("event", "改了有效期，写明发生了什么、依据哪份文件，不能留空")
        ends_on = cleaned["effective_to"]
        if ends_on and ends_on < clock.today() and not cleaned.get("confirm"):
            self.add_error(
                "confirm",
                f"{full_day(ends_on)} 已经过去，那天之后提交的申请都不该受理。核对日期，没有写错就勾选这一项",
            )
        if why := standing.why_not_end(self.instance, ends_on):
            self.add_error("effective_to", why)
        return cleaned


@admin.register(Rulebook)
class RulebookAdmin(ShowsReadings, GrantedAdmin):
    """A draft's head is edited here; a published rulebook is frozen but for its end. Files bring rulebooks in."""

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
        if not obj.is_frozen:
            super().save_model(request, obj, form, change)
        elif "effective_to" in form.changed_data:
            ends_on, event = form.cleaned_data["effective_to"], form.cleaned_data["event"]
            standing.record_end(obj, ends_on=ends_on, event=event, by=request.user, at=clock.now())
