from typing import Any, ClassVar

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from cities.admin.held import GrantedAdmin, programmes_held
from cities.admin.readings import ShowsReadings, as_readings
from cities.models import Article, RuleRow
from cities.rulebooks import content, schema
from cities.rulebooks.describe import describe


class RowInline(admin.TabularInline):
    """A rulebook's rows of one kind, to be read; each is edited, while the rulebook is a draft, on a page of its own."""

    fk_name = "rulebook"
    extra = max_num = 0
    can_delete = False
    show_change_link = True
    fields: ClassVar[Any] = ("key", "article", "words")
    readonly_fields: ClassVar[Any] = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        return content.with_all_named(self.model)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="规则")
    def words(self, row: RuleRow) -> str:
        return describe(row)


class ArticleInline(RowInline):
    model = Article
    fields: ClassVar[Any] = ("number", "heading")
    readonly_fields: ClassVar[Any] = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        return Article.objects.all()


def inlines() -> list[type[admin.TabularInline]]:
    rows = [type(f"{model.__name__}Inline", (RowInline,), {"model": model}) for model in schema.ROW_MODELS]
    return [ArticleInline, *rows]


class RuleRowAdmin(ShowsReadings, GrantedAdmin):
    """One row of a draft, or of a published rulebook to be read. Reached from its rulebook, so not in the index."""

    def held(self, request: HttpRequest, *permissions: str) -> Any:
        rows = self.model._default_manager.filter(
            rulebook__programme__in=programmes_held(request.user, *permissions)
        )
        return rows.select_related("rulebook__programme")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and obj.rulebook.is_frozen)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is not None and self.has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        parent = schema.parent_of(self.model) if issubclass(self.model, RuleRow) else None
        shown = ["readings"] if self.is_only_read(request, obj) else []
        return ["rulebook", *([parent] if parent else []), *shown]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = [name for name in super().get_fields(request, obj) if name != "readings"]
        return as_readings(names) if self.is_only_read(request, obj) else names

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A row names rows of its own rulebook only; a stage those of its own procedure."""
        row = self.get_object(request, request.resolver_match.kwargs["object_id"])  # type: ignore[union-attr]
        kwargs["queryset"] = _to_choose_from(db_field, row)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


def _to_choose_from(db_field: Any, row: Any) -> "models.QuerySet[Any]":
    rows = db_field.related_model._default_manager.filter(rulebook=row.rulebook_id)
    parent = getattr(row, "stage", None)
    return rows.filter(procedure=parent.procedure_id) if db_field.name == "next_stage" and parent else rows


def register_rows() -> None:
    models_of_rows: tuple[type[models.Model], ...] = (Article, *schema.ROW_MODELS)
    for model in models_of_rows:
        admin.site.register(model, RuleRowAdmin)


register_rows()
