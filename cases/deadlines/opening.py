"""A case's one open deadline: begun, ended, begun again under another row."""

from datetime import date, datetime
from typing import Any

from simple_history.utils import bulk_create_with_history

from cases import stages
from cases.deadlines import ledger
from cases.deadlines.counting import days_json, has_span, span_of
from cases.deadlines.ledger import carry, take
from cases.deadlines.track import counted_again
from cases.models import Case, Deadline
from cities import decisions
from cities.calendar import Calendar, present_calendar
from cities.calendar.dates import end_of_day, local_day
from cities.models import Outcome, Stage


def open_deadline(case: Case, row: Stage | Outcome, *, at: datetime) -> Deadline:
    """Start the span that a stage or an outcome sets. Raises Refused when the working calendar does not reach."""
    deadline = _begun(case, row, at)
    deadline.save()
    return deadline


def open_together(cases: list[Case], *, at: datetime) -> list[Deadline]:
    """Start the span of the stage that each is at, all from one moment."""
    begun = [_begun(case, case.stage, at) for case in cases if case.stage]
    written: list[Deadline] = bulk_create_with_history(begun, Deadline)
    return written


def _begun(case: Case, row: Stage | Outcome, at: datetime) -> Deadline:
    assert case.stage is not None
    deadline = _of(decisions.settled(row, at), at)
    deadline.case, deadline.stage = case, case.stage
    return deadline


def _of(row: Stage | Outcome, at: datetime, calendar: Calendar | None = None) -> Deadline:
    """In memory, of a row that was settled: what was decided of it is cited with its article."""
    counted = span_of(row, at, calendar)
    return Deadline(
        outcome=row if isinstance(row, Outcome) else None,
        started_at=at,
        opens_on=counted.opens_on,
        closes_on=counted.closes_on,
        closes_at=counted.closes_at,
        number=counted.number,
        unit=counted.unit,
        counted=days_json(counted),
        certainty=counted.certainty,
        article=row.article.number,
        basis=decisions.words(row)[:300],
        **_counting(row),
    )


def _counting(row: Stage | Outcome) -> dict[str, Any]:
    """How the days were counted; a last day that the text names needs no rule."""
    rule = row.counting_rule
    if rule is None:
        return {}
    return {"first_day": rule.first_day, "roll": rule.roll, "closing_hour": rule.closing_hour}


def set_deadline(
    case: Case, *, closes_on: date, article: str, at: datetime, outcome: Outcome | None = None
) -> Deadline:
    """A last day that a person named with an outcome, not a rule: it is counted in no unit."""
    assert case.stage is not None
    return Deadline.objects.create(
        case=case,
        stage=case.stage,
        outcome=outcome,
        started_at=at,
        opens_on=local_day(at),
        closes_on=closes_on,
        closes_at=end_of_day(closes_on),
        number=None,
        unit="calendar",
        certainty="official",
        article=article,
    )


def count_again(case: Case, row: Stage | Outcome, *, since: datetime, at: datetime) -> None:
    """Replace the open span by the one that another row gives from the same moment, with all that was done to it since;
    held, it stays held. Raises Refused where that cannot be counted."""
    assert case.stage is not None
    before = open_of(case)
    end_deadline(case, at=at, state=Deadline.State.VOID)
    if not has_span(row):
        return
    if before is None:
        open_deadline(case, row, at=since)
        return
    after = in_place(before, decisions.settled(row, since), since)
    after.case, after.stage, after.state = case, case.stage, before.state
    after.save()
    carry(before, after)


def in_place(
    before: Deadline, row: Stage | Outcome, since: datetime, calendar: Calendar | None = None
) -> Deadline:
    """What another row would give in place of a deadline, with all that was done to that since. Not saved."""
    after = _of(row, since, calendar)
    after.stage = before.stage
    changes = list(before.changes.all())
    if changes:
        after.number = (after.number or 0) + sum(change.number or 0 for change in changes)
        take(after, counted_again(after, changes, calendar or present_calendar()))
    return after


def open_of(case: Case) -> Deadline | None:
    """The one that runs or is held."""
    return case.deadlines.filter(state__in=Deadline.OPEN).select_related("stage").first()


def end_deadline(case: Case, *, at: datetime, state: str = Deadline.State.MET) -> None:
    for deadline in case.deadlines.filter(state__in=Deadline.OPEN):
        if state == Deadline.State.MET and _is_late(deadline, at) and stages.of(case).counts_from_entry:
            deadline.state = Deadline.State.MISSED
        else:
            deadline.state = state
        deadline.done_at = at
        deadline.save(update_fields=["state", "done_at"])


def _is_late(deadline: Deadline, at: datetime) -> bool:
    """Its clock stands while it is held: what is done meanwhile is late only if it was when the clock was stopped."""
    return ledger.stands_at(deadline, at) >= deadline.closes_at
