"""The same content shown again after an objection to it was sustained: only where a decider says why it stays as it is."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from accounts import access
from cases import confidential, engine, kinds
from cases.errors import Problem, Refused
from cases.models import Case
from cities.permissions import DECIDE_CASES
from publicity.models import Objection, PublicityItem
from publicity.stage import showing
from publicity.steps.common import tell

# What of the content the public judges; the list around it moves by itself.
SUBSTANCE = ("reason", "corrects", "differences")


def objected_to(cases: Iterable[Case]) -> list[Case]:
    """Those to which an objection was sustained while they were shown; one query."""
    cases = list(cases)
    rows = PublicityItem.objects.filter(case__in=cases).exclude(upheld_at=None)
    found = set(rows.values_list("case_id", flat=True))
    return [case for case in cases if case.pk in found]


def unexplained(case: Case, *, at: datetime) -> PublicityItem | None:
    """What was shown of the case when an objection was sustained, if the same is to be shown again and nobody has said why."""
    last = _last_upheld(case)
    if last is None or last.kept_reason:
        return None
    kind = kinds.of(case)
    [now] = kind.shown([kind.question(case, at=at)])
    is_same = all(last.shown.get(key) == now.get(key) for key in SUBSTANCE)
    return last if is_same else None


def why_not(case: Case, *, at: datetime) -> str:
    """Why it cannot be shown again as it is; empty where it can."""
    last = unexplained(case, at=at)
    if last is None:
        return ""
    return (
        f"公示 {last.period} 的异议{verdict(last)}，这次要公示的内容和那次一样。要改的，先退回审定；"
        "不用改的，由审定人写明为什么不变，再开始公示"
    )


def keep(case: Case, *, reason: str, by: Any, at: datetime) -> None:
    """Say why what was objected to stays as it is. It is shown with the next publicity."""
    with engine.locked(case.pk) as (case, _):
        if not access.may(by, DECIDE_CASES, case.programme):
            raise Refused("内容不变的理由由审定人写明，您没有这个角色。")
        last = None if showing(case) else unexplained(case, at=at)
        if last is None:
            raise Refused(f"{case} 现在不用说明：没有要原样再公示的内容。")
        if not reason.strip():
            raise Refused("写明为什么不变。", problems=[Problem("reason", "写明为什么不变，这会公开")])
        confidential.refuse_telling([case], "reason", reason)
        last.kept_reason, last.kept_at, last.kept_by = reason.strip(), at, by
        last.save()
        tell("publicity.keep", f"异议{verdict(last)}后内容不变：{last.kept_reason}", case, at=at, by=by)


def statement(case: Case) -> dict[str, str]:
    """What the next publicity says of it, to be frozen with what it shows; empty where nothing was said."""
    last = _last_upheld(case)
    if last is None or not last.kept_reason:
        return {}
    return {"reason": last.kept_reason, "period": last.period.number, "verdict": verdict(last)}


def _last_upheld(case: Case) -> PublicityItem | None:
    rows = case.publicity_items.exclude(upheld_at=None).select_related("period")
    return rows.order_by("-upheld_at").first()


def verdict(item: PublicityItem) -> str:
    """成立 or 部分成立."""
    sustained = item.objections.filter(state__in=Objection.SUSTAINED).order_by("-settled_at").first()
    return str((sustained.get_state_display() if sustained else "") or Objection.State.UPHELD.label)
