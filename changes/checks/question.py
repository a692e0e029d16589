"""What one round of checks knows: read once, whatever the number of checks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Self

from cases.checks import Check
from cases.models import Case
from changes import offered, queries
from changes.queries import Standing
from cities import decisions
from cities.models import Limit
from cities.rulebooks.describe import citation
from providers import snapshots
from providers.models import Registration
from providers.operations import ListOperation
from providers.queries import snapshot
from providers.queries import snapshots as snapshot_of_each
from providers.snapshots import Snapshot, StaleOperation


@dataclass
class Question:
    case: Case
    at: datetime
    operations: list[ListOperation]

    @classmethod
    def of(cls, case: Case, at: datetime) -> Self:
        return cls(case, at, queries.operations_of(case))

    @classmethod
    def of_each(cls, cases: list[Case], at: datetime) -> list[Self]:
        """Of several units, each with its list; the queries do not depend on how many there are."""
        operations = queries.operations_of_each(cases)
        lists = snapshot_of_each([case.registration for case in cases if case.registration], at)
        found = [cls(case, at, operations[case.pk]) for case in cases]
        for question in found:
            question.list_now = lists[question.registration.pk]
        return found

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
        return offered.in_own_terms(told, self.case.programme)

    @cached_property
    def misnamed(self) -> str:
        """Where a joining organisation is known under another name: what is shown must be what is published."""
        known = {one.partner_code: self.standings[one.partner_code].name for one in self.joining}
        return "；".join(
            f"{one.partner_code} 登记的名称是“{known[one.partner_code]}”，不是“{one.partner_name}”"
            for one in self.joining
            if known[one.partner_code] not in ("", one.partner_name)
        )

    @cached_property
    def joins_itself(self) -> str:
        """No text says so, for it goes without saying: nobody stands behind himself."""
        own = self.registration.organisation
        is_there = any(one.partner_code == own.credit_code for one in self.joining)
        return f"{own}不能做自己的{self.case.programme.partner_term}" if is_there else ""

    @cached_property
    def joining(self) -> list[ListOperation]:
        return [operation for operation in self.operations if operation.action in queries.JOINING_ACTIONS]

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
