"""Copies of identity cards that came with objections go when the office has set, as the case's own sensitive files do."""

from datetime import datetime, timedelta

from cases import engine, retention
from cases.models import Case
from cities.decisions import retention as decided
from cities.models import OfficeDecision
from publicity import aftermath
from publicity.models import Objection, ObjectionFile
from publicity.steps.common import tell
from records import files
from records.words import local_day


def still_needed(case: Case) -> bool:
    """While an objection is open, or was sustained and its correction is still to come."""
    found = Objection.objects.filter(item__case=case).select_related("edition")
    return any(one.is_open or _awaits_correction(one) for one in found)


def _awaits_correction(objection: Objection) -> bool:
    after = aftermath.of(objection)
    return after is not None and not after.is_over


def remove_due(at: datetime) -> int:
    """A chore of the sweep; says how many were removed."""
    count = 0
    for programme, decision in decided.binding(at).items():
        rows = ObjectionFile.objects.filter(stored__sensitive=True, stored__removed_at=None)
        rows = rows.filter(
            objection__item__case__programme=programme,
            objection__item__case__status=Case.Status.CLOSED,
        )
        for paper in rows.select_related("objection__item", "stored").order_by("pk"):
            count += _remove(paper, decision, at)
    return count


def _remove(paper: ObjectionFile, decision: OfficeDecision, at: datetime) -> bool:
    objection = paper.objection
    with engine.locked(objection.item.case_id) as (case, _):
        paper.stored.refresh_from_db()
        if paper.stored.removed_at or not retention.is_over(case, decision, at):
            return False
        settled = objection.settled_at
        if settled and local_day(at) <= local_day(settled) + timedelta(days=decided.days(decision)):
            return False
        under = decided.sentence(decision)
        files.remove(paper.stored, at=at, under=under)
        data = {"objection": str(objection.pk), "sha256": paper.stored.sha256, "decision": decision.pk}
        said = f"按规定删除异议 {objection} 的{paper.get_kind_display()}：{under}"
        tell("objection.remove", said, case, at=at, by=None, data=data)
        return True
