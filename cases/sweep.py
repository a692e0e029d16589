"""The clock's hand: does what is due, however late it runs and however often. It holds no truth of its own."""

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.models import Q, QuerySet

from accounts import grants
from cases import engine, stages
from cases.models import Case
from cities.frozen import Frozen

logger = logging.getLogger(__name__)

# A case moves on at most this often in one sweep; more would mean a procedure that turns in a circle.
MOST_MOVES = 10


Chore = Callable[[datetime], object]
Clock = Callable[[], datetime]
_chores: dict[str, Chore] = {}


@dataclass
class SweepReport:
    """`failed` tells cases that were set aside and chores that raised; `broken_chores` names the latter."""

    at: datetime
    due: int = 0
    done: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)
    broken_chores: list[str] = field(default_factory=list)
    grants_ended: int = 0
    trouble: str = ""


def sweep(at: datetime, clock: Clock | None = None) -> SweepReport:
    """Wake every case whose moment had come by `at`, one transaction each; one that raises is set aside, the rest go on. What is
    done is dated by the clock, which goes on while a sweep takes long; without one it is all done at `at`."""
    report = SweepReport(at)
    now = partial(_later, at, clock) if clock else lambda: at
    try:
        _wake_all(report, now)
        _do_chores(report, now)
    except GONE as trouble:
        # Nothing more can be done and nothing is lost: all that is due is found by the next sweep.
        logger.error("sweep ended early: the database does not answer (%s)", type(trouble).__name__)
        report.trouble = "数据库没有应答，没有办完的由下一次办"
    return report


def _later(at: datetime, clock: Clock) -> datetime:
    """A clock that was put back meanwhile dates nothing before the sweep."""
    return max(at, clock())


# What the database raises when it is not the case's fault: a lock not had in time, a server or a connection that went away.
GONE = (OperationalError, InterfaceError)


def _wake_all(report: SweepReport, now: Clock) -> None:
    in_order, rules = _in_order(report.at), Frozen()
    report.due = len(in_order)
    for case_id, number, programme_id in in_order:
        try:
            if wake(case_id, now(), programme_id, rules):
                report.done.append(number)
        except GONE as trouble:
            logger.warning("case %s left to the next sweep: %s", number, type(trouble).__name__)
            report.left.append((number, str(trouble)))
            _refuse_silence()
        except Exception as error:  # noqa: BLE001 -- told with the case; the cases after it must not wait for it
            report.failed.append((number, str(error)))
            _set_aside(case_id, number, error, now())


def _refuse_silence() -> None:
    """A connection that was cut is made anew with the next query; raises where nobody answers any more."""
    _drop_if_unusable()
    connection.ensure_connection()


def _drop_if_unusable() -> None:
    """A rehearsal sweeps within a transaction of its own, whose connection must not be taken away."""
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()


def _do_chores(report: SweepReport, now: Clock) -> None:
    """After the cases, which must not wait for anything here."""
    ending: Chore = partial(_expire_grants, report)
    for name, chore in {"到期的授权": ending, **_chores}.items():
        try:
            chore(now())
        except Exception as error:  # noqa: BLE001 -- told in the report
            _drop_if_unusable()
            logger.error("chore of the sweep failed: %s\n%s", name, told(error))
            report.failed.append((name, str(error)))
            report.broken_chores.append(name)
    if report.broken_chores:
        report.trouble = f"没有做成：{'、'.join(report.broken_chores)}"


def register_chore(name: str, chore: Chore) -> None:
    """Have the sweep do something besides, after the cases. `name` is what a report calls it when it fails."""
    _chores[name] = chore


def _expire_grants(report: SweepReport, at: datetime) -> None:
    report.grants_ended = grants.expire(at)


def _in_order(at: datetime) -> list[tuple[UUID, str, int]]:
    """Whoever closed first goes first; of those that close together, whoever applied first."""
    rows = due(at).order_by("wake_at", "submitted_at", "number")
    return [
        (pk, number or "", programme)
        for pk, number, programme in rows.values_list("pk", "number", "programme_id")
    ]


def due(at: datetime) -> QuerySet[Case]:
    """What a sweep of that moment looks at: one that was set aside only when it is to be tried again."""
    awaited = Q(set_aside_at=None) | Q(try_again_at__lte=at)
    return Case.objects.filter(awaited, wake_at__lte=at)


def wake(case_id: UUID, at: datetime, programme_id: int | None = None, rules: Frozen | None = None) -> bool:
    """All that is due of a case, in one transaction: where one step fails, none was taken."""
    with engine.locked(case_id, programme_id, rules) as (case, _):
        if not _is_due(case, at) or not _may_be_tried(case, at):
            return False
        if case.set_aside_at:
            engine.take_up_again(case, by=None, at=at)
        moves: list[bool] = []
        while _is_due(case, at):
            if len(moves) == MOST_MOVES:
                raise RuntimeError(f"自动办理没有停下来（{MOST_MOVES} 步以上），检查程序各环节的去向")
            moves.append(stages.of(case).due(case, at=at))
            if not moves[-1]:
                engine.reschedule(case)
    return any(moves)


def _is_due(case: Case, at: datetime) -> bool:
    """Asked again under lock: another worker may have done it meanwhile."""
    return case.wake_at is not None and case.wake_at <= at


def _may_be_tried(case: Case, at: datetime) -> bool:
    return case.set_aside_at is None or (case.try_again_at is not None and case.try_again_at <= at)


def _set_aside(case_id: UUID, number: str, error: Exception, at: datetime) -> None:
    """Where this fails too the case is only tried again by the next sweep; the cases after it must not wait for that."""
    try:
        with engine.locked(case_id) as (case, _):
            engine.set_aside(case, reason(error), at=at)
            becomes = engine.next_try(case)
    except GONE:
        raise
    except Exception as another:  # noqa: BLE001 -- logged with what came before it
        logger.error("case %s could not be set aside\n%s\n%s", number, told(error), told(another))
    else:
        logger.error("case %s raised in the sweep: %s\n%s", number, becomes, told(error))


def reason(error: Exception) -> str:
    """For the office. What a database says besides its first line quotes the row, and a row may hold anything."""
    said = str(error).partition("\n")[0] if isinstance(error, DatabaseError) else str(error)
    return f"{type(error).__name__}：{said}"


def told(error: Exception) -> str:
    """For the log: what was raised and where, without its words, which may name a person."""
    return "".join([*traceback.format_tb(error.__traceback__), type(error).__name__])
