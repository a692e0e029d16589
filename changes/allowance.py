"""What a unit may still ask for, before a word is typed."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from changes import queries
from cities import limits
from cities.models import Limit, Procedure
from cities.queries import limits_of
from cities.rulebooks.describe import citation
from providers.models import Registration
from providers.queries import snapshot
from records.words import full_day


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


def allowances(registration: Registration, procedure: Procedure, at: datetime) -> list[Allowance]:
    """How many applications are left, when the next may come, and how many partners there are now."""
    rows = limits_of(procedure)
    today = timezone.localtime(at).date()
    found = []
    if limit := rows.get("changes_per_window"):
        found.append(_applications(registration, procedure, limit, today))
    if limit := rows.get("change_interval"):
        found.append(_next(registration, procedure, limit, today))
    if limit := rows.get("partners_per_registration"):
        found.append(_partners(registration, limit, at))
    return found


def _applications(registration: Registration, procedure: Procedure, limit: Limit, today: date) -> Allowance:
    start, end = queries.window_start(limit, today), queries.window_end(limit, today)
    filed = queries.earlier(registration, procedure.key, limit, but=None)
    used = sum(start <= one.on <= end for one in filed)
    left = max(limit.number - used, 0)
    until = f"{end.year + 1}年1月1日 起重新计" if limit.window == Limit.Window.CALENDAR_YEAR else ""
    counted = "、".join(
        word
        for word, counts in (("未通过", limit.counts_refused), ("撤回", limit.counts_withdrawn))
        if counts
    )
    note = f"{limits.wording(limit)}，已用 {used} 次。" + (f"{counted}的也计。" if counted else "") + until
    return Allowance("申请变更", f"还可 {left} 次", note, *citation(limit), used=used, total=limit.number)


def _next(registration: Registration, procedure: Procedure, limit: Limit, today: date) -> Allowance:
    filed = queries.earlier(registration, procedure.key, limit, but=None)
    if not filed:
        return Allowance(
            "下一次申请", "现在就可以", f"{limits.wording(limit)}；此前没有变更过", *citation(limit)
        )
    earliest = queries.earliest_next(limit, filed[-1].on)
    when = "现在就可以" if earliest <= today else f"{full_day(earliest)} 起"
    note = f"两次间隔{limits.wording(limit)}，自 {full_day(filed[-1].on)} {limit.get_measured_from_display()}起算"
    if earliest > today and limit.strictness == Limit.Strictness.IN_PRINCIPLE:
        note += "；在此之前申请，写明理由，由审定人决定"
    return Allowance("下一次申请", when, note, *citation(limit))


def _partners(registration: Registration, limit: Limit, at: datetime) -> Allowance:
    now = len({partner["code"] for partner in snapshot(registration, at)["partners"]})
    return Allowance("合作伙伴", f"现在 {now} 家", limits.wording(limit), *citation(limit))
