"""What a change of partners and catalogue is held against. Every number comes from a row, with its article."""

from datetime import datetime

from cases.checks import Check
from cases.models import Case
from changes.checks import filing, ordered, state
from changes.checks.question import Measure, Question
from changes.queries import operations_of
from cities.models import Limit
from cities.queries import limits_of
from providers.operations import ListOperation

# What each measure of `cities.keys.LIMITS` asks; a row of another measure is no business of this kind.
MEASURES: dict[str, Measure] = {
    "changes_per_window": filing.allowance,
    "change_interval": filing.interval,
    "partners_per_registration": state.size,
    "registrations_per_partner": state.spread,
    "registrant_as_partner": state.not_a_registrant,
}
CANDIDATE_MEASURES = ("registrations_per_partner", "registrant_as_partner")


def filing_checks(case: Case, *, at: datetime) -> list[Check]:
    """What the rows ask once, when an application is filed, of the day it counts from."""
    question = Question.of(case, at)
    return [*filing.operations_offered(question), *_ask(question, Limit.Asked.FILING)]


def state_checks(question: Question) -> list[Check]:
    """How the list would stand after the change; asked again whenever it might have moved."""
    fixed = [state.single(question), state.fits(question), *ordered.as_ordered(question)]
    return [*fixed, *_ask(question, Limit.Asked.STATE)]


def candidate_checks(case: Case, operation: ListOperation, *, at: datetime) -> list[Check]:
    """Whether an organisation may become a partner of this unit in this industry, before it is asked for."""
    rows = limits_of(case.procedure, at)
    alone = Question(case, at, [operation])
    found = [MEASURES[measure](alone, rows[measure]) for measure in CANDIDATE_MEASURES if measure in rows]
    together = Question(case, at, [*operations_of(case), operation])
    return [*(check for group in found for check in group), state.fits(together)]


def has_candidate_limits(case: Case, *, at: datetime) -> bool:
    """Whether there is anything to look up about a candidate."""
    return not limits_of(case.procedure, at).keys().isdisjoint(CANDIDATE_MEASURES)


def _ask(question: Question, when: str) -> list[Check]:
    limits = [
        limit for limit in limits_of(question.case.procedure, question.at).values() if limit.asked == when
    ]
    return [
        check
        for limit in limits
        if limit.measure in MEASURES
        for check in MEASURES[limit.measure](question, limit)
    ]
