"""The articles of a rulebook as the public reads them: each with the rows that carry it out and what was decided of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cities import decisions, keys
from cities.decisions import Binding
from cities.decisions.binding import offers
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
    OfficeDecision,
    OfficialText,
    Outcome,
    Procedure,
    Provision,
    Quota,
    ReportingDuty,
    RequiredMaterial,
    Rulebook,
    RuleRow,
    Stage,
)
from cities.rulebooks import content, coverage, numbering
from cities.rulebooks.coverage import LABELS, Status, Traced
from cities.rulebooks.describe import anchor, describe

# What a reader wants first: what the article says, what it limits, then how it is done.
IN_READING_ORDER: tuple[type[RuleRow], ...] = (
    Provision,
    Limit,
    Condition,
    Quota,
    EvaluationScheme,
    Dimension,
    GradeBand,
    Ground,
    ReportingDuty,
    Procedure,
    Stage,
    Outcome,
    RequiredMaterial,
    CountingRule,
    Category,
)


@dataclass(frozen=True)
class Reading:
    """How something open is read, and what the office has decided of it."""

    question: str
    reading: str
    alternatives: list[str]
    decision: OfficeDecision | None = None
    words: str = ""

    @property
    def is_confirmed(self) -> bool:
        return self.decision is not None and decisions.confirms(self.decision, self.reading)

    @property
    def waits(self) -> bool:
        return self.decision is not None and decisions.waits_for_version(self.decision, self.reading)

    @property
    def chosen(self) -> str:
        """Which of the readings the office decided on; empty where it has decided nothing."""
        known = [self.reading, *self.alternatives]
        return next((one for one in known if self.decision and decisions.confirms(self.decision, one)), "")

    @property
    def followed(self) -> str:
        """What the portal does: as the office decided, unless only a later version can carry that out."""
        return self.reading if self.waits else self.chosen or self.reading

    @property
    def not_taken(self) -> list[str]:
        """The readings that nobody follows or has decided on."""
        known = [self.reading, *self.alternatives]
        return [one for one in known if one not in (self.followed, self.chosen)]


@dataclass(frozen=True)
class RowOnPage:
    """`decided` says which values the text leaves open and the office has set."""

    kind: str
    words: str
    readings: list[Reading]
    decided: list[str]
    awaits: bool


@dataclass(frozen=True)
class RuleOnPage:
    """One rule of the text and how far it is carried out."""

    key: str
    how: str
    remark: str


@dataclass
class ArticleOnPage:
    number: str
    heading: str
    is_item: bool = False
    rows: list[RowOnPage] = field(default_factory=list)
    rules: list[RuleOnPage] = field(default_factory=list)
    text: OfficialText | None = None

    @property
    def anchor(self) -> str:
        return anchor(self.number)


def articles(rulebook: Rulebook, traced: list[Traced], bound: Binding) -> list[ArticleOnPage]:
    """One query per table, however many rows."""
    found = {row.pk: ArticleOnPage(row.number, row.heading) for row in rulebook.articles.all()}
    kinds = coverage.kinds_of(rulebook)
    for model in IN_READING_ORDER:
        for row in content.rows_sharing(rulebook, model):
            found[row.article_id].rows.append(_row(bound.settle(row), bound, kinds))
    for one in traced:
        found[one.rule.article_id].rules.append(_rule(one))
    listed = list(found.values())
    _place(listed, {text.number: text for text in rulebook.texts.all()})
    return listed


def _place(listed: list[ArticleOnPage], texts: dict[str, OfficialText]) -> None:
    items = numbering.items(one.number for one in listed)
    for article in listed:
        article.is_item, article.text = article.number in items, texts.get(article.number)


def head_readings(rulebook: Rulebook, bound: Binding) -> list[Reading]:
    """Those of the text as a whole."""
    return [_reading("rulebook", "", one, rulebook, bound) for one in rulebook.interpretations]


def summary(traced: list[Traced]) -> list[tuple[str, int]]:
    """How many rules are carried out in each way; what no rule is, is left out."""
    counted = coverage.counts(traced)
    return [(LABELS[status], counted[status]) for status in Status if counted[status]]


def _row(row: Any, bound: Binding, kinds: dict[str, str]) -> RowOnPage:
    acts = not isinstance(row, Category | CountingRule | Provision)
    awaits = acts and bool(coverage.awaited(coverage.needs(row, kinds)))
    return RowOnPage(_title(row), describe(row), list(readings(row, bound)), _decided(row, bound), awaits)


def _title(row: Any) -> str:
    return row.get_kind_display() if isinstance(row, Provision) else str(row._meta.verbose_name)


def readings(row: Any, bound: Binding) -> Iterator[Reading]:
    """Those of a settled row, and where it names a number of days, of how they are counted."""
    rule = getattr(row, "counting_rule", None)
    counted = [rule] if rule is not None and rule.pk and row.span_number else []
    for read in (row, *counted):
        for one in read.interpretations:
            yield _reading(read.section, content.place_of(read), one, row.rulebook, bound)


def _reading(section: str, place: str, told: dict[str, Any], rulebook: Rulebook, bound: Binding) -> Reading:
    made = bound.on(section, place, told["question"])
    decision = made if made and offers(told["alternatives"], made) else None
    words = decisions.sentence(rulebook.programme.office_term, decision) if decision else ""
    others = [decisions.alternative_words(one) for one in told["alternatives"]]
    return Reading(told["question"], told["reading"], others, decision, words)


def _decided(row: CitedRow, bound: Binding) -> list[str]:
    found = (bound.on(row.section, content.place_of(row), flag) for flag in decisions.flags(row))
    office = row.rulebook.programme.office_term
    return [f"{one.article} 未规定；{decisions.sentence(office, one)}" for one in found if one]


def _rule(traced: Traced) -> RuleOnPage:
    waits = "、".join(keys.PROCEDURE_KINDS[kind] for kind in traced.awaits)
    if waits and traced.status != Status.AWAITING:
        waits = f"在“{waits}”里还没有开通"
    why = "" if traced.status == Status.ENFORCED else traced.rule.why_not
    remark = "；".join(part for part in (waits, why) if part)
    return RuleOnPage(traced.rule.key, LABELS[traced.status], remark)
