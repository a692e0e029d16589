"""What one round of checks knows: read once, whatever the number of checks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Self

from cases.checks import Check
from cases.models import Case
from cases.operations import fitting
from cases.operations.words import in_own_terms
from changes import queries
from changes.queries import Standing
from cities import decisions
from cities.models import Limit
from cities.rulebooks.describe import citation
from providers import snapshots
from providers.models import Registration
from providers.operations import ListOperation
from providers.queries import snapshot
from providers.snapshots import Snapshot, StaleOperation


@dataclass
class Question:
    case: Case
    at: datetime
    operations: list[ListOperation]

    @classmethod
    def of(cls, case: Case, at: datetime) -> Self:
        return cls(case, at, queries.operations_of(case))

    @cached_property
    def registration(self) -> Registration:
        assert self.case.registration is not None
        return self.case.registration

    @cached_property
    def day(self) -> date:
        """The day the application counts from."""
        return queries.filing_day(self.case, self.at)

    @cached_property
    def list_now(self) -> Snapshot:
        return snapshot(self.registration, self.at)

    @cached_property
    def outcome(self) -> Snapshot | StaleOperation:
        """The list after the change, or why the change does not fit it any more."""
        try:
            return snapshots.after(self.list_now, self.operations)
        except StaleOperation as stale:
            return stale

    @property
    def stale(self) -> str:
        """Why the change does not fit the list any more, in the programme's words."""
        told = self.outcome.message if isinstance(self.outcome, StaleOperation) else ""
        return in_own_terms(told, self.case.programme)

    @cached_property
    def misfit(self) -> str:
        """What does not go together with the list or with what is known of whom the change names."""
        itself = fitting.joins_itself(self.operations, self.registration, self.case.programme)
        return self.stale or itself or fitting.misnamed(self.operations)

    @cached_property
    def joining(self) -> list[ListOperation]:
        return fitting.joining(self.operations)

    @cached_property
    def standings(self) -> dict[str, Standing]:
        return queries.standings(self.case.programme, {operation.partner_code for operation in self.joining})

    @cached_property
    def listed_places(self) -> set[tuple[str, str]]:
        """Who of the joining is listed itself, and in which industries."""
        codes = {operation.partner_code for operation in self.joining}
        return queries.listed_places(self.case.programme, codes)

    @cached_property
    def industries(self) -> dict[str, str]:
        return dict(self.case.programme.industries.values_list("key", "name"))


Measure = Callable[[Question, Limit], list[Check]]


def way_out(limit: Limit, otherwise: str) -> str:
    """What to do about a limit that is exceeded: a hard one leaves only the other way."""
    if limit.strictness == Limit.Strictness.HARD:
        return otherwise
    return f"{otherwise}，或写明理由，由审定人决定"


def limit_check(
    limit: Limit,
    key: str,
    *,
    title: str,
    passed: bool,
    message: str,
    value: int | None = None,
    value_text: str = "",
    evidence: list[str] | None = None,
    advice: str = "",
    anchor: str = "",
) -> Check:
    """A check that a limit row stands behind; advice is for those that do not pass."""
    article, url = citation(limit)
    return Check(
        key=key,
        title=title,
        passed=passed,
        message=message,
        article=article,
        article_url=url,
        strictness=limit.strictness,
        limit_id=limit.pk,
        value=value,
        value_text=value_text,
        evidence=[*(evidence or []), *filter(None, [decisions.words(limit)])],
        advice="" if passed else advice,
        anchor=anchor,
    )
