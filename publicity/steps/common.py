"""What every step of a publicity asks and tells."""

from datetime import datetime
from typing import Any

from accounts import access
from cases import letters
from cases.errors import Refused
from cases.models import Case
from cities.models import Stage
from cities.permissions import HANDLE_CASES
from records import events


def publicity_stage(case: Case, by: Any) -> Stage:
    if case.status != Case.Status.OPEN or case.stage is None or case.stage.kind != "publicity":
        raise Refused(f"{case} 现在不在公示环节（{case.stage or case.get_status_display()}）。")
    refuse_stranger(case, by)
    return case.stage


def refuse_stranger(case: Case, by: Any) -> None:
    if not access.may(by, HANDLE_CASES, case.programme):
        raise Refused("公示由经办人办理，您没有这个角色。")


def tell(
    verb: str,
    summary: str,
    case: Case,
    *,
    at: datetime,
    by: Any,
    name: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    article = case.stage.article.number if case.stage else ""
    event = events.record(
        verb,
        summary,
        at=at,
        by=by,
        actor_name="" if by else name,
        article=article,
        data=data,
        case=case,
        programme=case.programme,
        organisation=case.organisation,
    )
    letters.tell(case, event)
