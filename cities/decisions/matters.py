"""All that a version of the rules leaves open: values that the office sets, and readings that it confirms or chooses."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cities.decisions import retention
from cities.decisions.binding import flags, offers
from cities.models import CitedRow, OfficeDecision, Programme, Rulebook
from cities.models.decision import KEEP_SENSITIVE, OPEN_VALUES
from cities.rulebooks import content, schema
from cities.rulebooks.describe import describe

# The columns that a decision of an open value sets; none where it is only put on record.
COLUMNS: dict[str, tuple[str, ...]] = {
    "span": ("span_number", "counting_rule"),
    "pass_mark": ("pass_mark",),
    "weights": (),
    KEEP_SENSITIVE: (),
}


@dataclass
class Matter:
    """One open question of one row. `reading` is empty where the text names no value and nothing stands in for it."""

    section: str
    place: str
    name: str
    question: str
    article: str
    row: str
    # The row by its name, to tell values apart that are asked in the same words.
    label: str = ""
    reading: str = ""
    alternatives: list[Any] = field(default_factory=list)
    columns: tuple[str, ...] = ()
    highest: int | None = None
    # All that was ever proposed of it, the newest first, and the one that binds.
    made: list[OfficeDecision] = field(default_factory=list)
    decision: OfficeDecision | None = None
    ahead: list[OfficeDecision] = field(default_factory=list)

    @property
    def waiting(self) -> list[OfficeDecision]:
        return [one for one in self.made if one.is_confirmed is None]

    @property
    def is_value(self) -> bool:
        return not self.reading

    def is_open_to(self, decision: OfficeDecision) -> bool:
        return self.is_value or offers(self.alternatives, decision)

    @property
    def blocks(self) -> bool:
        """Whether something is refused until it is decided."""
        return self.is_value and self.decision is None

    @property
    def choices(self) -> list[str]:
        """What may be chosen, our reading first."""
        return [self.reading, *(alternative_words(one) for one in self.alternatives)]

    @property
    def title(self) -> str:
        return f"{self.label}：{self.question}" if self.label else self.question

    @property
    def id(self) -> str:
        return f"{self.section}:{self.place}:{self.name}"

    @property
    def key(self) -> str:
        """Short enough for an address, and the same in every version."""
        return hashlib.sha256(self.id.encode()).hexdigest()[:12]


def alternative_words(alternative: Any) -> str:
    return str(alternative["reading"]) if isinstance(alternative, dict) else str(alternative)


def matters(rulebook: Rulebook, at: datetime) -> list[Matter]:
    """What blocks first, then what waits for confirmation, each in the order of the articles; a fixed number of queries."""
    found = [*_of_head(rulebook), *_of_rows(rulebook)]
    made = _made(rulebook.programme)
    for matter in found:
        matter.made = made.get((matter.section, matter.place, matter.name), [])
        binding = [one for one in matter.made if one.counts(at) and matter.is_open_to(one)]
        matter.decision = max(binding, key=_later, default=None)
        matter.ahead = [one for one in matter.made if one.is_ahead(at)]
    return sorted(found, key=lambda matter: (not matter.blocks, not matter.waiting))


def orphans(programme: Programme, found: list[Matter], at: datetime) -> list[OfficeDecision]:
    """Decisions that would bind by now, on what a version, of which these are the matters, does not leave open any more,
    the newest first."""
    still = {(one.section, one.place, one.name): one for one in found}
    made = [(key, one) for key, some in _made(programme).items() for one in some if one.counts(at)]
    gone = [one for key, one in made if key not in still or not still[key].is_open_to(one)]
    return sorted(gone, key=_later, reverse=True)


def _later(decision: OfficeDecision) -> Any:
    """The order in which `binding` takes them."""
    return (decision.effective_from, decision.settled_at, decision.pk)


def _made(programme: Programme) -> dict[tuple[str, str, str], list[OfficeDecision]]:
    rows = OfficeDecision.objects.filter(programme=programme).select_related("proposed_by", "settled_by")
    found: dict[tuple[str, str, str], list[OfficeDecision]] = {}
    for one in rows.order_by("-proposed_at", "-pk"):
        found.setdefault((one.section, one.place, one.matter), []).append(one)
    return found


def _of_head(rulebook: Rulebook) -> Iterator[Matter]:
    for one in rulebook.interpretations:
        yield _reading("rulebook", "", rulebook.validity_article, rulebook.short_title, one)
    if row := retention.first_row(rulebook):
        place = (retention.SECTION, retention.PLACE, KEEP_SENSITIVE)
        yield Matter(*place, OPEN_VALUES[KEEP_SENSITIVE], row.article.number, describe(row))


def _of_rows(rulebook: Rulebook) -> list[Matter]:
    order = {number: place for place, number in enumerate(rulebook.articles.values_list("number", flat=True))}
    found = [
        matter
        for model in schema.RULE_ROWS
        for row in content.rows_sharing(rulebook, model)
        for matter in _of_row(row)
    ]
    return sorted(found, key=lambda matter: order.get(matter.article, 0))


def _of_row(row: Any) -> Iterator[Matter]:
    place, article, words = content.place_of(row), row.article.number, describe(row)
    for name in flags(row):
        label, columns = _named(row), COLUMNS[name]
        matter = Matter(row.section, place, name, OPEN_VALUES[name], article, words, label, columns=columns)
        matter.highest = getattr(row, "full_mark", None)
        yield matter
    for one in row.interpretations:
        yield _reading(row.section, place, article, words, one)


def _named(row: CitedRow) -> str:
    parent = schema.parent_of(type(row))
    return f"{getattr(row, parent)}，{row}" if parent else str(row)


def _reading(section: str, place: str, article: str, words: str, one: dict[str, Any]) -> Matter:
    return Matter(
        section,
        place,
        one["question"],
        one["question"],
        article,
        words,
        reading=one["reading"],
        alternatives=one["alternatives"],
    )
