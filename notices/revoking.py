"""A decision found wrong, told in a document of its own."""

from collections.abc import Sequence
from datetime import datetime

from cases.models import Case
from cities.calendar.dates import local_day
from notices import measures, templates
from notices.asking import Wanted
from notices.models import Notice, NoticeLink


def wanted(
    case: Case, wrong: Sequence[Notice], *, reason: str, restores: str, after: str = "", at: datetime
) -> Wanted | None:
    """What revokes these documents; None where there is none, or the programme has no wording for it."""
    if not wrong or not templates.in_force(case.programme, measures.CORRECTIVE):
        return None
    said = measures.says(
        measures.Measure(decided_on=local_day(at)), 撤销理由=reason, 恢复=restores, 后续=after
    )
    return Wanted(
        measures.CORRECTIVE, [case], said, is_public=False, earlier={NoticeLink.Does.REVOKES: wrong}
    )
