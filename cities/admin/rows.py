from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from cities.admin.forms import labels
from cities.admin.held import GrantedAdmin, lock_draft, programmes_held
from cities.admin.inlines import AddsRows, inlines_inside
from cities.admin.readings import ShowsReadings, as_readings
from cities.admin.row_form import Place, RowForm, asked_key, owner_of, parent_name
from cities.models import Article, CitedRow, Rulebook
from cities.permissions import CONFIRM_RULES, EDIT_RULES, VIEW_RECORDS
from cities.rulebooks import editing, schema
from records import clock


class RuleRowAdmin(AddsRows, ShowsReadings, GrantedAdmin):
    """One row of a draft, or of a published rulebook to be read. Reached from its rulebook, so not in the index."""

    form = RowForm
    change_form_template = "admin/cities/rulebook/row.html"
    seen_with = (EDIT_RULES, VIEW_RECORDS, CONFIRM_RULES)

    def held(self, request: HttpRequest, *permissions: str) -> Any:
        return _rows_held(self.model, request, *permissions).select_related("rulebook__programme__city")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only where the address says what the new row is to stand in."""
        return self._place_asked(request) is not None

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and obj.rulebook.is_frozen)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """Whoever was still filling in the form when the draft was published is told so."""
        if request.method == "POST" and object_id is not None:
            row = self.get_object(request, unquote(object_id))
            if super().has_change_permission(request, row):
                with transaction.atomic():
                    lock_draft(row.rulebook)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is not None and self.has_change_permission(request, obj)

    def _place_asked(self, request: HttpRequest) -> Place | None:
        name, model = owner_of(self.model)
        key = asked_key(request, name)
        rows = _rows_held(model, request, EDIT_RULES).filter(pk=key) if key is not None else ()
        owner = next(iter(rows), None)
        if owner is None:
            return None
        place = Place(owner) if isinstance(owner, Rulebook) else Place(owner.rulebook, owner)
        return None if place.rulebook.is_frozen else place

    def _place(self, request: HttpRequest, obj: Any) -> Place | None:
        if obj is None:
            return self._place_asked(request)
        name = parent_name(self.model)
        return Place(obj.rulebook, getattr(obj, name) if name else None)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return inlines_inside(self.model) if obj is not None else []

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        place = self._place(request, obj)
        kwargs["form"] = type("PlacedForm", (RowForm,), {"place": place})
        form = super().get_form(request, obj, change=change, **kwargs)
        for field in form.base_fields.values():
            if isinstance(field, forms.ModelChoiceField):
                _offer(field, place)
        return form

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> Any:
        """A new row stands last; what it stands in comes from the address."""
        return ["rulebook", parent_name(self.model), "order"] if obj is None else None

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if obj is None:
            return []
        parent = parent_name(self.model)
        shown = ["readings"] if self.is_only_read(request, obj) else []
        return ["rulebook", *([parent] if parent else []), *shown]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = [name for name in super().get_fields(request, obj) if name != "readings"]
        names = sorted(names, key=_in_order(self.model))
        return as_readings(names) if self.is_only_read(request, obj) else names

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        context["place"] = self._place(request, kwargs.get("obj"))
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change and not form.changed_data:
            return
        lock_draft(obj.rulebook)
        super().save_model(request, obj, form, change)
        self._note(request, "改了" if change else "新增", obj, labels(form) if change else [])

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        lock_draft(obj.rulebook)
        self._note(request, "删去", obj)
        super().delete_model(request, obj)

    def _note(self, request: HttpRequest, did: str, row: Any, names: Iterable[str] = ()) -> None:
        editing.note_edit(row.rulebook, did, row, names, by=request.user, at=clock.now())

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> Any:
        """Another one stands in the same place, which only the address knows."""
        response = super().response_add(request, obj, post_url_continue)
        return redirect(request.get_full_path()) if "_addanother" in request.POST else response

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return redirect(_page_around(obj))

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return redirect(_page_around(obj))

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        around = _page_around(self.get_object(request, object_id))
        response = super().delete_view(request, object_id, extra_context)
        return redirect(around) if response.status_code == 302 else response


def _in_order(model: type[models.Model]) -> Callable[[Any], int]:
    """The fields as a file has them, after where the row stands."""
    keys = schema.keys_of(model) if issubclass(model, CitedRow) else schema.head(model)
    columns = [key.column for key in keys.values()]
    return lambda name: columns.index(name) if name in columns else -1


def _rows_held(model: type[models.Model], request: HttpRequest, *permissions: str) -> Any:
    programmes = programmes_held(request.user, *permissions)
    path = "programme" if model is Rulebook else "rulebook__programme"
    return model._default_manager.filter(**{f"{path}__in": programmes})


def _page_around(row: Any) -> str:
    """The page of what a row stands in."""
    name = parent_name(type(row)) or "rulebook"
    around = getattr(row, name)
    return reverse(f"admin:cities_{around._meta.model_name}_change", args=[around.pk])


def _offer(field: Any, place: Place | None) -> None:
    """Rows to choose from, without Django's doors to add others beside them."""
    field.widget = getattr(field.widget, "widget", field.widget)
    field.queryset = _to_choose_from(field.queryset, place)


def _to_choose_from(rows: Any, place: Place | None) -> Any:
    """A row names rows of its own rulebook only; the outcome of a stage, stages of its own procedure."""
    if place is None:
        return rows.none()
    found = rows.filter(rulebook=place.rulebook)
    is_of_a_stage = rows.model._meta.model_name == "stage" and hasattr(place.parent, "procedure_id")
    return found.filter(procedure=place.parent.procedure_id) if is_of_a_stage else found


def register_rows() -> None:
    models_of_rows: tuple[type[models.Model], ...] = (Article, *schema.ROW_MODELS)
    for model in models_of_rows:
        admin.site.register(model, RuleRowAdmin)


register_rows()
