"""Numbers of what the rules and the working calendar reach."""

from collections import defaultdict
from datetime import date, datetime, timedelta

from cases.deadlines.shifted import shifted
from cases.models import Deadline
from cities.models import CalendarYear, Programme, Rulebook
from records import words
from records.probes import Line, Probe, Reading, State

# The State Council tells the next year's days off in the last quarter.
LAST_QUARTER = 10
SOON = timedelta(days=60)
# Rules that ended longer ago are an archive, not an oversight.
ARCHIVED = timedelta(days=90)


def calendar(at: datetime) -> Reading:
    """How many days ahead are official; years after a gap do not count."""
    known = dict(CalendarYear.objects.values_list("year", "status"))
    year = at.year
    if known.get(year) != CalendarYear.Status.OFFICIAL:
        what = "只有暂定的" if year in known else "没有"
        return Reading(0, f"{year} 年{what}", State.RED, f"今年{what}上班日历，按工作日的期限算不出或不作准")
    last = year
    while known.get(last + 1) == CalendarYear.Status.OFFICIAL:
        last += 1
    until, shown = date(last, 12, 31), f"正式到 {last}年12月31日"
    if provisional := [
        str(one) for one, kind in sorted(known.items()) if kind == "provisional" and one > last
    ]:
        shown += f"，暂定 {'、'.join(provisional)} 年"
    is_short = last == year and at.month >= LAST_QUARTER
    why = f"{year + 1} 年的上班日历还没有载入" if is_short else ""
    days = (until - at.date()).days
    return Reading(days, shown, State.WARN if is_short else State.OK, why)


def rulebooks(at: datetime) -> Reading:
    """What binds, what is to come and what is out for comment, programme by programme."""
    by_programme: dict[int, list[Rulebook]] = defaultdict(list)
    rows = Rulebook.objects.select_related("programme__city")
    for row in rows.order_by("programme__city__name", "programme__name", "version"):
        by_programme[row.programme_id].append(row)
    told = [_programme(versions, at) for versions in by_programme.values()]
    count = sum(row.is_in_force(at) for versions in by_programme.values() for row in versions)
    worst = max((state for state, _, _ in told), default=State.OK, key=list(State).index)
    why = "；".join(why for _, why, _ in told if why)
    return Reading(count, f"施行中 {count} 版", worst, why, tuple(line for _, _, line in told))


def _programme(versions: list[Rulebook], at: datetime) -> tuple[State, str, Line]:
    published = [row for row in versions if row.standing == Rulebook.Standing.PUBLISHED]
    binding = [row for row in published if row.is_in_force(at)]
    ahead = [row for row in published if row.begins > at.date()]
    texts = [row for row in versions if row.standing == Rulebook.Standing.CONSULTATION]
    programme = versions[0].programme
    parts = (("施行中", binding), ("将施行", ahead), ("征求意见稿", texts))
    said = "；".join(f"{label}：{'、'.join(map(_named, rows))}" for label, rows in parts if rows)
    line = Line(f"{programme}　{said or '没有施行的规则'}", programme.pk)
    return *_reach(str(programme), published, binding, ahead, at), line


def _named(row: Rulebook) -> str:
    if row.effective_from is None:
        return f"第 {row.version} 版"
    until = f"，到 {words.full_day(row.effective_to)}" if row.effective_to else ""
    return f"第 {row.version} 版（{words.full_day(row.effective_from)} 起{until}）"


def _reach(
    name: str, published: list[Rulebook], binding: list[Rulebook], ahead: list[Rulebook], at: datetime
) -> tuple[State, str]:
    """Whether rules will bind tomorrow; a programme that never had any is in order."""
    if ahead or not published:
        return State.OK, ""
    if not binding:
        is_archive = at.date() - max(row.effective_to or at.date() for row in published) > ARCHIVED
        return (State.OK, "") if is_archive else (State.RED, f"{name}的规则已到期，没有接续的版本")
    ends = [row.effective_to for row in binding if row.effective_to]
    if ends and min(ends) - at.date() <= SOON:
        return State.WARN, f"{name}的规则 {words.full_day(min(ends))} 到期，没有接续的版本"
    return State.OK, ""


def calendar_shifts(at: datetime) -> Reading:
    """Open deadlines that the calendar, as it stands now, would count otherwise, until somebody has decided."""
    rows = Programme.objects.filter(cases__deadlines__state__in=Deadline.OPEN).distinct().order_by("pk")
    found = [(programme, count) for programme in rows if (count := shifted(programme))]
    count = sum(count for _, count in found)
    lines = tuple(Line(f"{programme}：{count} 个", programme.pk) for programme, count in found)
    state = State.WARN if count else State.OK
    return Reading(count, f"{count} 个", state, "期限按旧的日历算，改不改还没有人定", lines)


PROBES = (
    Probe("calendar", "上班日历到哪一天", calendar, "放假安排公布后用 load_calendar 载入", "days"),
    Probe(
        "calendar_shifts",
        "日历变了、等人定的期限",
        calendar_shifts,
        "请审定人在“上班日历”的日历变化里决定",
        "deadlines",
    ),
    Probe("rulebooks", "各项目的规则", rulebooks, "请规则编辑载入或发布接续的版本"),
)
