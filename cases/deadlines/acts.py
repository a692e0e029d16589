"""What a decider does to a case's deadline: each a line of its ledger and an event. The case is locked and fresh."""

from datetime import date, datetime
from typing import Any

from accounts import access
from cases import confidential, letters
from cases.deadlines import ledger
from cases.deadlines.opening import open_of
from cases.deadlines.telling import basis, did, told_beside_article
from cases.deadlines.track import Track, counted_again, extended, named, stored
from cases.errors import Problem, Refused
from cases.models import Case, Deadline, DeadlineChange
from cities.calendar import present_calendar, start_of
from cities.calendar.dates import local_day
from cities.permissions import DECIDE_CASES
from records import events
from records.words import count, full_closes, full_day

Kind = DeadlineChange.Kind
NO_REASON = "写明原因，不能留空"
MOVED_ON = "打开页面以后，这个期限有了变化，没有办。看过现在的情况再办。"


def hold(case: Case, *, reason: str, article: str = "", by: Any, at: datetime) -> DeadlineChange:
    deadline = _running(case, "暂停", reason, by, at)
    change = ledger.hold(deadline, by=by, at=at, reason=reason.strip(), article=article.strip())
    return _tell(case, change)


def resume(case: Case, *, reason: str, article: str = "", by: Any, at: datetime) -> DeadlineChange:
    deadline = _open(case, "恢复", reason, by)
    if deadline.state != Deadline.State.HELD:
        raise Refused(f"{case} 的期限没有暂停，不用恢复。")
    change = ledger.resume(deadline, by=by, at=at, reason=reason.strip(), article=article.strip())
    return _tell(case, change)


def extend(
    case: Case, *, number: int, reason: str, article: str = "", by: Any, at: datetime
) -> DeadlineChange:
    """Within what the row lets; its own article is cited where no other basis is given."""
    deadline = _running(case, "延长", reason, by, at)
    _refuse_beyond_bounds(deadline, number)
    track = extended(stored(deadline), deadline, number, present_calendar())
    article = article.strip() or (deadline.row.article.number if _is_bounded(deadline) else "")
    return _write(
        case, deadline, Kind.EXTEND, track, by=by, at=at, reason=reason, article=article, number=number
    )


def correct(
    case: Case, *, day: date, reason: str, article: str = "", by: Any, at: datetime
) -> DeadlineChange:
    """Put right what was entered or computed wrongly: of days that a rule counts the day they began, and they are counted
    anew; of a last day that a person named, that day."""
    deadline = _open(case, "更正", reason, by)
    if deadline.state == Deadline.State.HELD:
        raise Refused(f"{case} 的期限正在暂停，先恢复，再更正。")
    since = None if deadline.number is None else _since(deadline, day, at)
    track = _as_named(deadline, day, at) if since is None else _as_begun(deadline, since)
    if _same(track, stored(deadline)):
        raise Refused(
            "更正前后一样，没有要改的。", problems=[Problem("day", f"按 {full_day(day)} 算，期限没有变化")]
        )
    if track.closes_at > deadline.closes_at:
        _refuse_own_lateness(case, deadline, by, at)
    return _write(
        case, deadline, Kind.CORRECT, track, by=by, at=at, reason=reason, article=article, since=since
    )


def take_calendar(case: Case, track: Track, *, reason: str, by: Any, at: datetime) -> DeadlineChange:
    """Let the days be as the present calendar counts them."""
    deadline = _open(case, "按日历重算", reason, by)
    return _write(case, deadline, Kind.CALENDAR, track, by=by, at=at, reason=reason)


def leave(case: Case, track: Track, *, reason: str, by: Any, at: datetime) -> DeadlineChange:
    """Keep the days as they are although the present calendar would count others."""
    deadline = _open(case, "维持原日期", reason, by, may_be_told=True)
    return _write(case, deadline, Kind.LEAVE, track, by=by, at=at, reason=reason)


def why_told(deadline: Deadline) -> str:
    """Why these days are not touched; empty where they may be."""
    if not ledger.is_told(deadline):
        return ""
    stage = deadline.stage
    return f"“{stage}”的起止已经告诉公众（{stage.article}），不能改动。确有错误的，先撤下公示、写明原因，再重新公示。"


def may_be_extended(deadline: Deadline) -> bool:
    return deadline.number is None or _is_bounded(deadline)


def _open(case: Case, what: str, reason: str, by: Any, *, may_be_told: bool = False) -> Deadline:
    """The open deadline, of which this can be done by this person."""
    if not access.may(by, DECIDE_CASES, case.programme):
        raise Refused(f"{what}期限由审定人办理，您没有这个角色。")
    deadline = open_of(case)
    if deadline is None:
        raise Refused(f"{case} 现在没有在计算的期限，不能{what}。")
    if not may_be_told and (why := why_told(deadline)):
        raise Refused(why)
    if not reason.strip():
        raise Refused(f"写明为什么{what}。", problems=[Problem("reason", NO_REASON)])
    confidential.refuse_telling([case], "reason", reason)
    return deadline


def _running(case: Case, what: str, reason: str, by: Any, at: datetime) -> Deadline:
    """One that runs and is not over: what is over is neither held nor extended."""
    deadline = _open(case, what, reason, by)
    if deadline.state == Deadline.State.HELD:
        raise Refused(
            f"{case} 的期限正在暂停，先恢复，再{what}。" if what != "暂停" else f"{case} 的期限已经暂停。"
        )
    if at >= deadline.closes_at:
        raise Refused(
            f"{case} 的期限 {full_closes(deadline.closes_at)} 已经届满（{deadline.article}），不能再{what}。日期算错的，用“更正期限”。"
        )
    return deadline


def _is_bounded(deadline: Deadline) -> bool:
    return deadline.row.extend_by_most is not None


def _refuse_beyond_bounds(deadline: Deadline, number: int) -> None:
    row = deadline.row
    if number < 1:
        raise Refused("写明延长多少。", problems=[Problem("number", "写 1 以上的整数")])
    if row.extend_by_most is None:
        if deadline.number is None:  # a person named the day, and no rule says how far
            return
        raise Refused(
            f"{row.article}没有写“{row}”的期限可以延长，不能延长。因灾害、系统故障停办的，用“暂停期限”；日期算错的，用“更正期限”。"
        )
    if number > row.extend_by_most:
        most = count(row.extend_by_most, deadline.unit)
        said = f"一次最多延长 {most}（{row.article}），写的是 {count(number, deadline.unit)}"
        raise Refused(f"{said}。", problems=[Problem("number", said, row.article.number)])
    done = deadline.changes.filter(kind=Kind.EXTEND).count()
    if done >= row.extend_times:
        raise Refused(f"已经延长过 {done} 次，最多延长 {row.extend_times} 次（{row.article}），不能再延长。")


def _since(deadline: Deadline, day: date, at: datetime) -> datetime:
    """The moment the days are counted from: the day's own beginning, unless it is the day already noted."""
    if day > local_day(at):
        wrong = "起算的那一天不能晚于今天"
        raise Refused(f"{wrong}。", problems=[Problem("day", wrong)])
    return deadline.started_at if local_day(deadline.started_at) == day else start_of(day)


def _refuse_own_lateness(case: Case, deadline: Deadline, by: Any, at: datetime) -> None:
    """Whoever let a case lie must not be the one who makes it be in time."""
    if at >= deadline.closes_at and (hand := by.acted_as([case.owner_id])):
        raise Refused(
            f"{case} 的期限 {full_closes(deadline.closes_at)} 已经届满（{deadline.article}），这件由{hand}承办，不能由您自己改晚。请另一位审定人更正。"
        )


def _as_begun(deadline: Deadline, since: datetime) -> Track:
    changes = [*deadline.changes.all(), DeadlineChange(kind=Kind.CORRECT, since=since)]
    return counted_again(deadline, changes, present_calendar())


def _as_named(deadline: Deadline, day: date, at: datetime) -> Track:
    if day < local_day(at):
        wrong = "更正后的最后一天不能早于今天"
        raise Refused(f"{wrong}。", problems=[Problem("day", wrong)])
    track = named(deadline, day, present_calendar())
    if _is_bounded(deadline) and day > deadline.closes_on:
        _refuse_beyond_bounds(deadline, len(track.counted) - len(stored(deadline).counted))
    return track


def _same(one: Track, other: Track) -> bool:
    return (one.closes_at, one.counted) == (other.closes_at, other.counted)


def _write(
    case: Case, deadline: Deadline, kind: str, track: Track, *, reason: str, article: str = "", **told: Any
) -> DeadlineChange:
    change = ledger.write(deadline, kind, track, reason=reason.strip(), article=article.strip(), **told)
    return _tell(case, change)


def _tell(case: Case, change: DeadlineChange) -> DeadlineChange:
    event = events.record(
        f"deadline.{change.kind}",
        f"“{case.stage}”{told_beside_article(change)}",
        at=change.at,
        by=change.by,
        article=change.article or change.deadline.article,
        data={
            "before": change.old_closes_at.isoformat(),
            "after": change.new_closes_at.isoformat(),
            "reason": change.reason,
            "did": did(change),
            "basis": basis(change),
        },
        case=case,
        programme=case.programme,
        organisation=case.organisation,
    )
    letters.tell(case, event)
    return change
