"""A rulebook in the tables held against the very checks that a file goes through, each finding led back to its row."""

import re
from dataclasses import dataclass
from typing import Any

from cities.models import Rulebook
from cities.rulebooks import checks, content, dump, schema
from cities.rulebooks.draft import Draft, Row, read_draft_bytes
from cities.rulebooks.errors import Problems, RulebookError

# A row of the tables stands on no line.
ON_A_LINE = re.compile(r"第 \d+ 行的?")


@dataclass(frozen=True)
class Finding:
    """`row` is the one to mend; None where it is the head, an article or the whole."""

    section: str
    key: str
    reason: str
    row: Any = None

    def __str__(self) -> str:
        return f"{self.key}：{self.reason}"


def findings(rulebook: Rulebook, standing: str = "") -> list[Finding]:
    """Everything wrong in it, in the order of its sections; `standing` asks as if it stood so already."""
    draft, problems = _read(rulebook, standing)
    if not problems.errors:
        return []
    in_tables = {
        (section.name, content.place_of(row)): row
        for section in schema.every_section()
        for row in content.rows_of(rulebook, section.model)
    }
    in_order = sorted(problems.errors, key=lambda error: (error.line, error.key))
    return [_finding(error, _row_of(error, draft), in_tables) for error in in_order]


def _read(rulebook: Rulebook, standing: str) -> tuple[Draft | None, Problems]:
    text = dump.as_text(rulebook, standing)
    draft, problems = read_draft_bytes(text.encode(), str(rulebook))
    if draft is not None:
        checks.check(draft)
    return draft, problems


def _row_of(error: RulebookError, draft: Draft | None) -> Row | None:
    """The innermost row whose path the error's key begins with."""
    rows = draft.rows if draft else []
    around = [row for row in rows if f"{error.key}.".startswith(f"{row.path}.")]
    return max(around, key=lambda row: len(row.path), default=None)


def _finding(error: RulebookError, row: Row | None, in_tables: dict[tuple[str, str], Any]) -> Finding:
    section = row.section.title if row else ""
    found = in_tables.get((row.section.name, row.place)) if row else None
    return Finding(section, error.key, ON_A_LINE.sub("", error.reason), found)
