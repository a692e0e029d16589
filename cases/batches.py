"""Batches: cases of one procedure gathered by a window or by hand. What the public has been told of one stays in its batch."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts import access
from cases import confidential, engine, letters, stages, steps
from cases.errors import Problem, Refused
from cases.models import Batch, Case, Deadline
from cities.calendar import start_of
from cities.models import Procedure
from cities.permissions import HANDLE_CASES
from providers.models import Register
from records import events

SERIES = "PC"
# As many as one request decides in the time a page may take (docs/performance.md).
MOST_AT_ONCE = 100
STAYS = ("publication",)


@dataclass(frozen=True)
class Window:
    """The days on which an application must have come in to be gathered, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise Refused(
                "收件的最后一天早于第一天。",
                problems=[Problem("window_to", "不能早于收件的第一天")],
            )


@dataclass
class Together:
    """What became of cases that were decided together: each by itself, so that one refused does not hold the others."""

    went: list[Case] = field(default_factory=list)
    refused: list[tuple[Case, Refused]] = field(default_factory=list)


@contextmanager
def locked(batch: Batch) -> Iterator[tuple[Batch, list[Case], Register]]:
    """A batch with its open cases, under the programme's lock."""
    keys = open_cases(batch).values_list("pk", flat=True)
    with engine.all_locked(batch.programme, keys) as (cases, register):
        yield Batch.objects.select_related("programme", "procedure").get(pk=batch.pk), cases, register


def open_cases(batch: Batch) -> QuerySet[Case]:
    return Case.objects.filter(batch=batch, status=Case.Status.OPEN)


def create(
    procedure: Procedure,
    cases: Iterable[Case] = (),
    *,
    by: Any,
    at: datetime,
    label: str = "",
    window: Window | None = None,
    article: str = "",
) -> Batch:
    """Begin a batch with these cases and all that the window gathers. Raises Refused if one of those named cannot be in it."""
    programme = procedure.rulebook.programme
    _refuse_stranger(by, programme)
    with engine.all_locked(programme, []):
        batch = Batch.objects.create(
            number=steps.take_number(programme, SERIES, at),
            label=label.strip(),
            programme=programme,
            procedure=procedure,
            window_from=window.first if window else None,
            window_to=window.last if window else None,
            article=article,
            created_at=at,
            made_by=by,
        )
        events.record(
            "batch.create", f"建立{named(batch)}", at=at, by=by, article=article, programme=programme
        )
        add(batch, [*cases, *gathered(batch)], by=by, at=at)
        return batch


def add(batch: Batch, cases: Iterable[Case], *, by: Any, at: datetime) -> list[Case]:
    """Put cases into a batch: all of them, or none with why not."""
    _refuse_stranger(by, batch.programme)
    keys = [case.pk for case in cases]
    with engine.all_locked(batch.programme, keys) as (found, _):
        _refuse("不能加入批次", found, lambda case: why_not_added(case, batch))
        for case in found:
            _move(case, batch)
            _tell("batch.add", f"加入{named(batch)}", case, batch, by=by, at=at)
        return found


def remove(batch: Batch, cases: Iterable[Case], *, reason: str, by: Any, at: datetime) -> list[Case]:
    """Take cases out of a batch before publicity; they go on by themselves."""
    _refuse_stranger(by, batch.programme)
    with engine.all_locked(batch.programme, [case.pk for case in cases]) as (found, _):
        _refuse_without_reason(found, reason)
        _refuse("不能移出批次", found, lambda case: why_not_removed(case, batch))
        for case in found:
            _move(case, None)
            _tell("batch.remove", f"移出{named(batch)}：{reason.strip()}", case, batch, by=by, at=at)
        return found


def split(
    batch: Batch, cases: Iterable[Case], *, reason: str, by: Any, at: datetime, label: str = ""
) -> Batch:
    """Move some cases into a new batch. It has no window: what comes in later is gathered by the old one."""
    _refuse_stranger(by, batch.programme)
    with engine.all_locked(batch.programme, [case.pk for case in cases]) as (found, _):
        _refuse_without_reason(found, reason)
        _refuse("不能分出新批次", found, lambda case: why_not_removed(case, batch))
        new = create(batch.procedure, by=by, at=at, label=label, article=batch.article)
        for case in found:
            _move(case, new)
            summary = f"从{named(batch)}分到{named(new)}：{reason.strip()}"
            _tell("batch.split", summary, case, new, by=by, at=at)
        return new


def gather(batch: Batch, *, by: Any, at: datetime) -> list[Case]:
    """Take in what has come in within the window since."""
    if batch.window_from is None:
        raise Refused(f"{named(batch)}没有收件期，逐件加入。")
    return add(batch, list(gathered(batch)), by=by, at=at)


def candidates(batch: Batch) -> QuerySet[Case]:
    """Open cases of the procedure that nobody has put into a batch and that have not come to publicity's end."""
    rows = Case.objects.filter(
        programme=batch.programme,
        procedure__key=batch.procedure.key,
        status=Case.Status.OPEN,
        submitted_at__isnull=False,
    )
    is_free = Q(batch=None) | Q(batch__number=None)
    # The days of a publicity begin when it is opened; `add` asks each for the truth.
    counting = Deadline.objects.filter(case=OuterRef("pk"), state__in=Deadline.OPEN)
    is_open = Q(waiting_for="system") | Q(Exists(counting))
    shown = Q(stage__kind="publicity") & is_open | Q(stage__kind__in=STAYS)
    return rows.filter(is_free).exclude(shown).order_by("submitted_at", "number")


def gathered(batch: Batch) -> list[Case]:
    """Those of the candidates that came in within the window."""
    if batch.window_from is None or batch.window_to is None:
        return []
    first, last = batch.window_from, batch.window_to
    online = Q(received_on=None, submitted_at__gte=start_of(first), submitted_at__lt=_end_of(last))
    rows = candidates(batch).filter(online | Q(received_on__range=(first, last)))
    return [case for case in rows.select_related("stage") if not why_not_added(case, batch)]


def why_not_added(case: Case, batch: Batch) -> str:
    """Empty where it can be."""
    if case.programme_id != batch.programme_id or case.procedure.key != batch.procedure.key:
        return f"办的不是“{batch.procedure}”，一批只收同一个程序的事项"
    if case.status != Case.Status.OPEN or case.submitted_at is None:
        return f"不在办理中（{case.get_result_display() or case.get_status_display()}）"
    if case.batch_id == batch.pk:
        return "已经在这一批里"
    if case.batch and case.batch.number:
        return f"已在{case.batch}，先从那里移出"
    return _why_fixed(case)


def why_not_removed(case: Case, batch: Batch) -> str:
    if case.batch_id != batch.pk:
        return "不在这一批里"
    if case.status != Case.Status.OPEN:
        return f"已经办结（{case.get_result_display()}），留在本批备查"
    return _why_fixed(case)


def decide(
    batch: Batch,
    chosen: Sequence[tuple[UUID, str]],
    outcome: str,
    *,
    by: Any,
    at: datetime,
    **given: Any,
) -> Together:
    """Give one outcome to several cases under one lock, each by itself: one that is refused leaves the others alone. `chosen`
    names each with the moment since when it was seen at its desk: one that has moved on is refused."""
    found, seen_since = Together(), dict(chosen[:MOST_AT_ONCE])
    with engine.all_locked(batch.programme, seen_since) as (cases, _):
        letters.know_readers(cases, at)
        for case in cases:
            try:
                with transaction.atomic():
                    _refuse_moved_on(case, batch, seen_since[case.pk])
                    found.went.append(steps.decide_locked(case, outcome, by=by, at=at, **given))
            except Refused as refusal:
                found.refused.append((case, refusal))
    return found


def since(case: Case) -> str:
    """What stands for the moment since when a case is at its stage, in a posted form."""
    return case.stage_since.isoformat() if case.stage_since else ""


def named(batch: Batch) -> str:
    return f"{batch}（{batch.label}）" if batch.label else str(batch)


def _why_fixed(case: Case) -> str:
    if stages.of(case).is_told(case):
        return f"在“{case.stage}”，已经公示，批次不能再变；公示开错了的，先撤下公示"
    return ""


def _refuse(what: str, cases: list[Case], why_not: Any) -> None:
    problems = [
        Problem("cases", f"{case} {case.organisation}：{why}") for case in cases if (why := why_not(case))
    ]
    if problems:
        raise Refused(f"{what}，有 {len(problems)} 件不行", problems=problems)


def _refuse_without_reason(cases: list[Case], reason: str) -> None:
    if not cases:
        raise Refused("没有选事项。", problems=[Problem("cases", "在表中勾选至少一件")])
    if not reason.strip():
        raise Refused("还没有写原因。", problems=[Problem("reason", "写明原因，记入每件的经过")])
    confidential.refuse_telling(cases, "reason", reason)


def _refuse_moved_on(case: Case, batch: Batch, since_then: str) -> None:
    if case.batch_id != batch.pk:
        raise Refused(f"{case} 已经不在{batch}里。")
    if since(case) != since_then:
        where = case.stage if case.status == Case.Status.OPEN else case.get_result_display()
        raise Refused(f"您打开页面以后，{case} 有了变化，现在是“{where}”。看过再办。")


def _refuse_stranger(by: Any, programme: Any) -> None:
    if not access.may(by, HANDLE_CASES, programme):
        raise Refused("批次由经办人管理，您没有这个角色。")


def _move(case: Case, batch: Batch | None) -> None:
    case.batch = batch
    case.save()


def _tell(verb: str, summary: str, case: Case, batch: Batch, *, by: Any, at: datetime) -> None:
    events.record(
        verb,
        summary,
        at=at,
        by=by,
        article=batch.article,
        data={"batch": str(batch.pk)},
        case=case,
        programme=case.programme,
        organisation=case.organisation,
    )


def _end_of(day: date) -> datetime:
    return start_of(date.fromordinal(day.toordinal() + 1))
