"""One reason, many deadlines: a flood, a fault of the system. Each case by itself; what cannot be changed says why."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from cases import engine, letters
from cases.deadlines import acts
from cases.deadlines.opening import open_of
from cases.deadlines.telling import told
from cases.errors import Refused
from cases.models import Case, Deadline
from cities.models import Programme

ACTS: dict[str, Callable[..., Any]] = {"hold": acts.hold, "resume": acts.resume, "extend": acts.extend}


@dataclass(frozen=True)
class Result:
    """What became of one case."""

    case: Case | None
    message: str
    is_done: bool


def open_deadlines(programme: Programme, stage: str = "") -> QuerySet[Deadline]:
    """Those that run or are held, what closes first first, with what lists and sentences ask of them."""
    rows = Deadline.objects.filter(
        case__programme=programme, case__status=Case.Status.OPEN, state__in=Deadline.OPEN
    )
    if stage:
        rows = rows.filter(stage__key=stage)
    related = (
        "case__organisation",
        "case__procedure",
        "stage__article",
        "stage__rulebook",
        "outcome__article",
    )
    return rows.select_related(*related).order_by("closes_at", "pk")


def change_many(
    programme: Programme, stamps: Iterable[str], what: str, *, by: Any, at: datetime, **how: Any
) -> list[Result]:
    """`stamps` say which deadlines, and how each stood when it was chosen."""

    def change(case: Case, deadline: Deadline) -> Any:
        return ACTS[what](case, by=by, at=at, **how)

    known = {deadline.stamp: deadline for deadline in open_deadlines(programme)}
    return together(programme, [known.get(stamp) for stamp in stamps], change, at=at)


def together(
    programme: Programme,
    seen: list[Deadline | None],
    change: Callable[[Case, Deadline], Any],
    *,
    at: datetime,
) -> list[Result]:
    """Change deadlines under one lock, each by itself: one that is refused leaves the others alone."""
    keys = [deadline.case_id for deadline in seen if deadline]
    with engine.all_locked(programme, keys) as (cases, _):
        letters.know_readers(cases, at)
        fresh = {case.pk: case for case in cases}
        return [_each(fresh[one.case_id] if one else None, one, change) for one in seen]


def _each(case: Case | None, seen: Deadline | None, change: Callable[[Case, Deadline], Any]) -> Result:
    """Change a deadline that is still as it was seen."""
    if case is None or seen is None:
        return Result(None, acts.MOVED_ON, is_done=False)
    try:
        with transaction.atomic():
            deadline = open_of(case)
            if deadline is None or deadline.stamp != seen.stamp:
                raise Refused(acts.MOVED_ON)
            return Result(case, f"{told(change(case, deadline))}。", is_done=True)
    except Refused as refusal:
        return Result(case, refusal.message, is_done=False)
