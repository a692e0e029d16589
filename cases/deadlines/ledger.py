"""The one writer of what is done to a deadline, and of the deadline with it. Who may, and what is refused, is above this."""

from copy import copy
from datetime import datetime
from typing import Any

from cases import stages
from cases.deadlines.track import Track, remains, resumed, stored
from cases.models import Case, Deadline, DeadlineChange
from cities.calendar import present_calendar
from cities.calendar.dates import local_day

Kind = DeadlineChange.Kind


def hold_deadline(
    case: Case, *, by: Any, at: datetime, reason: str, article: str = ""
) -> DeadlineChange | None:
    """Stop the running deadline while something else must be settled first; its dates stay until it is resumed."""
    deadline = case.deadlines.filter(state=Deadline.State.RUNNING).select_related("stage").first()
    return hold(deadline, by=by, at=at, reason=reason, article=article) if deadline else None


def hold(deadline: Deadline, *, by: Any, at: datetime, reason: str, article: str = "") -> DeadlineChange:
    left = remains(stored(deadline), local_day(at))
    return write(
        deadline,
        Kind.HOLD,
        by=by,
        at=at,
        reason=reason,
        article=article,
        remains=left,
        state=Deadline.State.HELD,
    )


def resume_deadline(
    case: Case, *, by: Any, at: datetime, reason: str, article: str = ""
) -> DeadlineChange | None:
    """Let what was left go on. Days that the public was told stay as they were told. Raises Refused where the calendar
    does not reach."""
    deadline = case.deadlines.filter(state=Deadline.State.HELD).select_related("stage").first()
    return resume(deadline, by=by, at=at, reason=reason, article=article) if deadline else None


def resume(deadline: Deadline, *, by: Any, at: datetime, reason: str, article: str = "") -> DeadlineChange:
    track = None
    if not is_told(deadline):
        held_on = local_day(stands_at(deadline, at))
        track = resumed(stored(deadline), deadline, held_on, at, present_calendar())
    return write(
        deadline,
        Kind.RESUME,
        track,
        by=by,
        at=at,
        reason=reason,
        article=article,
        state=Deadline.State.RUNNING,
    )


def is_told(deadline: Deadline) -> bool:
    """Whether the public was told the days: they began with an act of their own and were announced (0024)."""
    return not stages.kind_of(deadline.stage).counts_from_entry


def stands_at(deadline: Deadline, at: datetime) -> datetime:
    """Where its clock is: at the moment of the hold that is open, else now. A hold that is in no ledger begins now."""
    if deadline.state != Deadline.State.HELD:
        return at
    last = deadline.changes.filter(kind=Kind.HOLD).last()
    return last.at if last else at


def write(
    deadline: Deadline,
    kind: str,
    track: Track | None = None,
    *,
    by: Any,
    at: datetime,
    reason: str,
    article: str = "",
    state: str = "",
    **told: Any,
) -> DeadlineChange:
    """Note the change with both sides and make the deadline what it says; without a track its days stay. The caller has
    locked the case."""
    before = stored(deadline)
    after = track or before
    change = DeadlineChange.objects.create(
        deadline=deadline,
        kind=kind,
        at=at,
        by=by,
        reason=reason[:300],
        article=article,
        unit=deadline.unit,
        **{f"old_{name}": value for name, value in _side(before).items()},
        **{f"new_{name}": value for name, value in _side(after).items()},
        **told,
    )
    if kind != Kind.LEAVE:
        _make(deadline, after if track else None, state, added=told.get("number") or 0)
    return change


def carry(before: Deadline, after: Deadline) -> None:
    """Give a deadline that takes another's place its ledger."""
    DeadlineChange.objects.bulk_create(_of(change, after) for change in before.changes.all())


def take(deadline: Deadline, track: Track) -> None:
    """Let its days be these. Not saved."""
    deadline.opens_on, deadline.closes_on = track.opens_on, track.closes_on
    deadline.closes_at, deadline.counted = track.closes_at, track.days
    deadline.certainty = track.certainty


def _of(change: DeadlineChange, deadline: Deadline) -> DeadlineChange:
    own = copy(change)
    own.pk, own.deadline = None, deadline
    own._state.adding = True
    return own


def _side(track: Track) -> dict[str, Any]:
    return {
        "opens_on": track.opens_on,
        "closes_on": track.closes_on,
        "closes_at": track.closes_at,
        "counted": track.days,
    }


def _make(deadline: Deadline, track: Track | None, state: str, added: int) -> None:
    if track:
        take(deadline, track)
    if deadline.number is not None:
        deadline.number += added
    deadline.state = state or deadline.state
    deadline.save()
