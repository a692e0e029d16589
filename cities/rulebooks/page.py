"""A rulebook as the public reads it: its articles in order, each with the rows that carry it out."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet
from django.utils import timezone

from cities import built
from cities.models import (
    Category,
    CountingRule,
    Limit,
    Outcome,
    Procedure,
    Programme,
    Provision,
    RequiredMaterial,
    Rulebook,
    RuleRow,
    Stage,
)
from cities.rulebooks import content
from cities.rulebooks.describe import anchor, describe
from records.words import full_day

# What a reader wants first: what the article says, what it limits, then how it is done.
IN_READING_ORDER: tuple[type[RuleRow], ...] = (
    Provision,
    Limit,
    Procedure,
    Stage,
    Outcome,
    RequiredMaterial,
    CountingRule,
    Category,
)


@dataclass(frozen=True)
class RowOnPage:
    kind: str
    words: str
    interpretations: list[dict[str, Any]]
    awaits: bool


@dataclass
class ArticleOnPage:
    number: str
    heading: str
    rows: list[RowOnPage] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        return anchor(self.number)

    @property
    def is_item(self) -> bool:
        """An item stands under its article, whose number it begins with."""
        return "（" in self.number


@dataclass(frozen=True)
class Standing:
    """How a version stands on a day; `tag` is the class of its mark."""

    word: str
    tag: str
    sentence: str


def public_versions(programme: Programme) -> "QuerySet[Rulebook]":
    """Every version but drafts, the newest first."""
    rulebooks = Rulebook.objects.filter(programme=programme).exclude(standing=Rulebook.Standing.DRAFT)
    return rulebooks.select_related("programme__city")


def shown_first(versions: list[Rulebook], at: datetime) -> Rulebook | None:
    """The version in force, else the newest."""
    in_force = next((version for version in versions if version.is_in_force(at)), None)
    return in_force or next(iter(versions), None)


def articles(rulebook: Rulebook) -> list[ArticleOnPage]:
    """One query per table, however many rows."""
    found = {row.pk: ArticleOnPage(row.number, row.heading) for row in rulebook.articles.all()}
    for model in IN_READING_ORDER:
        for row in content.rows_of(rulebook, model):
            found[row.article_id].rows.append(_row(row))
    return list(found.values())


def _row(row: Any) -> RowOnPage:
    procedure = row if isinstance(row, Procedure) else getattr(row, "procedure", None)
    awaits = isinstance(procedure, Procedure) and built.awaits(procedure)
    return RowOnPage(_title(row), describe(row), row.interpretations, awaits)


def _title(row: Model) -> str:
    return row.get_kind_display() if isinstance(row, Provision) else str(row._meta.verbose_name)


def standing(rulebook: Rulebook, at: datetime) -> Standing:
    if rulebook.standing == Rulebook.Standing.CONSULTATION:
        return Standing("征求意见稿", "is-wait", "征求意见稿，没有效力")
    if rulebook.standing != Rulebook.Standing.PUBLISHED:
        return Standing(rulebook.get_standing_display(), "is-off", "没有效力")
    begins = full_day(rulebook.effective_from)
    if rulebook.is_in_force(at):
        return Standing("现行", "is-good", f"{begins} 起施行，{_until(rulebook)}")
    if timezone.localtime(at).date() < rulebook.effective_from:
        return Standing("尚未施行", "is-wait", f"{begins} 起施行")
    return Standing("已失效", "is-off", f"{begins} 起施行，{_until(rulebook)}")


def _until(rulebook: Rulebook) -> str:
    if rulebook.effective_to:
        return f"有效期至 {full_day(rulebook.effective_to)}（含当日）"
    return f"有效期至{rulebook.ends_on_event}" if rulebook.ends_on_event else "有效期未规定"
