"""How a sanction or a removal ended, and what that means for the registration: in one place, for the office."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from cases import passage
from cases.models import Case
from cases.page import BY_OUTCOME
from clearance import documents, ending, queries
from clearance.ending import Ended
from clearance.models import RectificationOrder
from notices import beside
from notices.models import Notice
from providers.models import Registration, Removal


@dataclass(frozen=True)
class Result:
    """`label` is in the words of the rows where an outcome of theirs ended it. `orders` are those it gave, `counted` how many of the
    unit stand by now. `left` is what ended with its registration, where it ended that, and `removal` the row that says so."""

    label: str
    at: datetime | None
    unit: Registration
    orders: list[RectificationOrder]
    counted: int
    partner_stands: bool
    left: Ended | None = None
    removal: Removal | None = None
    announced: list[Notice] = field(default_factory=list)
    unannounced: str = ""


def of(case: Case) -> Result:
    """Of one that is closed."""
    unit, partner = case.registration, case.measure.partner
    assert unit is not None
    result = Result(
        label=_label(case),
        at=case.closed_at,
        unit=unit,
        orders=list(case.orders.all()),
        counted=queries.orders_of(unit, case.procedure.kind).count(),
        partner_stands=partner is not None and queries.stands(unit, partner),
    )
    return _with_what_left(result, case) if case.edition_id else result


def _label(case: Case) -> str:
    if case.result == Case.Result.PUBLISHED:
        return f"{'退出' if queries.is_own(case) else '移出'}名单"
    outcome = passage.way_out(case, case.stage) if case.stage and case.result in BY_OUTCOME else None
    return outcome.label if outcome else str(case.get_result_display())


def _with_what_left(result: Result, case: Case) -> Result:
    """Where it took the unit off the list."""
    assert case.edition is not None
    told = beside.of_removals([result.unit]).get(result.unit.pk, [])
    return replace(
        result,
        left=ending.ended(case, case.edition.published_at),
        removal=result.unit.removals.filter(case_number=str(case)).first(),
        announced=told,
        unannounced="" if told else documents.unannounced(case),
    )
