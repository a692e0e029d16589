"""Whether a row would still make sense, and be carried out, if the office chose one of its alternatives."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from cities.models.rules import sets_of
from cities.rulebooks.draft import Draft, Row
from cities.rulebooks.errors import Problems
from cities.rulebooks.values import READ_VALUES

Check = Callable[[Draft], None]
# Their readings are about nothing but values, all of which the office may set.
ALL_VALUES = ("counting_rules", "limits")


def check_says_what_it_sets(draft: Draft) -> None:
    """Where values that the office may set rest on a reading, each of its alternatives sets some or says why it sets none:
    else choosing it would look carried out, and change nothing."""
    for row in draft.rows:
        for one in row.get("interpretations") or []:
            named = set(one.get(READ_VALUES, ())) & set(row.section.model.settable)
            for other in one["alternatives"]:
                if isinstance(other, str) and (named or row.section.name in ALL_VALUES):
                    draft.problems.add(
                        row.line_of("interpretations"),
                        f"{row.path}.interpretations",
                        f"“{other}”没有写选了它改什么（应写 sets 改取什么值，改不了的写 why_not 为什么）",
                    )


def check_alternatives(draft: Draft, checks: Iterable[Check]) -> None:
    """Asks these checks once more with each alternative's values in the row's place."""
    checks, said = list(checks), {(error.key, error.reason) for error in draft.problems.errors}
    for row, reading, sets in _with_values(draft):
        for error in _found(draft, row, sets, checks):
            if (error.key, error.reason) not in said:
                line, path = row.line_of("interpretations"), f"{row.path}.interpretations"
                draft.problems.add(line, path, f"选“{reading}”就成了：{error.reason}")


def _with_values(draft: Draft) -> Iterator[tuple[Row, str, dict[str, Any]]]:
    for row in draft.rows:
        for one in row.get("interpretations") or []:
            for other in one["alternatives"]:
                if sets := sets_of(other):
                    yield row, other["reading"], sets


def _found(draft: Draft, row: Row, sets: dict[str, Any], checks: Iterable[Check]) -> list[Any]:
    kept, draft.problems = draft.problems, Problems(draft.problems.file)
    try:
        with _chosen(row, sets):
            for check in checks:
                check(draft)
        return draft.problems.errors
    finally:
        draft.problems = kept


@contextmanager
def _chosen(row: Row, sets: dict[str, Any]) -> Iterator[None]:
    values, lines = row.values, row.lines
    names = {key.column: name for name, key in row.section.keys.items()}
    row.values = {**values, **sets}
    row.lines = {**lines, **{names[column]: row.line for column in sets}}
    try:
        yield
    finally:
        row.values, row.lines = values, lines
