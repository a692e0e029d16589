"""Writes a draft's rows into the tables, and takes those of an unpublished rulebook out again."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any, TypeVar

from django.db import models
from simple_history.utils import bulk_create_with_history

from cities.models import Article, CitedRow, Rulebook
from cities.rulebooks import schema
from cities.rulebooks.draft import Draft, Row
from cities.rulebooks.schema import Key
from records.models import Kept

Written = dict[tuple[str, str], Any]
R = TypeVar("R", bound=models.Model)


def write_head(rulebook: Rulebook, draft: Draft) -> None:
    for name, key in schema.head(Rulebook).items():
        if name not in ("standing", "version"):
            setattr(rulebook, key.column, stored(key, draft.rulebook.values.get(key.column, key.default)))


def write_all(rulebook: Rulebook, draft: Draft) -> None:
    """Model after model, so that what a row refers to is there."""
    parts = enumerate(draft.articles, start=1)
    listed = put(rulebook, [Article(rulebook=rulebook, order=order, **part.values) for order, part in parts])
    articles = {article.number: article for article in listed}
    written: Written = {}
    for model in schema.ROW_MODELS:
        rows = draft.of(model.section)
        instances = [_instance(model, rulebook, articles, row, written) for row in rows]
        for row, instance in zip(rows, put(rulebook, instances), strict=True):
            written[model.section, row.place] = instance


def put(rulebook: Rulebook, rows: Sequence[R]) -> list[R]:
    """Saves new rows of one model at once, each with its history; refused where the rulebook binds already."""
    rulebook.refuse_if_frozen()
    if not rows:
        return []
    model = type(rows[0])
    if issubclass(model, Kept):
        return bulk_create_with_history(list(rows), model)
    return model._default_manager.bulk_create(rows)


def _instance(
    model: type[CitedRow], rulebook: Rulebook, articles: dict[str, Article], row: Row, written: Written
) -> CitedRow:
    article = articles[row.values["article"]]
    instance = model(rulebook=rulebook, article=article, order=row.values["order"])
    _fill(instance, row, written)
    return instance


def _fill(instance: models.Model, row: Row, written: Written) -> None:
    if row.parent is not None and row.section.parent:
        setattr(instance, row.section.parent, written[row.parent.section.name, row.parent.place])
    for key in row.section.keys.values():
        if key.column not in row.values or key.column == "article":
            continue
        value = row.values[key.column]
        if key.refers_to is not None and isinstance(key.field, models.ForeignKey):
            value = written[key.refers_to.section, _place_named(row, key.refers_to.section, value)]
        setattr(instance, key.column, stored(key, value))


def _place_named(row: Row, section: str, key: str) -> str:
    """The place of a row named by its key: beside an ancestor of the same section, else at the top of the rulebook."""
    ancestor: Row | None = row
    while ancestor is not None:
        if ancestor.section.name == section and ancestor.parent is not None:
            return f"{ancestor.parent.place}.{key}"
        ancestor = ancestor.parent
    return key


def stored(key: Key, value: Any) -> Any:
    if isinstance(value, str) and isinstance(key.field, models.DateField):
        return date.fromisoformat(value)
    if isinstance(value, str) and isinstance(key.field, models.TimeField):
        return time.fromisoformat(value)
    return value


def delete_all(rulebook: Rulebook) -> None:
    for model in reversed(schema.ROW_MODELS):
        for row in model._default_manager.filter(rulebook=rulebook):
            row.delete()
    rulebook.articles.all().delete()
