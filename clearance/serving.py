"""That an order, a notice of hearing, a removal or a revocation has reached its unit. Until that is on record nothing follows from
what is asked."""

from datetime import date, datetime
from typing import Any

from cases import confidential, deadlines, engine
from cases.errors import Problem, Refused
from cases.models import Case, Deadline
from cities import frozen
from cities.calendar.dates import local_day
from cities.models import Outcome, Stage
from clearance import parting, queries
from clearance.models import Service
from notices.queries import in_the_making
from records import events
from records.words import full_day

# The kinds of stage at which something has to reach the unit before anything follows.
ASKS = ("statement", "rectification")
SERVES = "service"
PROOF: dict[str, Any] = {"kinds": ["pdf", "jpeg", "png"], "max_megabytes": 20}


def owed_since(case: Case) -> datetime | None:
    """When what has to reach the unit was decided: what the present stage asks, that the unit was removed from the list, or that a
    decision on it was taken back."""
    if queries.has_removed(case) or queries.was_revoked(case):
        return case.closed_at
    return case.stage_since if asks(case) else None


def asks(case: Case) -> bool:
    """Whether it stands where something has to reach its unit."""
    return case.status == Case.Status.OPEN and case.stage is not None and case.stage.kind in (*ASKS, SERVES)


def what(case: Case) -> str:
    return queries.served_as(case, case.stage, owed_since(case))


def of(case: Case) -> Service | None:
    """What is on record of it."""
    since = owed_since(case)
    if since is None:
        return None
    rows = case.services.filter(organisation=case.organisation_id).select_related("stage")
    if not asks(case):
        return rows.filter(since=since).first()
    return next((one for one in rows if is_of(one, since)), None)


def is_of(service: Service, since: datetime) -> bool:
    """What was served as a stage of its own has reached the unit when the case comes from there."""
    return service.since == since or (service.at == since and service.stage.kind == SERVES)


def awaits(case: Case) -> bool:
    return owed_since(case) is not None and of(case) is None


def why_not_yet(case: Case) -> str:
    """Why it cannot be served though it is owed; empty where it can."""
    since = owed_since(case)
    if since is None or not in_the_making(case, since).exists():
        return ""
    return being_made(case)


def being_made(case: Case) -> str:
    return f"{what(case)}的文书正在成文，一般几分钟；成文以后才能送达（{queries.article_of(case)}）。"


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
    service = _keep(case, how=how, served_on=served_on, note=note.strip(), proof=proof, by=by, at=at)
    said = f"{what(case)}已送达：{full_day(served_on)}，{Service.How(how).label}"
    if asks(case) and service.stage.kind == SERVES:
        _go_on(case, service.stage, said, by=by, at=at)
    else:
        engine.reschedule(case)
        _record(case, said, by=by, at=at)
    return service


def _go_on(case: Case, stage: Stage, said: str, *, by: Any, at: datetime) -> None:
    outcome = frozen.outcome_of(stage, Outcome.Role.FORWARD)
    engine.follow(case, outcome, by=by, at=at, summary=said, named_day=case.measure.due_on)
    parting.go_on(case, at=at)


def _record(case: Case, said: str, *, by: Any, at: datetime) -> None:
    events.record(
        "measure.serve",
        said,
        at=at,
        by=by,
        article=queries.article_of(case),
        case=case,
        programme=case.programme,
        organisation=case.organisation,
    )


def answered(case: Case, day: date, *, by: Any, at: datetime) -> None:
    """Whoever answers has it; where nobody has put that on record, this does. The case is locked. `day` is not before the first."""
    if awaits(case):
        _keep(case, how=Service.How.OTHER, served_on=day, note="单位已经答复", by=by, at=at)


def first_day(case: Case) -> date | None:
    """The first on which whatever comes from the unit can be its answer: it was served, or can have been."""
    if served := of(case):
        return served.served_on
    return local_day(case.stage_since) if case.stage_since else None


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


def passed(case: Case, day: date) -> date | None:
    """The last day that was named or counted, where it was over before that day and the unit has not heard of it."""
    return over(case, deadlines.open_of(case), day) if asks(case) and awaits(case) else None


def over(case: Case, deadline: Deadline | None, day: date) -> date | None:
    """The same of what the unit has not heard of, with the deadline that runs or is held."""
    runs = deadline is not None and deadline.state == Deadline.State.RUNNING
    last = deadline.closes_on if deadline and runs else case.measure.due_on
    return last if last and last < day else None


def _keep(case: Case, **how: Any) -> Service:
    stage, since = case.stage, owed_since(case)
    assert stage is not None
    assert since is not None
    return Service.objects.create(case=case, stage=stage, since=since, organisation=case.organisation, **how)


def _refuse(case: Case, served_on: date, at: datetime) -> None:
    since = owed_since(case)
    if since is None or not awaits(case):
        raise Refused(
            f"{case} 现在没有要送达的（{case.stage or case.get_status_display()}），刷新页面看现在的状态。"
        )
    if why := why_not_yet(case):
        raise Refused(why)
    begun = local_day(since)
    if not begun <= served_on <= local_day(at):
        wrong = f"送达日期在作出（{full_day(begun)}）和今天（{full_day(local_day(at))}）之间"
        raise Refused(f"{wrong}。", problems=[Problem("served_on", wrong, queries.article_of(case))])
    _refuse_late(case, served_on)


def _refuse_late(case: Case, served_on: date) -> None:
    """Nobody can keep a day that was over before he heard of it."""
    if last := passed(case, served_on):
        then = "退回重新决定" if way_back(case) else "由审定人更正期限，再登记送达"
        wrong = f"送达时期限 {full_day(last)} 已经过了，先{then}"
        raise Refused(f"{wrong}。", problems=[Problem("served_on", wrong, queries.article_of(case))])
