"""Whether a row would still make sense, and be carried out, if the office chose one of its alternatives."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from cities.rulebooks.draft import Draft, Row
from cities.rulebooks.errors import Problems

Check = Callable[[Draft], None]


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
                if isinstance(other, dict):
                    yield row, other["reading"], other["sets"]


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
