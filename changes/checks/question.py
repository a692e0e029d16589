"""What one round of checks knows: read once, whatever the number of checks."""

from collections.abc import Callable
from datetime import date, datetime
from functools import cached_property
from typing import Self

from cases.checks import Check
from cases.models import Case
from cases.operations import fitting, question
from changes import queries
from changes.queries import Standing
from cities import decisions
from cities.models import Limit
from cities.rulebooks.describe import citation
from providers.operations import ListOperation
from providers.queries import snapshots as snapshot_of_each


class Question(question.Question):
    @classmethod
    def of(cls, case: Case, at: datetime) -> Self:
        return cls(case, at, queries.operations_of(case))

    @classmethod
    def of_each(cls, cases: list[Case], at: datetime) -> list[Self]:
        """Of several units, each with its list; the queries do not depend on how many there are."""
        operations = queries.operations_of_each(cases)
        lists = snapshot_of_each([case.registration for case in cases if case.registration], at)
        found = [cls(case, at, operations[case.pk]) for case in cases]
        for one in found:
            one.list_now = lists[one.registration.pk]
        return found

    @cached_property
    def day(self) -> date:
        """The day the application counts from."""
        return queries.filing_day(self.case, self.at)

    @cached_property
    def misfit(self) -> str:
        """What does not go together with the list or with what is known of whom the change names."""
        itself = fitting.joins_itself(self.operations, self.registration, self.case.programme)
        known = {code: one.name for code, one in self.standings.items() if one.name}
        return self.stale or itself or fitting.misnamed(self.operations, known)

    @cached_property
    def joining(self) -> list[ListOperation]:
        return fitting.joining(self.operations)

    @cached_property
    def standings(self) -> dict[str, Standing]:
        return queries.standings(self.case.programme, {operation.partner_code for operation in self.joining})

    def industry_name(self, key: str) -> str:
        """Also of one in which the unit does not stand."""
        own = {one["key"]: one["name"] for one in self.list_now["industries"]}
        return own.get(key) or self._industries[key]

    @cached_property
    def _industries(self) -> dict[str, str]:
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
