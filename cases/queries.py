"""Reads of cases."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from cases.errors import Problem
from cases.models import Case, Material
from cities.models import RequiredMaterial, Stage


def required_materials(case: Case) -> list[RequiredMaterial]:
    return list(case.procedure.materials.select_related("article"))


def current_materials(case: Case) -> dict[str, Material]:
    current = case.materials.filter(replaced_at=None).select_related("file", "opened_by", "seal_checked_by")
    return {material.key: material for material in current}


def last_hand(case: Case, stage: Stage | None) -> Any:
    """Who last decided the case at a desk, to have it back if it comes back; None where nobody has."""
    last = case.decisions.filter(stage=stage).select_related("by").first()
    return last.by if last else None


def materials_problems(case: Case, *, at: datetime) -> list[Problem]:
    """Which required materials are not there; of an either/or group one is enough."""
    have = set(current_materials(case))
    rows = [row for row in required_materials(case) if row.need == RequiredMaterial.Need.ALWAYS]
    return [
        Problem(
            f"material-{row.key}", f"上传{row.label}{'（盖章）' if row.sealed else ''}", row.article.number
        )
        for row in rows
        if not _is_there(row, rows, have)
    ]


def _is_there(row: RequiredMaterial, rows: Iterable[RequiredMaterial], have: set[str]) -> bool:
    group = {other.key for other in rows if row.either_or and other.either_or == row.either_or}
    return bool(have & (group | {row.key}))


def unverified_seals(case: Case) -> list[tuple[str, str]]:
    """Label and article of the sealed materials whose seal nobody has looked at."""
    have = current_materials(case)
    return [
        (row.label, row.article.number)
        for row in required_materials(case)
        if row.sealed and row.key in have and have[row.key].seal_checked_at is None
    ]
