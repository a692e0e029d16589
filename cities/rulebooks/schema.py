"""What a rulebook file may hold, derived from the row models: a field added there can be written in a file at once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db import models

from cities.models import (
    Category,
    CitedRow,
    Condition,
    CountingRule,
    Dimension,
    EvaluationScheme,
    GradeBand,
    Ground,
    Limit,
    Outcome,
    Procedure,
    Provision,
    Quota,
    ReportingDuty,
    RequiredMaterial,
    RuleRow,
    Stage,
    TextRule,
)

# In the order in which they can be written; what refers to a row stands after it.
ROW_MODELS: tuple[type[CitedRow], ...] = (
    TextRule,
    CountingRule,
    Category,
    Limit,
    Procedure,
    Stage,
    Outcome,
    RequiredMaterial,
    Condition,
    Quota,
    EvaluationScheme,
    Dimension,
    GradeBand,
    Ground,
    ReportingDuty,
    Provision,
)
# The rows that carry rules of the text out: all but the list of those rules itself.
RULE_ROWS: tuple[type[RuleRow], ...] = tuple(model for model in ROW_MODELS if issubclass(model, RuleRow))

# A file is read by people: what a key is called there when it is not the field's name.
WRITTEN_AS = {"span_number": "span", "counting_rule": "counting", "procedure_key": "procedure"}

# Fields that name other rows by their keys, one or a list, without being foreign keys.
NAMES_ROWS: dict[str, type[CitedRow]] = {
    "rules": TextRule,
    "procedure_key": Procedure,
    "categories": Category,
    "after": Procedure,
    "withdrawable_until": Stage,
    "grade": GradeBand,
    "notes_ground": Ground,
}

# A row begins with its name and its article, and ends with what any row may have.
_FIRST, _LAST = ("key", "article"), ("rules", "interpretations")

# Written by the loader or by the place in the file, never in it.
_KEPT_OUT = {
    "id",
    "rulebook",
    "order",
    "history",
    "city",
    "programme",
    "digest",
    "published_at",
    "published_by",
    "change",
    "change_reason",
    "based_on",
    "drafted_at",
    "drafted_by",
}


@dataclass(frozen=True)
class Key:
    """One key of a section: the field behind it and, for a reference, the row model it names."""

    name: str
    field: models.Field
    refers_to: type[CitedRow] | None = None

    @property
    def column(self) -> str:
        return self.field.name

    @property
    def required(self) -> bool:
        """A list without a default that says something must be written out too."""
        if self.field.blank or self.field.null:
            return False
        return isinstance(self.field, models.JSONField) or not self.field.has_default()

    @property
    def default(self) -> Any:
        if isinstance(self.field, models.ForeignKey):
            return None
        return None if self.field.null else self.field.get_default()


@dataclass(frozen=True)
class Section:
    """The rows of one model in a file; `parent` is the foreign key to the row that they are written inside of."""

    model: type[CitedRow]
    parent: str | None
    keys: dict[str, Key]
    children: "tuple[Section, ...]" = field(default=())

    @property
    def name(self) -> str:
        return self.model.section

    @property
    def title(self) -> str:
        return str(self.model._meta.verbose_name)


@cache
def sections() -> tuple[Section, ...]:
    """The sections at the top of a file, each with those inside it."""
    return tuple(_section(model) for model in ROW_MODELS if parent_of(model) is None)


def every_section() -> Iterator[Section]:
    def walk(some: tuple[Section, ...]) -> Iterator[Section]:
        for section in some:
            yield section
            yield from walk(section.children)

    return walk(sections())


@cache
def parent_of(model: type[CitedRow]) -> str | None:
    """The foreign key whose other side is named like this section: it nests, any other one refers."""
    nesting = (models.CASCADE, model.section)
    for candidate in model._meta.fields:
        other = candidate.remote_field
        if (
            _is_reference(candidate)
            and (getattr(other, "on_delete", None), getattr(other, "related_name", None)) == nesting
        ):
            return str(candidate.name)
    return None


def _is_reference(candidate: Any) -> bool:
    return isinstance(candidate, models.ForeignKey) and issubclass(candidate.related_model, CitedRow)


def keys_of(model: type[CitedRow]) -> dict[str, Key]:
    return next(section.keys for section in every_section() if section.model is model)


def _section(model: type[CitedRow]) -> Section:
    children = tuple(_section(child) for child in ROW_MODELS if _parent_model(child) is model)
    return Section(model, parent_of(model), _keys(model, {parent_of(model)}), children)


def _parent_model(model: type[CitedRow]) -> Any:
    name = parent_of(model)
    return model._meta.get_field(name).related_model if name else None


def _keys(model: type[models.Model], left_out: set[str | None]) -> dict[str, Key]:
    keys = {}
    for candidate in sorted(model._meta.fields, key=lambda one: _rank(one.name)):
        if candidate.name not in _KEPT_OUT | left_out:
            name = WRITTEN_AS.get(candidate.name, candidate.name)
            keys[name] = Key(name, candidate, _refers_to(candidate))
    return keys


def _rank(name: str) -> int:
    if name in _FIRST:
        return _FIRST.index(name) - len(_FIRST)
    return _LAST.index(name) + 1 if name in _LAST else 0


def _refers_to(candidate: Any) -> type[CitedRow] | None:
    return candidate.related_model if _is_reference(candidate) else NAMES_ROWS.get(candidate.name)


@cache
def head(model: type[models.Model]) -> dict[str, Key]:
    """The keys of a part of a file that is not a rule: city, programme, industry, rulebook, article."""
    return _keys(model, set())
