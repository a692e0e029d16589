"""What was done to a deadline, in sentences: for the ledger, the events and the unit's page. The reason is a person's own."""

from dataclasses import dataclass

from cases.deadlines.ledger import is_told
from cases.models import Deadline, DeadlineChange
from records.events import SYSTEM
from records.words import count, full_closes, full_day

Kind = DeadlineChange.Kind
OWN_BASIS = "由主管部门决定"


def told(change: DeadlineChange) -> str:
    """What it did to the days, why, and on what basis."""
    return f"{did(change)}：{_reason(change)}（{basis(change)}）"


def told_beside_article(change: DeadlineChange) -> str:
    """The same where a page cites the article beside it."""
    own = "" if change.article else f"（{OWN_BASIS}）"
    return f"{did(change)}：{_reason(change)}{own}"


def _reason(change: DeadlineChange) -> str:
    """Inside a sentence: the stop that somebody typed would stand before the bracket and again at its end."""
    return change.reason.rstrip("。.；; ")


def basis(change: DeadlineChange) -> str:
    return change.article or OWN_BASIS


def left(change: DeadlineChange) -> str:
    """What remained when it was held, in its own unit; parts of months are days."""
    unit = "calendar" if change.unit in ("month", "thirty") else change.unit
    return count(change.remains, unit) if change.remains else ""


def did(change: DeadlineChange) -> str:
    old, new = full_closes(change.old_closes_at), full_closes(change.new_closes_at)
    if change.kind in (Kind.HOLD, Kind.RESUME) and is_told(change.deadline):
        what = "暂缓发布" if change.kind == Kind.HOLD else "不再暂缓发布"
        return f"公示期不变，{new} 截止；自 {full_day(change.at)} 起{what}"
    if change.kind == Kind.HOLD:
        return f"期限自 {full_day(change.at)} 起暂停，连同当日还剩 {left(change)}"
    if change.kind == Kind.LEAVE:
        return f"期限维持 {old}，不改为 {new}"
    if change.kind == Kind.RESUME:
        resumed = f"期限自 {full_day(change.at)} 起恢复"
        return f"{resumed}，仍为 {new}" if old == new else f"{resumed}，由 {old} 改为 {new}"
    what = {Kind.EXTEND: "延长", Kind.CORRECT: "更正", Kind.CALENDAR: "按现在的上班日历重算"}[
        Kind(change.kind)
    ]
    by = f" {count(change.number, change.unit)}" if change.number else ""
    late = "（当时已经届满）" if change.kind == Kind.CORRECT and change.at >= change.old_closes_at else ""
    return f"期限{what}{by}{late}，由 {old} 改为 {new}"


@dataclass(frozen=True)
class Line:
    """One entry of the ledger as the case page shows it."""

    change: DeadlineChange
    words: str
    by: str
    basis: str
    shows_days: bool


def lines(deadline: Deadline | None) -> list[Line]:
    """The ledger of a deadline, the last first."""
    if deadline is None:
        return []
    changes = deadline.changes.select_related("by").order_by("-pk")
    return [_line(change) for change in changes]


def _line(change: DeadlineChange) -> Line:
    return Line(
        change,
        f"{did(change)}",
        change.by.display_name if change.by else SYSTEM,
        basis(change),
        change.old_counted != change.new_counted,
    )


def sentences(deadline: Deadline | None) -> list[str]:
    """What the unit is to know of its span: every change of its end with both ends, and since when and why it is held."""
    if deadline is None:
        return []
    changes = [one for one in deadline.changes.all() if one.kind != Kind.LEAVE]
    is_held = deadline.state == Deadline.State.HELD
    holding = next((one for one in reversed(changes) if one.kind == Kind.HOLD), None) if is_held else None
    shown = [one for one in changes if one is holding or one.old_closes_at != one.new_closes_at]
    return [f"{told(one)}。" for one in shown]
