"""What a rulebook says, in one form whether it comes from a file or from the tables, so that the two can be compared."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from django.db import models

from cities.models import CitedRow, Rulebook
from cities.rulebooks import schema
from cities.rulebooks.draft import Draft

Values = dict[str, Any]
# How a version stands is its life, not what it says.
NOT_CONTENT = {"standing", "version"}


@dataclass
class Content:
    """`rows` by section, then by place. A value that is its field's default is left out everywhere; the order is a place
    among its neighbours, whatever gaps a row taken out has left."""

    rulebook: Values = field(default_factory=dict)
    articles: dict[str, Values] = field(default_factory=dict)
    rows: dict[str, dict[str, Values]] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        text = json.dumps([self.rulebook, self.articles, self.rows], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Difference:
    section: str
    place: str
    field: str
    old: Any
    new: Any

    def __str__(self) -> str:
        where = ".".join(part for part in (self.section, self.place, self.field) if part)
        return f"{where}：{_shown(self.old)} → {_shown(self.new)}"


def of_draft(draft: Draft) -> Content:
    content = Content(rulebook=_said(draft.rulebook.values, schema.head(Rulebook)))
    for order, article in enumerate(draft.articles, start=1):
        content.articles[article.values["number"]] = {"heading": article.values["heading"], "order": order}
    for row in draft.rows:
        said = _said(row.values, row.section.keys) | {"order": row.values["order"]}
        content.rows.setdefault(row.section.name, {})[row.place] = said
    return content


def of_rulebook(rulebook: Rulebook) -> Content:
    """One query per table."""
    content = Content(rulebook=of_instance(rulebook, schema.head(Rulebook)))
    for order, article in enumerate(rulebook.articles.all(), start=1):
        content.articles[article.number] = {"heading": article.heading, "order": order}
    for section in schema.every_section():
        if rows := _of_rows(rulebook, section):
            content.rows[section.name] = rows
    return content


def _of_rows(rulebook: Rulebook, section: schema.Section) -> dict[str, Values]:
    rows: dict[str, Values] = {}
    neighbours: Counter[str] = Counter()
    for row in _with_named(section.model).filter(rulebook=rulebook):
        place = place_of(row)
        neighbours[inside_of(place)] += 1
        rows[place] = of_instance(row, section.keys) | {"order": neighbours[inside_of(place)]}
    return rows


def rows_of(rulebook: Rulebook, model: type[CitedRow]) -> "models.QuerySet[Any]":
    return with_all_named(model).filter(rulebook=rulebook)


def rows_sharing(rulebook: Rulebook, model: type[CitedRow]) -> list[Any]:
    """As `rows_of`, every row with this very rulebook, so that what its words ask of it is asked once."""
    models.prefetch_related_objects([rulebook], "categorys", "procedures")
    rows = list(rows_of(rulebook, model))
    for row in rows:
        row.rulebook = rulebook
    return rows


def with_all_named(model: type[CitedRow]) -> "models.QuerySet[Any]":
    """Rows of one model with all that their words need, in the order of the file."""
    return _with_named(model).select_related("rulebook__programme")


def _with_named(model: type[CitedRow]) -> "models.QuerySet[Any]":
    """The same with what the columns name, and no more."""
    parents = _way_up(model)
    named = [key.column for key in schema.keys_of(model).values() if isinstance(key.field, models.ForeignKey)]
    rows = model._default_manager.select_related(*named, *parents)
    return rows.order_by(*(f"{parent}__order" for parent in reversed(parents)), "order", "pk")


def _way_up(model: type[CitedRow]) -> list[str]:
    """The lookups of the rows that a row is written inside of, the nearest first."""
    way: list[str] = []
    step: type[CitedRow] = model
    while name := schema.parent_of(step):
        way.append("__".join([*way[-1:], name]))
        step = step._meta.get_field(name).related_model  # type: ignore[assignment]
    return way


def place_of(row: Any) -> str:
    model: type[CitedRow] = type(row)
    parent = schema.parent_of(model)
    return f"{place_of(getattr(row, parent))}.{row.key}" if parent else str(row.key)


def inside_of(place: str) -> str:
    """The place of the row that one is written inside of; empty at the top of a file."""
    return place.rpartition(".")[0]


def differences(old: Content, new: Content) -> list[Difference]:
    """Row by row. A row's place in the order is told only where nothing else is."""
    found = _between("rulebook", "", old.rulebook, new.rulebook)
    found += _tables("articles", old.articles, new.articles)
    for section in schema.every_section():
        found += _tables(section.name, old.rows.get(section.name, {}), new.rows.get(section.name, {}))
    substance = [difference for difference in found if difference.field != "order"]
    return substance or found


def _tables(section: str, old: dict[str, Values], new: dict[str, Values]) -> list[Difference]:
    found: list[Difference] = []
    for place in [*old, *(place for place in new if place not in old)]:
        if place in old and place in new:
            found += _between(section, place, old[place], new[place])
        else:
            found.append(
                Difference(section, place, "", "有" if place in old else None, "有" if place in new else None)
            )
    return found


def _between(section: str, place: str, old: Values, new: Values) -> list[Difference]:
    names = [*old, *(name for name in new if name not in old)]
    return [
        Difference(section, place, name, old.get(name), new.get(name))
        for name in names
        if old.get(name) != new.get(name)
    ]


def _said(values: Values, keys: dict[str, schema.Key]) -> Values:
    columns = {name: key for name, key in keys.items() if name not in NOT_CONTENT}
    return {
        name: values[key.column]
        for name, key in columns.items()
        if key.column in values and values[key.column] != key.default
    }


def of_instance(instance: models.Model, keys: dict[str, schema.Key]) -> Values:
    return _said({key.column: _plain(getattr(instance, key.column)) for key in keys.values()}, keys)


def _plain(value: Any) -> Any:
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, models.Model):
        return getattr(value, "key", None) or str(value)
    return str(value) if isinstance(value, str) else value  # a choice is its value


def _shown(value: Any) -> str:
    if value is None:
        return "无"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
