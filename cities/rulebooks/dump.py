"""A rulebook written back as a file (docs/adding-a-city.md): loading it again changes nothing. Comments are not kept."""

from typing import Any

from django.db import models

from cities.models import Rulebook
from cities.rulebooks import content, schema
from cities.rulebooks.content import Content
from cities.rulebooks.schema import Key, Section
from cities.rulebooks.values import READ_VALUES
from cities.rulebooks.writer import write

# PostgreSQL gives the keys of JSON in an order of its own.
READING_ORDER = ("question", "reading", READ_VALUES, "alternatives")


def as_text(rulebook: Rulebook, standing: str = "") -> str:
    """A section after the other; `standing` in place of its own."""
    return "\n".join(write({name: part}) for name, part in as_file(rulebook, standing).items())


def as_file(rulebook: Rulebook, standing: str = "", said: Content | None = None) -> dict[str, Any]:
    """`said` is what it says, where that was read already."""
    said, programme = said or content.of_rulebook(rulebook), rulebook.programme
    industries = [_part(industry) for industry in programme.industries.all()]
    districts = list(programme.city.districts.order_by("pk").values_list("name", flat=True))
    articles = [
        {"number": number, "heading": said_of["heading"]} for number, said_of in said.articles.items()
    ]
    parts = {
        "city": _part(programme.city) | ({"districts": districts} if districts else {}),
        "programme": _part(programme) | ({"industries": industries} if industries else {}),
        "rulebook": _head(rulebook, said, standing or rulebook.standing),
        "articles": articles,
    }
    rows = {section.name: _rows(section, "", said) for section in schema.sections()}
    return parts | {name: found for name, found in rows.items() if found}


def _part(place: models.Model) -> dict[str, Any]:
    keys = schema.head(type(place))
    said = content.of_instance(place, keys)
    return {name: said[name] for name in keys if name in said}


def _head(rulebook: Rulebook, said: Content, standing: str) -> dict[str, Any]:
    values = said.rulebook | {"version": rulebook.version, "standing": str(standing)}
    return written(values, schema.head(Rulebook))


def _rows(section: Section, parent: str, said: Content) -> list[dict[str, Any]]:
    """The rows of a section inside one place, each with those inside it."""
    places = said.rows.get(section.name, {})
    return [_row(section, place, said) for place in places if content.inside_of(place) == parent]


def _row(section: Section, place: str, said: Content) -> dict[str, Any]:
    row = written(said.rows[section.name][place], section.keys)
    inside = {child.name: _rows(child, place, said) for child in section.children}
    return row | {name: found for name, found in inside.items() if found}


def written(values: dict[str, Any], keys: dict[str, Key]) -> dict[str, Any]:
    """The values of one row as a file has them."""
    names = {key.column: name for name, key in keys.items()}
    row = {name: values[name] for name in keys if name in values}
    if isinstance(readings := row.get("interpretations"), list):
        row["interpretations"] = [_reading(one, names) for one in readings]
    return row


def _reading(reading: Any, names: dict[str, str]) -> Any:
    """What is no reading, which a draft in the tables may hold, stays as it is for the checks to find."""
    if not isinstance(reading, dict) or not isinstance(reading.get("alternatives"), list):
        return reading
    told = reading | {"alternatives": [_alternative(one, names) for one in reading["alternatives"]]}
    if isinstance(told.get(READ_VALUES), list):
        told[READ_VALUES] = [names.get(column, column) for column in told[READ_VALUES]]
    return {key: told[key] for key in READING_ORDER if key in told} | told


def _alternative(alternative: Any, names: dict[str, str]) -> Any:
    """The tables hold what it sets by column, a file by key; PostgreSQL gives the keys of JSON in an order of its own."""
    if not isinstance(alternative, dict) or not isinstance(alternative.get("sets"), dict):
        return alternative
    told = {key: value for key, value in alternative.items() if key != "sets"}
    return told | {
        "sets": {names.get(column, column): v for column, v in sorted(alternative["sets"].items())}
    }
