"""The only writer of a case's stage and status."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import OperationalError, transaction
from django.db.models import QuerySet

from cases import deadlines, districts, grounds, kinds, letters, stages
from cases.errors import Refused
from cases.models import Case, Deadline
from cities import frozen
from cities.frozen import Frozen
from cities.models import Outcome, Programme, Stage
from providers import registry
from providers.models import Register
from records import events, reads, words

# How long the sweep leaves a case alone after each time it raised there; after that it waits for a person.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 2 * 60, 12 * 60))

logger = logging.getLogger(__name__)


@contextmanager
def locked(
    case_id: UUID, programme_id: int | None = None, rules: Frozen | None = None
) -> Iterator[tuple[Case, Register]]:
    """One transaction in which this case is ours alone. The programme's register row is locked first, always: the one
    lock across cases, so that no two of a programme check and change the list at once. Whoever goes through many cases
    brings the rules that they share."""
    with transaction.atomic(), reads.kept():
        register = registry.lock_of(programme_id or Programme.objects.values_list("pk").get(cases=case_id)[0])
        [case] = _lock_rows(register.programme, [case_id], rules)
        yield case, register


@contextmanager
def all_locked(programme: Programme, case_ids: Iterable[UUID]) -> Iterator[tuple[list[Case], Register]]:
    """The same for several cases of a programme, in the order in which they were filed. Which they are may be a query: it
    is asked once nobody else can change the answer. What is the same for all of them is read once."""
    with transaction.atomic(), reads.kept():
        register = registry.lock(programme)
        yield _lock_rows(register.programme, case_ids, Frozen()), register


def lock_more(case: Case, case_ids: Iterable[UUID]) -> list[Case]:
    """Others of the programme of a case that is locked, until its transaction ends."""
    return _lock_rows(case.programme, case_ids, Frozen())


def _lock_rows(programme: Programme, case_ids: Iterable[UUID], rules: Frozen | None = None) -> list[Case]:
    if not (case_ids := list(case_ids)):
        return []
    # Locked first and read then: what a lock waits for may point to rows that the waiting query does not see.
    list(Case.objects.select_for_update().filter(pk__in=case_ids).order_by("pk").values_list("pk"))
    rows = (_each_once() if rules is None else _without_rules()).filter(pk__in=case_ids)
    found = list(rows.order_by("submitted_at", "number"))
    for case in found:
        case.programme = programme
        if rules:
            _give(case, rules)
        _share(case)
    return found


@contextmanager
def beside(case: Case, other: Case) -> Iterator[None]:
    """Something done to another case on the way, in the transaction of this one: what goes wrong with the other must not
    spoil it. It is undone and logged, and the sweep finds it when it wakes the other itself. The database's own trouble
    is everybody's."""
    if case.pk == other.pk:
        yield
        return
    try:
        with transaction.atomic():
            yield
    except OperationalError:
        raise
    except Exception:
        logger.exception("case left out of what its batch does", extra={"case": other.number})


def load(case_id: UUID) -> Case:
    case: Case = _each_once().select_related("programme__city").get(pk=case_id)
    _share(case)
    return case


def loaded() -> QuerySet[Case]:
    """Cases with all that steps and pages ask of one."""
    related = (
        "programme__city",
        "procedure__rulebook__programme",
        "procedure__article",
        "rulebook",
        "organisation",
        "stage__article",
    )
    more = ("registration__district", "registration__organisation", "base_edition", "batch", "owner")
    return Case.objects.select_related(*related, *more)


def _each_once() -> QuerySet[Case]:
    """The same with no row read twice: a third of the columns are of those that `_share` gives again."""
    related = ("procedure__rulebook", "procedure__article", "organisation", "stage__article")
    return Case.objects.select_related(*related, "registration__district", "base_edition", "batch", "owner")


def _without_rules() -> QuerySet[Case]:
    """The same where the rules are at hand; of the edition that a case goes by, which may be long, the number alone."""
    rows = Case.objects.select_related("organisation", "registration__district", "base_edition", "batch")
    return rows.defer(
        *(f"base_edition__{name}" for name in ("changes", "counts", "summary", "digest", "kind"))
    )


def _give(case: Case, rules: Frozen) -> None:
    case.procedure = rules.procedure(case.procedure_id, case.programme)
    for stage in frozen.stages_of(case.procedure):
        if stage.pk == case.stage_id:
            case.stage = stage


def _share(case: Case) -> None:
    """What several columns of a case lead to is one row."""
    if case.procedure.rulebook.programme_id == case.programme_id:
        case.procedure.rulebook.programme = case.programme
    if case.rulebook_id == case.procedure.rulebook_id:
        case.rulebook = case.procedure.rulebook
    if case.registration and case.registration.organisation_id == case.organisation_id:
        case.registration.organisation = case.organisation


def follow(
    case: Case,
    outcome: Outcome,
    *,
    by: Any,
    at: datetime,
    summary: str,
    owner: Any = None,
    attention: str = "",
    named_day: date | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Take the case where an outcome leads: the next stage with its deadline, or its end. `named_day` is the last day that a
    person named with it. Raises Refused where nobody could work on it there."""
    if outcome.next_stage and (why := districts.unreachable(case, outcome.next_stage)):
        raise Refused(why)
    deadlines.end_deadline(case, at=at)
    case.attention = attention[:500]
    if outcome.next_stage is None:
        _close(case, outcome.result, at=at)
    else:
        _enter(case, outcome.next_stage, at=at, owner=owner)
        _start_clock(case, outcome, named_day, at=at)
    opinion = str((data or {}).get("opinion", ""))
    kinds.of(case).followed(case, outcome, by=by, at=at, named_day=named_day, opinion=opinion)
    reschedule(case)
    event = events.record(
        f"{outcome.stage.kind}.{outcome.key}",
        summary,
        at=at,
        by=by,
        article=outcome.article.number,
        data=data,
        case=case,
        programme=case.programme,
        organisation=case.organisation,
    )
    letters.tell(case, event, outcome)


def end(case: Case, result: str, *, by: Any, at: datetime, verb: str, summary: str) -> None:
    """Close a case outside its procedure's outcomes: withdrawn, a draft thrown away, or what it decided revoked."""
    deadlines.end_deadline(case, at=at, state=Deadline.State.VOID)
    _close(case, result, at=at)
    reschedule(case)
    grounds.give_back(case, by=by, at=at)
    event = events.record(
        verb, summary, at=at, by=by, case=case, programme=case.programme, organisation=case.organisation
    )
    letters.tell(case, event)


def stop(case: Case, why: str, *, article: str, by: Any, at: datetime) -> None:
    """Close an open case because what it is about is gone, and tell its unit why."""
    deadlines.end_deadline(case, at=at, state=Deadline.State.VOID)
    _close(case, Case.Result.STOPPED, at=at)
    reschedule(case)
    event = events.record(
        "stop",
        f"终止办理：{why}",
        at=at,
        by=by,
        article=article,
        case=case,
        programme=case.programme,
        organisation=case.organisation,
    )
    letters.tell(case, event)


def take_back(case: Case, stage: Stage, *, at: datetime) -> None:
    """Put a case back into the stage it has just left, which it turns out to have left too early. The span that was
    counted there stands again. The caller says why, and saves with `reschedule`."""
    deadlines.end_deadline(case, at=at, state=Deadline.State.VOID)
    _enter(case, stage, at=at, owner=None)
    counted = case.deadlines.filter(
        stage__key=stage.key, state__in=(Deadline.State.MET, Deadline.State.MISSED)
    ).first()
    if counted:
        counted.state, counted.done_at = Deadline.State.RUNNING, None
        counted.save()


def carry_over(case: Case, stage: Stage) -> None:
    """Put an open case into the same stage of another version of its rules. Since when it has been there, and who has it,
    stays. The caller counts its span again, says why, and saves with `reschedule`."""
    case.stage, case.procedure, case.rulebook = stage, stage.procedure, stage.rulebook


def begin(case: Case, stage: Stage, *, at: datetime) -> None:
    """Put a case that has just been submitted at its first stage."""
    case.status = Case.Status.OPEN
    _enter(case, stage, at=at, owner=None)


def reschedule(case: Case) -> None:
    """Recompute whom the case waits for and when it wakes, and save it. Any truth these hang on has changed before."""
    is_open = case.status == Case.Status.OPEN
    case.waiting_for, case.wake_at = stages.of(case).stands(case) if is_open else ("", None)
    case.save()


def set_aside(case: Case, reason: str, *, at: datetime) -> None:
    """Take a case that raised out of the sweep: for a while that grows each time, after the last one until somebody has
    looked at it."""
    pauses = PAUSES[case.set_aside_tries :]
    case.set_aside_at = case.set_aside_at or at
    case.set_aside_reason = reason[:500]
    case.set_aside_tries += 1
    case.try_again_at = at + pauses[0] if pauses else None
    case.save()
    events.record(
        "set_aside",
        f"自动办理第 {case.set_aside_tries} 次失败，{next_try(case)}：{reason}",
        at=at,
        by=None,
        data={"tries": case.set_aside_tries},
        case=case,
        programme=case.programme,
    )


def next_try(case: Case) -> str:
    """What becomes of a case that was set aside, as a part of a sentence."""
    if case.try_again_at is None:
        return "已搁置，不再自动重试"
    return f"已搁置，{words.full_moment(case.try_again_at)} 再试"


def take_up_again(case: Case, *, by: Any, at: datetime) -> None:
    """Let the sweep try a case again that was set aside, as if it had never failed."""
    tries = case.set_aside_tries
    _forget_trouble(case)
    reschedule(case)
    summary = "重新交给系统自动办理" if by else f"系统第 {tries} 次自动重试"
    events.record("retry", summary, at=at, by=by, case=case, programme=case.programme)


def _forget_trouble(case: Case) -> None:
    case.set_aside_at, case.set_aside_reason = None, ""
    case.set_aside_tries, case.try_again_at = 0, None


def _enter(case: Case, stage: Stage, *, at: datetime, owner: Any) -> None:
    case.stage, case.stage_since, case.owner = stage, at, owner
    _forget_trouble(case)


def _start_clock(case: Case, outcome: Outcome, named_day: date | None, *, at: datetime) -> None:
    """The last day that was named, or the span the outcome gives, or the stage's own."""
    assert case.stage is not None
    if named_day and stages.of(case).counts_from_entry:
        article = outcome.article.number
        deadlines.set_deadline(case, closes_on=named_day, article=article, at=at, outcome=outcome)
        return
    row = deadlines.row_that_counts(case.stage, outcome)
    if not deadlines.has_span(row) or not stages.of(case).counts_from_entry:
        return
    try:
        deadlines.open_deadline(case, row, at=at)
    except Refused as uncountable:  # a desk can be worked at without a date; the page says why there is none
        case.attention = f"{case.attention} {uncountable.message}".strip()[:500]


def _close(case: Case, result: str, *, at: datetime) -> None:
    case.status, case.result, case.closed_at, case.owner = Case.Status.CLOSED, result, at, None
    _forget_trouble(case)
