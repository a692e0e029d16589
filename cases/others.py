"""What the page of a case says of whatever else is open of its unit: whoever decides one knows of the others."""

from dataclasses import dataclass
from typing import Any

from accounts import access
from cases import grounds, worklist
from cases.models import Case, GroundFound
from cities.permissions import VIEW_CASES


@dataclass(frozen=True)
class Others:
    cases: list[Case]
    grounds: list[GroundFound]


def of(case: Case, user: Any) -> Others | None:
    """Of all lists, as far as the reader sees their cases and grounds; None where there is nothing. A fixed number of queries."""
    found = Others(_cases(case, user), _grounds(case, user))
    return found if found.cases or found.grounds else None


def _cases(case: Case, user: Any) -> list[Case]:
    rows = worklist.open_cases(worklist.desk_of(user)).filter(organisation=case.organisation_id)
    rows = rows.exclude(pk=case.pk).select_related("programme__city", "procedure", "stage")
    return list(rows.defer("submission").order_by("created_at", "pk"))


def _grounds(case: Case, user: Any) -> list[GroundFound]:
    """Those that no case has taken up."""
    waiting = grounds.of_programmes(access.programmes_for(user, VIEW_CASES)).filter(state=grounds.State.OPEN)
    return list(grounds.in_order(waiting.filter(registration__organisation=case.organisation_id)))
