"""Documents filed against what a case asks for, and their seals."""

from datetime import datetime
from typing import Any

from cases import engine
from cases.errors import Refused
from cases.models import Case, Material
from cases.queries import (
    material_label,
    required_materials,
)
from cases.steps.deciding import desk_of
from cases.steps.filing import refuse_ended
from records import events


def add_material(case: Case, key: str, stored: Any, *, by: Any, at: datetime, subject: str = "") -> Material:
    """File a document against a required material, of a subject where there is one of each; the one before stays on record."""
    with engine.locked(case.pk) as (case, _):
        if not case.is_editable:
            raise Refused(f"{case} 已经提交，材料不能更换。要更换，联系工作人员退回补正。")
        refuse_ended(case)
        if (key, subject) not in {(one.row.key, one.subject) for one in required_materials(case)}:
            raise Refused(
                "这份材料现在不用交，没有收下：它所属的企业或这项要求已不在这件里。刷新页面看要交什么。"
            )
        case.materials.filter(key=key, subject=subject, replaced_at=None).update(replaced_at=at)
        return Material.objects.create(
            case=case, key=key, subject=subject, file=stored, added_at=at, added_by=by
        )


def verify_seal(material: Material, *, by: Any, at: datetime) -> None:
    """A person at the desk has looked at the document and found its seal in order."""
    with engine.locked(material.case_id) as (case, _):
        desk_of(case, by)
        if material.seal_checked_at is not None:
            return
        material.seal_checked_at, material.seal_checked_by = at, by
        material.save()
        events.record(
            "material.seal",
            f"核对“{material_label(case, material)}”的盖章",
            at=at,
            by=by,
            data={"material": material.pk},
            case=case,
            programme=case.programme,
            organisation=case.organisation,
        )
