"""Writes a draft's rows into the tables, and takes those of an unpublished rulebook out again."""

from datetime import date, time
from typing import Any

from django.db import models

from cities.models import Article, Rulebook
from cities.rulebooks import schema
from cities.rulebooks.draft import Draft, Row
from cities.rulebooks.schema import Key

Written = dict[tuple[str, str], Any]


def write_head(rulebook: Rulebook, draft: Draft) -> None:
    for name, key in schema.head(Rulebook).items():
        if name not in ("standing", "version"):
            setattr(rulebook, key.column, stored(key, draft.rulebook.values.get(key.column, key.default)))


def write_all(rulebook: Rulebook, draft: Draft) -> None:
    """Saved one by one, model after model, so that what a row refers to is there and history keeps each."""
    articles = {
        part.values["number"]: Article.objects.create(rulebook=rulebook, order=order, **part.values)
        for order, part in enumerate(draft.articles, start=1)
    }
    written: Written = {}
    for model in schema.ROW_MODELS:
        for row in draft.of(model.section):
            instance = model(
                rulebook=rulebook, article=articles[row.values["article"]], order=row.values["order"]
            )
            _fill(instance, row, written)
            instance.save()
            written[model.section, row.place] = instance


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
