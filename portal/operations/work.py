"""Numbers of cases: what is due, overdue, stuck, or was to be published and was not."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, Q

from cases import sweep
from cases.models import Case, Deadline, DeadlineChange
from cities import keys
from cities.models import OfficeDecision
from records import words
from records.models import Event
from records.personal import masked
from records.probes import Line, Probe, Reading, State

# What a page can hold of a long list.
MOST_LINES = 20
LONGEST_WAIT_DAYS = 7
LONGEST_HOLD_DAYS = 30


def due(at: datetime) -> Reading:
    count = sweep.due(at).count()
    return Reading(count, f"{count} 件")


def overdue(at: datetime) -> Reading:
    """Deadlines that have passed, by whose turn it is; what only waits for the sweep is another number."""
    late = Deadline.objects.filter(
        state=Deadline.State.RUNNING, closes_at__lte=at, case__status=Case.Status.OPEN
    ).exclude(case__waiting_for="system")
    by_actor = dict(late.order_by().values_list("case__waiting_for").annotate(Count("pk")))
    count = sum(by_actor.values())
    office = count - by_actor.get("provider", 0)
    lines = tuple(Line(f"等{keys.ACTORS.get(actor, actor)}：{n} 件") for actor, n in sorted(by_actor.items()))
    if office:
        return Reading(count, f"{count} 件", State.RED, f"{office} 件在工作人员手里逾期", lines)
    state = State.WARN if count else State.OK
    return Reading(count, f"{count} 件", state, "单位没有按期补正" if count else "", lines)


def held(at: datetime) -> Reading:
    """Deadlines that stand still, longest first: no date of theirs ever comes by itself."""
    is_hold = Q(changes__kind=DeadlineChange.Kind.HOLD)
    rows = Deadline.objects.filter(state=Deadline.State.HELD, case__status=Case.Status.OPEN)
    since = rows.annotate(since=Max("changes__at", filter=is_hold)).order_by("since", "pk")
    count, shown = rows.count(), list(since.select_related("case")[:MOST_LINES])
    is_long = bool(shown and shown[0].since and (at - shown[0].since).days >= LONGEST_HOLD_DAYS)
    why = f"最早的已暂停 {words.lasting(at - shown[0].since)}" if is_long else ""
    lines = tuple(Line(_held(row.case, row.since, at), row.case.programme_id) for row in shown)
    return Reading(
        count, f"{count} 个", State.WARN if is_long else State.OK, why, lines + _more(count, lines)
    )


def _held(case: Case, since: datetime | None, at: datetime) -> str:
    told = f"，{words.full_moment(since)} 暂停（{words.lasting(at - since)}）" if since else ""
    return f"{case}{told}"


def stuck(at: datetime) -> Reading:
    rows = Case.objects.filter(set_aside_at__isnull=False, wake_at__isnull=False)
    count, shown = rows.count(), rows.order_by("set_aside_at", "number")[:MOST_LINES]
    lines = tuple(Line(_stuck(case, at), case.programme_id) for case in shown)
    return _bad(count, "自动办理出错，系统已搁置", lines)


def _stuck(case: Case, at: datetime) -> str:
    """By its number. Behind the first line of a reason a database quotes rows, and rows may hold anything."""
    assert case.set_aside_at is not None
    reason = masked(case.set_aside_reason.partition("\n")[0])
    lasts = words.lasting(at - case.set_aside_at)
    return f"{case}，{words.full_moment(case.set_aside_at)} 搁置（{lasts}）：{reason}"


def failed_publications(at: datetime) -> Reading:
    """Cases that came back from publication to a desk and are there still."""
    came = Event.objects.filter(
        case=OuterRef("pk"), at=OuterRef("stage_since"), verb__startswith="publication."
    )
    rows = Case.objects.filter(Exists(came), status=Case.Status.OPEN).exclude(stage__kind="publication")
    count, shown = rows.count(), rows.order_by("stage_since", "number")[:MOST_LINES]
    lines = tuple(Line(_since(case, case.stage_since), case.programme_id) for case in shown)
    return _bad(count, "公示已结束，名单没有发布，已退回审定", lines)


def _since(case: Case, moment: datetime | None) -> str:
    return f"{case}，{words.full_moment(moment)} 退回" if moment else str(case)


def decisions_waiting(at: datetime) -> Reading:
    rows = OfficeDecision.objects.filter(settled_at=None).order_by("programme__city__name", "programme__name")
    found = list(
        rows.values_list("programme", "programme__city__name", "programme__name").annotate(
            Count("pk"), Min("proposed_at")
        )
    )
    count = sum(one[3] for one in found)
    oldest = max((at - one[4] for one in found), default=None)
    is_old = oldest is not None and oldest.days >= LONGEST_WAIT_DAYS
    why = f"最早的已等 {words.lasting(oldest)}" if is_old and oldest else ""
    return Reading(count, f"{count} 项", State.WARN if is_old else State.OK, why, _of_programmes(found))


def _of_programmes(found: list[Any]) -> tuple[Line, ...]:
    return tuple(Line(f"{city} · {name}：{count} 项", pk) for pk, city, name, count, _ in found)


def _bad(count: int, why: str, lines: tuple[Line, ...]) -> Reading:
    """A number that is in order only at nought."""
    if not count:
        return Reading(0, "0 件")
    return Reading(count, f"{count} 件", State.RED, why, lines + _more(count, lines))


def _more(count: int, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    return (Line(f"还有 {count - len(lines)} 件没有列出"),) if count > len(lines) else ()


PROBES = (
    Probe("due", "到时待系统办理", due, unit="cases"),
    Probe(
        "overdue",
        "逾期的期限",
        overdue,
        "请承办人先办；遇到灾害、系统故障这类情形按条文暂停或延期",
        "deadlines",
    ),
    Probe("held", "暂停的期限", held, "请审定人看暂停的原因还在不在，该恢复的恢复", "deadlines"),
    Probe("stuck", "被搁置的事项", stuck, "按原因改正，再在后台事项页按“重新办理”", "cases"),
    Probe(
        "failed_publications",
        "没有发布成的名单",
        failed_publications,
        "请审定人看查验结果，改由别的办法办结或重新提交",
        "cases",
    ),
    Probe(
        "decisions_waiting", "等另一人确认的决定", decisions_waiting, "请另一人在“未写明的事项”里确认或退回"
    ),
)
