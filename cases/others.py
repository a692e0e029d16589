"""What the page of a case says of whatever else is open of its unit: whoever decides one knows of the others."""

from datetime import datetime
from typing import Any

from accounts import access
from cases import grounds, worklist
from cases.models import Case, GroundFound
from cities.permissions import VIEW_CASES


class OthersNote:
    """Of all lists, as far as the reader sees their cases and grounds; a fixed number of queries."""

    template = "admin/cases/desk/others.html"

    def context(self, case: Case, user: Any, at: datetime) -> dict[str, Any]:
        cases, found = _cases(case, user), _grounds(case, user)
        return {"cases": cases, "grounds": found} if cases or found else {}


def _cases(case: Case, user: Any) -> list[Case]:
    rows = worklist.open_cases(worklist.desk_of(user)).filter(organisation=case.organisation_id)
    rows = rows.exclude(pk=case.pk).select_related("programme__city", "procedure", "stage")
    return list(rows.defer("submission").order_by("created_at", "pk"))


def _grounds(case: Case, user: Any) -> list[GroundFound]:
    """Those that no case has taken up."""
    waiting = grounds.of_programmes(access.programmes_for(user, VIEW_CASES)).filter(state=grounds.State.OPEN)
    return list(grounds.in_order(waiting.filter(registration__organisation=case.organisation_id)))
