"""What a deadline, a counted day or a list of findings looks like on a page: plain values for the templates, no markup."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from records import words

WORST_FIRST = ("fail", "ask", "hand", "pass", "na")
VERDICTS = {"fail": "不符合", "ask": "需说明", "hand": "由人核对", "pass": "符合", "na": "不适用"}
STAGE_WORDS = {"done": "已完成", "now": "当前环节", "held": "已暂停", "fail": "未通过"}
MARK_WORDS = {"休": "休息日", "班": "调休上班", "节": "节假日"}
# The calendar says so of days onto or from which an end was moved: that is their place in the span.
MOVED = ("顺延", "提前")


@dataclass(frozen=True)
class Progress:
    """How much of a span has passed; `words` is what a reader who cannot see the bar is told."""

    passed: int
    total: int
    words: str


@dataclass(frozen=True)
class DueFace:
    css: str
    label: str
    progress: Progress | None


def due(deadline: Any, now: datetime) -> DueFace:
    """`deadline` has state, certainty, opens_on, closes_at, done_at, number, unit and counted (the days, one dict each), and may
    have is_awaited."""
    state = deadline.state
    if state == "void":
        return DueFace("is-held", "不再计时", None)
    if state == "held":
        return DueFace("is-held", attribute(deadline, "held_words") or "暂停", None)
    if deadline.closes_at is None:
        return DueFace("is-tentative", "日期未定", None)
    if deadline.done_at is not None:
        return _due_done(deadline, words.local_day(now))
    return _due_open(deadline, now)


def _due_done(deadline: Any, today: date) -> DueFace:
    done = words.local_day(deadline.done_at)
    label = f"{words.day(done, today)} 办结"
    if deadline.state == "missed":
        return DueFace("is-over", label, progress(deadline, done, full=True))
    return DueFace("is-met", label, progress(deadline, done))


def _due_open(deadline: Any, now: datetime) -> DueFace:
    today = words.local_day(now)
    left = words.days_left(deadline.closes_at, now)
    if now >= deadline.closes_at and attribute(deadline, "is_awaited", False):
        return DueFace("", "已期满", progress(deadline, today, full=True))
    if now >= deadline.closes_at:
        return DueFace("is-over", left, progress(deadline, today, full=True))
    if deadline.certainty == "provisional":
        return DueFace("is-tentative", "暂定", progress(deadline, today))
    css = "is-today" if words.last_day(deadline.closes_at) == today else ""
    return DueFace(css, left, progress(deadline, today))


def progress(deadline: Any, until: date, *, full: bool = False) -> Progress | None:
    """None where the span was not counted day by day."""
    counted = [row for row in deadline.counted or () if attribute(row, "ordinal")]
    if not counted:
        return None
    total = len(counted)
    passed = total if full else sum(as_date(attribute(row, "date")) <= until for row in counted)
    span = words.count(total, deadline.unit)
    if full:
        return Progress(passed, total, f"{span}已满")
    if not passed:
        return Progress(0, total, f"共 {span}，未开始")
    return Progress(passed, total, f"共 {span}，第 {words.place(passed, deadline.unit)}")


@dataclass(frozen=True)
class DayFace:
    date: date
    css: str
    mark: str
    mark_words: str
    place: str
    note: str
    is_today: bool


def day_strip(
    days: Iterable[Any], today: date | None, unit: str, closes_at: datetime | None
) -> list[DayFace]:
    """A span day by day; the days as the calendar counted them, or as dicts of the same names."""
    return [_day_face(row, today, unit, closes_at) for row in days]


def _day_face(row: Any, today: date | None, unit: str, closes_at: datetime | None) -> DayFace:
    day, ordinal = as_date(attribute(row, "date")), attribute(row, "ordinal")
    last = bool(attribute(row, "last")) or (closes_at is not None and day == words.last_day(closes_at))
    place = _place(ordinal, attribute(row, "note"), last, unit)
    css = ["is-last" if last else "" if ordinal else "is-out", "is-today" if day == today else ""]
    mark = attribute(row, "mark")
    return DayFace(
        date=day,
        css=" ".join(name for name in css if name),
        mark=mark,
        mark_words=MARK_WORDS.get(mark, ""),
        place=place,
        note=_small_print(row, place, last, closes_at),
        is_today=day == today,
    )


def _place(ordinal: int | None, note: str, last: bool, unit: str) -> str:
    if ordinal:
        return f"第 {words.place(ordinal, unit)}"
    if last:
        return "截止"
    return note if note in MOVED else "不计"


def _small_print(row: Any, place: str, last: bool, closes_at: datetime | None) -> str:
    note, name = attribute(row, "note"), attribute(row, "name")
    parts = [] if note == place else [note]
    if name not in note:
        parts.insert(0, name)
    if last:
        parts.append(f"{words.closing_hour(closes_at) if closes_at else '24:00'} 截止")
    return "，".join(part for part in parts if part)


@dataclass(frozen=True)
class Filled:
    """Labels with their values, and the labels that have none: said once, not each by itself."""

    known: list[tuple[str, str]]
    unset: list[str]


def filled(fields: Iterable[tuple[str, str]]) -> Filled:
    fields = list(fields)
    return Filled([one for one in fields if one[1]], [label for label, value in fields if not value])


def worst_first(findings: Iterable[Any]) -> list[Any]:
    """Within one verdict the order of the checks stays."""
    return sorted(findings, key=lambda finding: WORST_FIRST.index(attribute(finding, "state")))


def tally(findings: Iterable[Any]) -> str:
    """8 项：1 项需说明，1 项由人核对，6 项符合."""
    states = [attribute(finding, "state") for finding in findings]
    parts = [f"{states.count(state)} 项{VERDICTS[state]}" for state in WORST_FIRST if state in states]
    return f"{len(states)} 项：{'，'.join(parts)}" if states else ""


def attribute(item: Any, name: str, default: Any = "") -> Any:
    """Findings and rows come as objects or as the dicts they were frozen into."""
    return item.get(name, default) if isinstance(item, Mapping) else getattr(item, name, default)


def as_date(value: date | str) -> date:
    """Counted days are kept as JSON: there a day is text."""
    return date.fromisoformat(value) if isinstance(value, str) else words.local_day(value)
