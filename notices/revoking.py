"""A decision found wrong, told in a document of its own."""

from collections.abc import Callable, Sequence
from datetime import datetime

from cases.models import Case
from cities.calendar.dates import local_day
from notices import kinds, measures, templates
from notices.asking import Wanted
from notices.facts import addressed
from notices.models import Notice, NoticeLink

UNIT = "你单位"


def wanted(
    case: Case,
    wrong: Sequence[Notice],
    *,
    reason: str,
    restores: Callable[[str], str],
    after: str = "",
    at: datetime,
) -> list[Wanted]:
    """What revokes these documents: those that everybody was told of in one for everybody, the others in one to whom they went.
    Nothing of those that the programme has no wording for. `restores` says of a unit, as it is called there, what becomes of it."""
    found = []
    for is_public in (True, False):
        rows = [one for one in wrong if one.is_public is is_public]
        kind = measures.CORRECTIVE if is_public else kinds.key_to_unit(measures.CORRECTIVE)
        if rows and templates.in_force(case.programme, kind):
            found.append(_wanted(case, kind, rows, reason=reason, restores=restores, after=after, at=at))
    return found


def _wanted(
    case: Case,
    kind: str,
    wrong: Sequence[Notice],
    *,
    reason: str,
    restores: Callable[[str], str],
    after: str,
    at: datetime,
) -> Wanted:
    to, unit = addressed(wrong), case.organisation.name
    said = measures.says(
        measures.Measure(decided_on=local_day(at)),
        撤销理由=reason,
        恢复=restores(UNIT if to == unit else unit),
        后续=after,
        原主送=to,
    )
    return Wanted(kind, [case], said, is_public=False, earlier={NoticeLink.Does.REVOKES: wrong})


def revoked_by(wanted: Sequence[Wanted]) -> list[Notice]:
    return [one for each in wanted for rows in each.earlier.values() for one in rows]
