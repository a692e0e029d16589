"""Ways to change one row of a rulebook file, the likeliest to be felt first."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from cities import built

Content = dict[str, Any]
Change = dict[str, Any]


# What each kind of row is changed to. A callable is given the row; None as its answer means: not this row.
CHANGES: dict[str, list[Any]] = {
    "limits": [
        lambda row: {"number": row["number"] + 3},
        lambda row: {"strictness": "planned"},
        lambda row: {"number": 0} if row["comparator"] == "at_least" else None,
    ],
    "counting_rules": [
        lambda row: {"unit": "calendar" if row["unit"] != "calendar" else "working"},
        lambda row: {"first_day": "same"},
        lambda row: {"roll": "forward"},
    ],
    "stages": [
        lambda row: {"span": row["span"] + 2} if "span" in row else None,
        lambda row: {"last_day": "2024-02-20"} if "last_day" in row else None,
        lambda row: (
            {"span_set_by_office": None, "span": 9, "counting": "*"}
            if row.get("span_set_by_office")
            else None
        ),
        lambda row: (
            {"actor": {"clerk": "decider", "decider": "clerk"}[row["actor"]]}
            if row["kind"] == "review" and row["actor"] in ("clerk", "decider")
            else None
        ),
        lambda row: (
            {"release": "confirmed" if row["release"] == "at_close" else "at_close"}
            if "release" in row
            else None
        ),
        lambda row: {"four_eyes": False} if row.get("four_eyes") else None,
    ],
    "outcomes": [
        lambda row: {"needs_reason": not row.get("needs_reason")},
    ],
    "materials": [
        lambda row: {"sealed": False} if row.get("sealed") else None,
        lambda row: {"need": "optional"},
    ],
    "procedures": [lambda row: {"operations": ["edit_item"]}, lambda row: {"kind": "unit_change"}],
    "duties": [lambda row: {"span": row["span"] + 2} if "span" in row else None],
    "rulebook": [
        lambda row: {"effective_from": "2030-01-01", "effective_to": None},
        lambda row: {"effective_to": "2025-12-31"},
        lambda row: {"effective_to": "2030-12-31"},
        lambda row: {"consulted_to": "2025-11-30"},
        lambda row: (
            {"standing": "consultation", "effective_from": None} if row["standing"] == "published" else None
        ),
        lambda row: {"standing": "published", "effective_from": "2025-11-01"},
    ],
}
NESTED = {"procedures": ("stages", "materials"), "stages": ("outcomes",), "schemes": ("dimensions", "bands")}


def carriers(content: Content, rule: str) -> list[tuple[str, list[Any]]]:
    """The rows that say they carry a rule, and that a change fits: the section and the way to the row. Where some are carried
    out today only those; the others wait for the kinds that read them."""
    found: list[tuple[str, list[Any]]] = []
    if rule in content["rulebook"].get("rules", []):
        found.append(("rulebook", ["rulebook"]))
    for section, way, row in every_row(content):
        if rule in row.get("rules", []) and section not in ("rules", "provisions"):
            found.append((section, way))
    fitting = [(section, way) for section, way in found if any(changed(content, section, way))]
    return [(section, way) for section, way in fitting if is_carried_out(content, way)] or fitting


def is_carried_out(content: Content, way: list[Any]) -> bool:
    if way[0] not in ("limits", "procedures"):
        return way[0] in ("rulebook", "counting_rules")
    own = (
        content[way[0]][way[1]]["key"] if way[0] == "procedures" else content[way[0]][way[1]].get("procedure")
    )
    return any(built.is_built(one["kind"]) for one in content["procedures"] if own in (None, one["key"]))


def every_row(content: Content) -> Iterator[tuple[str, list[Any], Content]]:
    for section, rows in content.items():
        if isinstance(rows, list) and section != "articles":
            yield from _rows(section, rows, [section])


def _rows(section: str, rows: list[Content], way: list[Any]) -> Iterator[tuple[str, list[Any], Content]]:
    for place, row in enumerate(rows):
        yield section, [*way, place], row
        for inner in NESTED.get(section, ()):
            yield from _rows(inner, row.get(inner, []), [*way, place, inner])


def changed(content: Content, section: str, way: list[Any]) -> Iterator[tuple[Change, Content]]:
    """The file with this one row changed, once for every change that fits it."""
    for change in CHANGES.get(section, []):
        copy = deepcopy(content)
        row: Any = copy
        for step in way:
            row = row[step]
        if (values := change(row)) is None:
            continue
        for key, value in values.items():
            if value is None:
                row.pop(key, None)
            else:
                row[key] = content["counting_rules"][0]["key"] if value == "*" else value
        yield values, copy
