"""That an order or a notice of hearing has reached its unit. Until that is on record nothing follows from it."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from cases import confidential, deadlines, engine
from cases.errors import Problem, Refused
from cases.inbox import of_case
from cases.models import Case, Deadline
from cities import frozen
from cities.calendar.dates import local_day
from cities.models import Outcome
from clearance import parting, queries
from clearance.models import Service
from records import events
from records.models import Letter
from records.words import full_day

# The kinds of stage at which something has to reach the unit before anything follows.
ASKS = ("statement", "rectification")
SERVES = "service"


def of(case: Case) -> Service | None:
    """What is on record of what the present stage asks."""
    since = case.stage_since
    if since is None:
        return None
    # What was served as a stage of its own has reached the unit when the case comes from there.
    here = Q(since=since) | Q(at=since, stage__kind=SERVES)
    return case.services.filter(here, organisation=case.organisation_id).first()


def awaits(case: Case) -> bool:
    return case.stage is not None and case.stage.kind in (*ASKS, SERVES) and of(case) is None


def letter_of(case: Case) -> Letter | None:
    """The letter that asks, as long as nobody of the unit has opened it and it has not been served otherwise."""
    if case.stage_since is None or not awaits(case):
        return None
    return of_case(case).filter(written_at=case.stage_since).first()


def serve(
    case: Case,
    *,
    how: str,
    served_on: date,
    note: str = "",
    proof: Any = None,
    by: Any,
    at: datetime,
) -> Service:
    """Put it on record; the case is locked and fresh. Where it is a stage of its own that is served at, the case goes on."""
    _refuse(case, served_on, at)
    confidential.refuse_telling([case], "note", note)
    stage = case.stage
    assert stage is not None
    service = _keep(case, how=how, served_on=served_on, note=note.strip(), proof=proof, by=by, at=at)
    said = f"{stage}已送达：{full_day(served_on)}，{Service.How(how).label}"
    if stage.kind == SERVES:
        outcome = frozen.outcome_of(stage, Outcome.Role.FORWARD)
        engine.follow(case, outcome, by=by, at=at, summary=said, named_day=case.measure.due_on)
        parting.go_on(case, at=at)
        return service
    engine.reschedule(case)
    events.record(
        "measure.serve",
        said,
        at=at,
        by=by,
        article=stage.article.number,
        case=case,
        programme=case.programme,
        organisation=case.organisation,
    )
    return service


def answered(case: Case, day: date, *, by: Any, at: datetime) -> None:
    """Whoever answers has it; where nobody has put that on record, this does. The case is locked."""
    if awaits(case):
        _keep(case, how=Service.How.OTHER, served_on=day, note="单位已经答复", by=by, at=at)


def way_back(case: Case) -> Outcome | None:
    """Where the rows lead with what could not be served in time."""
    at_service = case.stage is not None and case.stage.kind == SERVES
    rows = frozen.outcomes_of(case.stage) if case.stage and at_service else ()
    return next((one for one in rows if one.role == Outcome.Role.BACK), None)


def give_up(case: Case, reason: str, *, by: Any, at: datetime) -> None:
    """Let it be decided again, with another day; the case is locked and fresh."""
    outcome = way_back(case)
    if outcome is None:
        raise Refused(f"{case} 现在不在送达环节（{case.stage or case.get_status_display()}），刷新页面再看。")
    confidential.refuse_telling([case], "reason", reason)
    summary = f"{case.stage}：{outcome.label}"
    engine.follow(
        case, outcome, by=by, at=at, summary=summary, attention=reason, data={"opinion": reason.strip()}
    )


def opened(letter: Letter, by: Any, at: datetime) -> None:
    """Whoever acts for the unit has opened the letter that asks: it has reached the unit. Twice is once."""
    if letter.case is None or not queries.is_one(letter.case):
        return
    if letter.organisation_id != letter.case.organisation_id:
        return  # whom the order only concerns was told of it
    with engine.locked(letter.case.pk) as (case, _):
        if not awaits(case) or letter.written_at != case.stage_since:
            return
        try:
            with transaction.atomic():
                serve(case, how=Service.How.INBOX, served_on=local_day(at), by=by, at=at)
        except (Refused, IntegrityError):
            return  # its last day is over; the clerk is asked what to do


def _keep(case: Case, **how: Any) -> Service:
    assert case.stage is not None
    assert case.stage_since is not None
    return Service.objects.create(
        case=case, stage=case.stage, since=case.stage_since, organisation=case.organisation, **how
    )


def _refuse(case: Case, served_on: date, at: datetime) -> None:
    if not awaits(case):
        raise Refused(
            f"{case} 现在没有要送达的（{case.stage or case.get_status_display()}），刷新页面看现在的状态。"
        )
    assert case.stage_since is not None
    begun = local_day(case.stage_since)
    if not begun <= served_on <= local_day(at):
        wrong = f"送达日期在作出（{full_day(begun)}）和今天（{full_day(local_day(at))}）之间"
        raise Refused(f"{wrong}。", problems=[Problem("served_on", wrong, queries.article_of(case))])
    _refuse_late(case, served_on)


def _refuse_late(case: Case, served_on: date) -> None:
    """Nobody can keep a day that was over before he heard of it."""
    deadline = deadlines.open_of(case)
    last = (
        deadline.closes_on if deadline and deadline.state == Deadline.State.RUNNING else case.measure.due_on
    )
    if last and served_on > last:
        what = "退回重新决定" if way_back(case) else "由审定人更正期限，再登记送达"
        wrong = f"送达时期限 {full_day(last)} 已经过了，先{what}"
        raise Refused(f"{wrong}。", problems=[Problem("served_on", wrong, queries.article_of(case))])
