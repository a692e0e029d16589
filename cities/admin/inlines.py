"""A rulebook's rows as tables on its page, and a row's nested ones on the page of that row."""

from typing import Any, ClassVar, cast

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import reverse

from cities.admin.row_form import owner_of
from cities.models import Article, CitedRow, Limit, Rulebook
from cities.rulebooks import content, schema
from cities.rulebooks.describe import describe


class RowInline(admin.TabularInline):
    """Rows of one kind, to be read; each is edited or added, while the rulebook is a draft, on a page of its own."""

    fk_name = "rulebook"
    template = "admin/cities/rulebook/rows.html"
    extra = max_num = 0
    can_delete = False
    show_change_link = True
    fields: ClassVar[Any] = ("key", "article", "words")
    readonly_fields: ClassVar[Any] = fields
    add_url = ""

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = content.with_all_named(self.model)
        named = ("rulebook__categorys", "rulebook__procedures")
        return rows.prefetch_related(*named) if self.model is Limit else rows

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="规则")
    def words(self, row: CitedRow) -> str:
        return describe(row)


class ArticleInline(RowInline):
    model = Article
    fields: ClassVar[Any] = ("number", "heading")
    readonly_fields: ClassVar[Any] = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        return Article.objects.all()


class AddsRows(admin.ModelAdmin):
    """A page whose tables say where a row is added to them, while its rulebook is a draft."""

    def get_inline_instances(self, request: HttpRequest, obj: Any = None) -> Any:
        """An inline lives as long as its request."""
        found = super().get_inline_instances(request, obj)
        if obj is not None and not _rulebook(obj).is_frozen and self.has_change_permission(request, obj):
            for inline in found:
                cast("RowInline", inline).add_url = _add_url(inline.model, obj)
        return found


def _rulebook(owner: Any) -> Rulebook:
    return owner if isinstance(owner, Rulebook) else owner.rulebook


def _add_url(model: type[models.Model], owner: Any) -> str:
    """Empty where rows of this kind stand inside others: they are added on the page of the one they stand in."""
    name, owner_model = owner_of(model)
    if not isinstance(owner, owner_model):
        return ""
    return f"{reverse(f'admin:cities_{model._meta.model_name}_add')}?{name}={owner.pk}"


def inlines() -> list[type[admin.TabularInline]]:
    rows = [_inline(model, "rulebook") for model in schema.ROW_MODELS]
    return [ArticleInline, *rows]


def _inline(model: type[models.Model], fk_name: str) -> type[admin.TabularInline]:
    return type(f"{model.__name__}Inline", (RowInline,), {"model": model, "fk_name": fk_name})


def inlines_inside(model: type[models.Model]) -> list[type[admin.TabularInline]]:
    sections = (section for section in schema.every_section() if section.model is model)
    children = [child for section in sections for child in section.children]
    return [_inline(child.model, child.parent or "") for child in children]
