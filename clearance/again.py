"""One order after another in the same case: each says itself what it demands, and none takes away time that was granted
(docs/decisions/0074)."""

from datetime import date, datetime

from cases import deadlines
from cases.errors import Problem, Refused
from cases.models import Case, Deadline
from cities import frozen
from cities.models import Outcome, Stage
from clearance.models import RectificationOrder
from clearance.orders import GIVEN_AT
from clearance.serving import SERVES
from records.words import full_day


def demanded_before(case: Case, outcome: Outcome) -> str | None:
    """What the last order demanded, where this outcome gives the next one; None elsewhere."""
    last = _last(case) if _ordered_at(outcome) else None
    return last.demands if last else None


def demand(case: Case, text: str, *, at: datetime) -> None:
    """What the next order demands; those before it keep their own. The case is locked."""
    case.measure.demands, case.measure.saved_at = text, at
    case.measure.save()


def day_problems(case: Case, outcome: Outcome, named_day: date | None, at: datetime) -> list[Problem]:
    """A unit that has answered early keeps the days it was given: the next order runs out no sooner than the last."""
    stage, granted = _ordered_at(outcome), _granted(case, at)
    if stage is None or granted is None:
        return []
    day = named_day or _counted(stage, outcome, at)
    if day is None or day >= granted.closes_on:
        return []
    last = full_day(granted.closes_on)
    was = f"{full_day(granted.started_at)} 责令给到 {last}（{granted.article}），还没有过，不能收回"
    if named_day:
        return [Problem("named_day", f"{was}：写这一天或者以后的一天", outcome.article.number)]
    said = f"{was}：现在再次责令只到 {full_day(day)}，最迟过了 {last} 就可以选"
    return [Problem("outcome", said, outcome.article.number)]


def sentence(case: Case, at: datetime) -> str:
    """For whoever names the day; empty where no time that was granted is left."""
    granted = _granted(case, at)
    return f"不早于 {full_day(granted.closes_on)}：上一次责令给到这一天，还没有过" if granted else ""


def _granted(case: Case, at: datetime) -> Deadline | None:
    """The days of the last order, as long as they are not over."""
    last = _last(case)
    deadline = last.deadline if last else None
    return deadline if deadline and at < deadline.closes_at else None


def _last(case: Case) -> RectificationOrder | None:
    return case.orders.select_related("deadline").last()


def _ordered_at(outcome: Outcome) -> Stage | None:
    """The stage of the order that an outcome gives, at once or as soon as it is served."""
    stage = outcome.next_stage
    if stage is not None and stage.kind == SERVES:
        stage = frozen.outcome_of(stage, Outcome.Role.FORWARD).next_stage
    return stage if stage is not None and stage.kind == GIVEN_AT else None


def _counted(stage: Stage, outcome: Outcome, at: datetime) -> date | None:
    """The last day as the row gives it; None where nobody knows."""
    row = deadlines.row_that_counts(stage, outcome)
    try:
        return deadlines.counted_span(row, at).closes_on if deadlines.has_span(row) else None
    except Refused:
        return None
