"""What a unit may still ask for, before a word is typed."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from changes import offered, queries
from cities import limits
from cities.models import Limit, Procedure
from cities.queries import limits_of
from cities.rulebooks.describe import citation
from providers.models import Registration
from providers.queries import snapshot
from records.words import full_day

ORDERED = (
    ("changes_per_window", "也占申请次数", "不占申请次数"),
    ("change_interval", "也看间隔", "不看间隔"),
)
# One application of a kind is decided at a time.
AFTER_THIS_ONE = "这一件办结以后"


@dataclass(frozen=True)
class Allowance:
    """One line: what is left, why, and the article."""

    title: str
    left: str
    note: str
    article: str
    article_url: str
    used: int = 0
    total: int = 0
    is_used_up: bool = False


def allowances(registration: Registration, procedure: Procedure, at: datetime) -> list[Allowance]:
    """How many applications are left, when the next may come, and how many partners there are now."""
    rows = limits_of(procedure, at)
    today = timezone.localtime(at).date()
    found: list[Allowance] = []
    if limit := rows.get("changes_per_window"):
        found += [
            _applications(registration, procedure, limit, subject, today)
            for subject in _apart(procedure, limit)
        ]
    if limit := rows.get("change_interval"):
        not_before = (
            _again(today, rows["changes_per_window"]) if any(one.is_used_up for one in found) else None
        )
        found += [
            _next(registration, procedure, limit, subject, today, not_before)
            for subject in _apart(procedure, limit)
        ]
    if limit := rows.get("partners_per_registration"):
        found.append(_partners(registration, limit, at))
    return found


def of_ordered(procedure: Procedure, at: datetime) -> list[str]:
    """What the rows say of a change that was ordered, as parts of a sentence."""
    rows, words = limits_of(procedure, at), []
    for measure, counted, not_counted in ORDERED:
        if limit := rows.get(measure):
            words.append(f"{counted if limit.counts_ordered else not_counted}（{limit.article}）")
    return words


def _apart(procedure: Procedure, limit: Limit) -> list[str]:
    return [""] if limit.joint else offered.subjects(procedure)


def _applications(
    registration: Registration, procedure: Procedure, limit: Limit, subject: str, today: date
) -> Allowance:
    start, end = queries.window_start(limit, today), queries.window_end(limit, today)
    filed = queries.touching(queries.earlier(registration, procedure.key, limit, but=None), subject)
    used = sum(start <= one.on <= end for one in filed)
    left = sum(
        limits.holds(limit.comparator, used + more, limit.number) for more in range(1, limit.number + 1)
    )
    until = f"{full_day(_again(today, limit))} 起重新计" if limit.window == Limit.Window.CALENDAR_YEAR else ""
    counted = "、".join(
        word
        for word, counts in (("未通过", limit.counts_refused), ("撤回", limit.counts_withdrawn))
        if counts
    )
    note = f"{limits.wording(limit)}，已用 {used} 次。" + (f"{counted}的也计。" if counted else "") + until
    return Allowance(
        f"申请变更{offered.counted_apart(subject, procedure)}",
        f"还可 {left} 次",
        note,
        *citation(limit),
        used=used,
        total=limit.number,
        is_used_up=left == 0 and limit.strictness == Limit.Strictness.HARD,
    )


def _again(today: date, limit: Limit) -> date:
    """When a yearly allowance begins anew; of another window nobody can say beforehand."""
    return date(today.year + 1, 1, 1) if limit.window == Limit.Window.CALENDAR_YEAR else today


def _next(
    registration: Registration,
    procedure: Procedure,
    limit: Limit,
    subject: str,
    today: date,
    not_before: date | None,
) -> Allowance:
    filed = queries.touching(queries.earlier(registration, procedure.key, limit, but=None), subject)
    title = f"下一次申请{offered.counted_apart(subject, procedure)}"
    apart = queries.earliest_next(limit, filed[-1].on) if filed else today
    earliest = max(apart, not_before or today)
    when = "现在就可以" if earliest <= today else f"{full_day(earliest)} 起"
    if queries.going(registration, procedure).exists():
        if limit.measured_from != Limit.MeasuredFrom.SUBMISSION:
            return Allowance(title, AFTER_THIS_ONE, _not_yet_dated(limit), *citation(limit))
        when = AFTER_THIS_ONE if earliest <= today else when
    if not filed:
        return Allowance(title, when, f"{limits.wording(limit)}；此前没有变更过", *citation(limit))
    measured = limit.get_measured_from_display()
    note = f"两次间隔{limits.wording(limit)}，自 {full_day(filed[-1].on)} {measured}起算"
    if limit.strictness == Limit.Strictness.IN_PRINCIPLE:
        note += _sooner(today, apart, not_before)
    return Allowance(title, when, note, *citation(limit))


def _sooner(today: date, apart: date, not_before: date | None) -> str:
    """That a gap in principle may be cut short, and from when on where the number is used up until a known day."""
    if not_before is None:
        return "；在此之前申请，写明理由，由审定人决定" if apart > today else ""
    if not today < not_before < apart:
        return ""
    return f"；次数 {full_day(not_before)} 起重新计，从那天起、满间隔以前申请，写明理由，由审定人决定"


def _not_yet_dated(limit: Limit) -> str:
    """Where the gap is measured from what is still to come, nobody can name the day yet."""
    note = f"两次间隔{limits.wording(limit)}"
    return f"{note}，自这一次{limit.get_measured_from_display()}起算，日期到那时才定"


def _partners(registration: Registration, limit: Limit, at: datetime) -> Allowance:
    now = len({partner["code"] for partner in snapshot(registration, at)["partners"]})
    return Allowance(
        registration.programme.partner_term, f"现在 {now} 家", limits.wording(limit), *citation(limit)
    )
