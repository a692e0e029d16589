"""The clock's hand: does what is due, however late it runs and however often. It holds no truth of its own."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import OperationalError

from accounts import grants
from cases import engine, stages
from cases.models import Case

logger = logging.getLogger(__name__)

# A case moves on at most this often in one sweep; more would mean a procedure that turns in a circle.
MOST_MOVES = 10


Chore = Callable[[datetime], object]
_chores: dict[str, Chore] = {}


@dataclass
class SweepReport:
    at: datetime
    done: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)
    grants_ended: int = 0


def sweep(at: datetime) -> SweepReport:
    """Wake every case whose moment has come, one transaction each; one that raises is set aside, the rest go on."""
    report = SweepReport(at)
    for case_id, number in list(_due(at)):
        try:
            if _wake_until_quiet(case_id, at):
                report.done.append(number)
        except OperationalError as trouble:
            # The database's, not the case's: a lock not had in time, a server that went away. It is still due.
            logger.exception("case left to the next sweep", extra={"case": number})
            report.left.append((number, str(trouble)))
        except Exception as error:
            logger.exception("case set aside by the sweep", extra={"case": number})
            _set_aside(case_id, number, error, at)
            report.failed.append((number, str(error)))
    _do_chores(report, at)
    return report


def _do_chores(report: SweepReport, at: datetime) -> None:
    """After the cases, which must not wait for anything here."""
    ending: Chore = partial(_expire_grants, report)
    for name, chore in {"到期的授权": ending, **_chores}.items():
        try:
            chore(at)
        except Exception as error:
            logger.exception("chore of the sweep failed", extra={"chore": name})
            report.failed.append((name, str(error)))


def register_chore(name: str, chore: Chore) -> None:
    """Have the sweep do something besides, after the cases. `name` is what a report calls it when it fails."""
    _chores[name] = chore


def _expire_grants(report: SweepReport, at: datetime) -> None:
    report.grants_ended = grants.expire(at)


def _due(at: datetime) -> Iterator[tuple[UUID, str]]:
    """Whoever closed first goes first; of those that close together, whoever applied first."""
    due = Case.objects.filter(wake_at__lte=at, set_aside_at=None).order_by(
        "wake_at", "submitted_at", "number"
    )
    for pk, number in due.values_list("pk", "number"):
        yield pk, number or ""


def _wake_until_quiet(case_id: UUID, at: datetime) -> bool:
    moves = 0
    while _wake(case_id, at):
        moves += 1
        if moves > MOST_MOVES:
            raise RuntimeError(f"自动办理没有停下来（{MOST_MOVES} 步以上），检查程序各环节的去向")
    return moves > 0


def _wake(case_id: UUID, at: datetime) -> bool:
    """Recompute the truth under lock; another worker may have done it meanwhile."""
    with engine.locked(case_id) as (case, _):
        if case.wake_at is None or case.wake_at > at or case.set_aside_at:
            return False
        if (wake_at := stages.of(case).wake_at(case)) != case.wake_at:
            engine.reschedule(case)
            return wake_at is not None and wake_at <= at
        stages.of(case).due(case, at=at)
        return True


def _set_aside(case_id: UUID, number: str, error: Exception, at: datetime) -> None:
    """Where this fails too the case is only tried again by the next sweep; the cases after it must not wait for that."""
    try:
        with engine.locked(case_id) as (case, _):
            engine.set_aside(case, f"{type(error).__name__}：{error}", at=at)
    except Exception:
        logger.exception("case could not be set aside", extra={"case": number})
