"""What a document says: a template's plain text with its named fields filled in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from notices import kinds
from notices.models import NoticeTemplate

_FIELD = re.compile(r"\{([^{}]*)\}")
TEXTS = ("title", "addressees", "body", "attachment", "copies")


@dataclass(frozen=True)
class Table:
    heads: tuple[str, ...]
    rows: list[list[str]]

    @property
    def text(self) -> str:
        return "\n".join("\t".join(row) for row in self.rows)


@dataclass(frozen=True)
class Words:
    """What is frozen: `attachments` as `{"title", "heads", "rows"}`."""

    title: str
    addressees: str
    body: str
    attachments: list[dict[str, Any]] = field(default_factory=list)
    copies: str = ""

    @property
    def text(self) -> str:
        """All of it, for whoever looks for what must not stand in it."""
        cells = [cell for one in self.attachments for row in one["rows"] for cell in row]
        return "\n".join([self.title, self.addressees, self.body, *cells, self.copies])


def of(template: NoticeTemplate, facts: Mapping[str, str], table: Table | None = None) -> Words:
    attachments = []
    if template.attachment and table and table.rows:
        title = filled(template.attachment, facts)
        attachments = [{"title": title, "heads": list(table.heads), "rows": table.rows}]
    return Words(
        title=filled(template.title, facts) or kinds.title(template.kind, template.programme),
        addressees=filled(template.addressees, facts),
        body=filled(template.body, facts),
        attachments=attachments,
        copies=filled(template.copies, facts),
    )


def filled(text: str, facts: Mapping[str, str]) -> str:
    """Line by line; a line that names a field without content is left out, so that no sentence stays half said."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return "\n".join(
        _line(line, facts) for line in lines if all(facts.get(one) for one in _FIELD.findall(line))
    )


def _line(line: str, facts: Mapping[str, str]) -> str:
    return _FIELD.sub(lambda found: facts[found[1]], line)


def fields_of(template: NoticeTemplate) -> list[str]:
    """By name, in the order in which they are read."""
    return list(dict.fromkeys(name for column in TEXTS for name in _FIELD.findall(getattr(template, column))))


def wrong_fields(template: NoticeTemplate) -> list[tuple[str, str]]:
    """The fields named by a template that its kind does not have, each with the column that names it."""
    kind = kinds.of(template.kind)
    known = kind.all_fields if kind else {}
    return [
        (column, name)
        for column in TEXTS
        for name in dict.fromkeys(_FIELD.findall(getattr(template, column)))
        if name not in known
    ]
