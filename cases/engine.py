"""The only writer of a case's stage and status."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import OperationalError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from cases import districts, stages
from cases.errors import Refused
from cases.models import Case, Deadline
from cities import decisions
from cities.calendar import Calendar, CalendarMissing, Span, SpanError, span
from cities.models import Outcome, Programme, Stage
from providers import registry
from providers.models import Register
from records import events

logger = logging.getLogger(__name__)


@contextmanager
def locked(case_id: UUID) -> Iterator[tuple[Case, Register]]:
    """One transaction in which this case is ours alone. The programme's register row is locked first, always: the one
    lock across cases, so that no two of a programme check and change the list at once."""
    with all_locked(Programme.objects.get(cases=case_id), [case_id]) as (cases, register):
        yield cases[0], register


@contextmanager
def all_locked(programme: Programme, case_ids: Iterable[UUID]) -> Iterator[tuple[list[Case], Register]]:
    """The same for several cases of a programme, in the order in which they were filed. Which they are may be a query: it
    is asked once nobody else can change the answer."""
    with transaction.atomic():
        register = registry.lock(programme)
        case_ids = list(case_ids)
        list(Case.objects.select_for_update().filter(pk__in=case_ids).order_by("pk").values_list("pk"))
        yield list(loaded().filter(pk__in=case_ids).order_by("submitted_at", "number")), register


@contextmanager
def beside(case: Case, other: Case) -> Iterator[None]:
    """Something done to another case on the way, in the transaction of this one: what goes wrong with the other must not
    spoil it. It is undone and logged, and the sweep finds it when it wakes the other itself. The database's own trouble
    is everybody's."""
    try:
        with transaction.atomic():
            yield
    except OperationalError:
        raise
    except Exception:
        if case.pk == other.pk:
            raise
        logger.exception("case left out of what its batch does", extra={"case": other.number})


def load(case_id: UUID) -> Case:
    return loaded().get(pk=case_id)


def loaded() -> QuerySet[Case]:
    """Cases with all that steps and pages ask of one."""
    related = (
        "programme__city",
        "procedure__rulebook",
        "procedure__article",
        "rulebook",
        "organisation",
        "stage__article",
    )
    more = ("registration__district", "base_edition", "batch", "owner")
    return Case.objects.select_related(*related, *more)


def follow(
    case: Case,
    outcome: Outcome,
    *,
    by: Any,
    at: datetime,
    summary: str,
    owner: Any = None,
    attention: str = "",
    correct_by: date | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Take the case where an outcome leads: the next stage with its deadline, or its end. Raises Refused where nobody
    could work on it there."""
    if outcome.next_stage and (why := districts.unreachable(case, outcome.next_stage)):
        raise Refused(why)
    end_deadline(case, at=at)
    case.attention = attention[:500]
    if outcome.next_stage is None:
        _close(case, outcome.result, at=at)
    else:
        _enter(case, outcome.next_stage, at=at, owner=owner)
        _start_clock(case, outcome, correct_by, at=at)
    reschedule(case)
    events.record(
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


def end(case: Case, result: str, *, by: Any, at: datetime, verb: str, summary: str) -> None:
    """Close a case outside its procedure's outcomes: withdrawn, or a draft thrown away."""
    end_deadline(case, at=at, state=Deadline.State.VOID)
    _close(case, result, at=at)
    reschedule(case)
    events.record(
        verb, summary, at=at, by=by, case=case, programme=case.programme, organisation=case.organisation
    )


def take_back(case: Case, stage: Stage, *, at: datetime) -> None:
    """Put a case back into the stage it has just left, which it turns out to have left too early. The span that was
    counted there stands again. The caller says why, and saves with `reschedule`."""
    end_deadline(case, at=at, state=Deadline.State.VOID)
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


def count_again(case: Case, row: Stage | Outcome, *, since: datetime, at: datetime) -> None:
    """Replace the span that runs by the one that another row gives from the same moment; held, it stays held. Raises
    Refused where that cannot be counted."""
    was_held = case.deadlines.filter(state=Deadline.State.HELD).exists()
    end_deadline(case, at=at, state=Deadline.State.VOID)
    if has_span(row):
        open_deadline(case, row, at=since)
    if was_held:
        hold_deadline(case)


def begin(case: Case, stage: Stage, *, at: datetime) -> None:
    """Put a case that has just been submitted at its first stage."""
    case.status = Case.Status.OPEN
    _enter(case, stage, at=at, owner=None)


def reschedule(case: Case) -> None:
    """Recompute whom the case waits for and when it wakes, and save it. Any truth these hang on has changed before."""
    is_open = case.status == Case.Status.OPEN
    case.waiting_for = stages.of(case).waiting_for(case) if is_open else ""
    case.wake_at = stages.of(case).wake_at(case) if is_open else None
    case.save()


def set_aside(case: Case, reason: str, *, at: datetime) -> None:
    """Take a case that raised out of the sweep until somebody has looked at it."""
    case.set_aside_at, case.set_aside_reason = at, reason[:500]
    case.save()
    events.record(
        "set_aside", f"自动办理失败，已搁置：{reason}", at=at, by=None, case=case, programme=case.programme
    )


def take_up_again(case: Case, *, by: Any, at: datetime) -> None:
    """Let the sweep try a case again that was set aside."""
    case.set_aside_at, case.set_aside_reason = None, ""
    reschedule(case)
    events.record("retry", "重新交给系统自动办理", at=at, by=by, case=case, programme=case.programme)


def open_deadline(case: Case, row: Stage | Outcome, *, at: datetime) -> Deadline:
    """Start the span that a stage or an outcome sets. Raises Refused when the working calendar does not reach."""
    assert case.stage is not None
    counted = counted_span(row, at)  # settles the row: what was decided of it is cited with its article
    return Deadline.objects.create(
        case=case,
        stage=case.stage,
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
    )


def counted_span(row: Stage | Outcome, at: datetime) -> Span:
    """The span of a row from a moment, as the one calendar function counts it, with what the office has decided of it by
    then. Raises Refused where the text leaves it to the office and nothing was decided, or the calendar does not reach."""
    return span_of(decisions.settled(row, at), at)


def span_of(row: Stage | Outcome, at: datetime, calendar: Calendar | None = None) -> Span:
    """The span of a row that has been settled; a page that counts many brings the calendar it has read."""
    if row.span_number is None or row.counting_rule is None:
        raise Refused(_unset(row))
    try:
        return span(row.span_number, row.counting_rule, at, calendar)
    except (CalendarMissing, SpanError) as uncountable:
        raise Refused(f"算不出期限：{uncountable}") from uncountable


def _unset(row: Stage | Outcome) -> str:
    office = row.rulebook.programme.office_term
    return (
        f"{row.article}没有写“{row.label}”多少天，{office}还没有确定。"
        f"先由规则编辑在“未写明的事项”里登记决定，由另一人确认后再办；不套用别处的天数。"
    )


def days_json(counted: Span) -> list[dict[str, Any]]:
    """The days one by one as pages show them."""
    return [
        {
            "date": day.date.isoformat(),
            "ordinal": day.ordinal,
            "mark": day.mark,
            "name": day.name,
            "note": day.note,
            "last": day.date == counted.closes_on,
        }
        for day in counted.days
    ]


def set_deadline(case: Case, *, closes_on: date, article: str, at: datetime) -> Deadline:
    """A last day that a person named, not a rule: it is counted in no unit."""
    assert case.stage is not None
    closes_at = timezone.make_aware(datetime.combine(closes_on + timedelta(days=1), time.min))
    return Deadline.objects.create(
        case=case,
        stage=case.stage,
        started_at=at,
        opens_on=timezone.localtime(at).date(),
        closes_on=closes_on,
        closes_at=closes_at,
        number=None,
        unit="calendar",
        certainty="official",
        article=article,
    )


def hold_deadline(case: Case) -> None:
    """Stop a deadline from telling anybody to hurry while something else must be settled first; its dates stay."""
    _mark_deadline(case, Deadline.State.RUNNING, Deadline.State.HELD)


def resume_deadline(case: Case) -> None:
    _mark_deadline(case, Deadline.State.HELD, Deadline.State.RUNNING)


def _mark_deadline(case: Case, was: str, now: str) -> None:
    for deadline in case.deadlines.filter(state=was):
        deadline.state = now
        deadline.save()


def end_deadline(case: Case, *, at: datetime, state: str = Deadline.State.MET) -> None:
    for deadline in case.deadlines.filter(state__in=Deadline.OPEN):
        is_late = (
            state == Deadline.State.MET and at >= deadline.closes_at and stages.of(case).counts_from_entry
        )
        deadline.state = Deadline.State.MISSED if is_late else state
        deadline.done_at = at
        deadline.save()


def _enter(case: Case, stage: Stage, *, at: datetime, owner: Any) -> None:
    case.stage, case.stage_since, case.owner = stage, at, owner


def _start_clock(case: Case, outcome: Outcome, correct_by: date | None, *, at: datetime) -> None:
    """The last day that was named, or the span the outcome gives, or the stage's own."""
    if correct_by:
        set_deadline(case, closes_on=correct_by, article=outcome.article.number, at=at)
        return
    assert case.stage is not None
    row = row_that_counts(case.stage, outcome)
    if not has_span(row) or not stages.of(case).counts_from_entry:
        return
    try:
        open_deadline(case, row, at=at)
    except Refused as uncountable:  # a desk can be worked at without a date; the page says why there is none
        case.attention = f"{case.attention} {uncountable.message}".strip()[:500]


def row_that_counts(stage: Stage, led_here: Outcome | None) -> Stage | Outcome:
    """Whose days a case has at a stage: those of the outcome that led there, if it gives any, else the stage's own. Where
    the days begin with an act of their own, no outcome gives them."""
    is_given = led_here and led_here.span_number and stages.kind_of(stage).counts_from_entry
    return led_here if led_here and is_given else stage


def has_span(row: Stage | Outcome) -> bool:
    return bool(row.span_number or getattr(row, "span_set_by_office", False))


def _close(case: Case, result: str, *, at: datetime) -> None:
    case.status, case.result, case.closed_at, case.owner = Case.Status.CLOSED, result, at, None
