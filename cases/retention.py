"""Sensitive files go on the day that the office has set, so long after their case is closed; what has not been set keeps them."""

from collections.abc import Callable
from datetime import datetime, timedelta

from cases import engine
from cases.models import Case, Material
from cases.queries import material_label
from cities.decisions import retention
from cities.models import OfficeDecision
from records import events, files
from records.words import local_day

# Apps above say of a case that something is still to be settled for which its files may be needed.
Needed = Callable[[Case], bool]
_needed: list[Needed] = []


def register(needed: Needed) -> None:
    _needed.append(needed)


def is_over(case: Case, decision: OfficeDecision, at: datetime) -> bool:
    """Whether the days after its closing have passed, with nothing left that its files are needed for."""
    if case.status != Case.Status.CLOSED or case.closed_at is None:
        return False
    last = local_day(case.closed_at) + timedelta(days=retention.days(decision))
    return local_day(at) > last and not any(needed(case) for needed in _needed)


def remove_due(at: datetime) -> int:
    """A chore of the sweep; says how many were removed. Nothing is asked while no office has set anything."""
    count = 0
    for programme, decision in retention.binding(at).items():
        rows = Material.objects.filter(
            file__sensitive=True,
            file__removed_at=None,
            case__programme=programme,
            case__status=Case.Status.CLOSED,
        )
        for case_id in list(rows.order_by("case").values_list("case", flat=True).distinct()):
            count += _remove(case_id, decision, at)
    return count


def _remove(case_id: object, decision: OfficeDecision, at: datetime) -> int:
    with engine.locked(case_id) as (case, _):  # type: ignore[arg-type]
        if not is_over(case, decision, at):
            return 0
        rows = case.materials.filter(file__sensitive=True, file__removed_at=None).select_related("file")
        found = list(rows)
        for material in found:
            _remove_one(case, material, decision, at)
        return len(found)


def _remove_one(case: Case, material: Material, decision: OfficeDecision, at: datetime) -> None:
    under = retention.sentence(decision)
    files.remove(material.file, at=at, under=under)
    events.record(
        "material.remove",
        f"按规定删除材料“{material_label(case, material)}”：{under}",
        at=at,
        by=None,
        article=decision.article,
        data={"material": material.pk, "sha256": material.file.sha256, "decision": decision.pk},
        case=case,
        programme=case.programme,
        organisation=case.organisation,
    )
