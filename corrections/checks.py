"""What a correction is held against: that it fits the list, and that something is put right. No limit is asked of it: it
makes the list what it should have been."""

from datetime import datetime

from cases.checks import Check
from cases.models import Case
from cases.operations import fitting
from cases.operations.comparing import registration_of
from cases.operations.words import in_own_terms
from cities.rulebooks.describe import citation
from corrections import queries
from providers import mending, snapshots
from providers.operations import Action, ListOperation
from providers.queries import state
from providers.snapshots import StaleOperation


def state_checks(case: Case, *, at: datetime) -> list[Check]:
    operations = queries.operations_of(case)
    wrong = misfit(case, operations, at)
    article, url = citation(case.procedure)
    base = case.base_edition
    return [
        Check(
            key="fits",
            title="与现行名单衔接",
            passed=not wrong,
            message=wrong or "更正的内容与现行名单衔接",
            article=article,
            article_url=url,
            evidence=[f"底稿：{base}" if base else "底稿：尚无名单版本"],
            advice="按现行名单重新填写这一项" if wrong else "",
            anchor="operations",
        )
    ]


def misfit(case: Case, operations: list[ListOperation], at: datetime) -> str:
    """What does not go together with the list or with what is known of whom it names; empty where all does."""
    registration = registration_of(case)
    now = state(registration, operations, at)
    try:
        after = snapshots.after(now, operations)
    except StaleOperation as stale:
        return in_own_terms(stale.message, case.programme)
    if operations and not snapshots.differences(now, after):
        return "各项合起来，名单和现在一样，没有更正"
    wrong_code = next(filter(None, (_no_code(case, one) for one in operations)), "")
    itself = fitting.joins_itself(operations, registration, case.programme)
    return wrong_code or itself or fitting.misnamed(operations)


def _no_code(case: Case, operation: ListOperation) -> str:
    if operation.action != Action.MEND_UNIT:
        return ""
    return mending.why_no_code(registration_of(case).organisation, operation.unit_code)
