"""The documents on pages of apps below: of an organisation, an edition, a publicity, who left a list, and of a case as its unit and the office see it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from cases.models import Case
from notices import measures, queries
from notices.models import Notice
from providers.models import ListEdition, Organisation, Registration
from publicity.models import PublicityPeriod
from records import beside

MOST = 20
LIST, OF_CASE, OF_REMOVAL = "notices/beside.html", "notices/of_case.html", "notices/of_removal.html"


def register() -> None:
    beside.register("organisation", LIST, of_organisation)
    beside.register("edition", LIST, of_edition)
    beside.register("period", LIST, of_period)
    beside.register("case", OF_CASE, of_case)
    beside.register("removal", OF_REMOVAL, of_removals)


def of_organisation(organisation: Organisation) -> list[Notice]:
    return list(queries.brief().filter(concerns=organisation)[:MOST])


def of_edition(edition: ListEdition) -> list[Notice]:
    return list(queries.brief().filter(edition=edition)[:MOST])


def of_period(period: PublicityPeriod) -> list[Notice]:
    return list(queries.brief().filter(period=period)[:MOST])


def of_removals(registrations: Sequence[Registration]) -> dict[int, list[Notice]]:
    """What told the public that a unit left its list, by the registration that ended."""
    rows = queries.brief().filter(kind__in=measures.REMOVING, case__registration__in=registrations)
    found: dict[int, list[Notice]] = defaultdict(list)
    for notice in rows.select_related("case"):
        assert notice.case is not None
        assert notice.case.registration_id is not None
        found[notice.case.registration_id].append(notice)
    return found


@dataclass(frozen=True)
class Row:
    notice: Notice
    url: str


def of_case(case: Case) -> list[Row]:
    """Of those that are not public, the file alone."""
    return [
        Row(
            one,
            reverse("notice", args=[one.code])
            if one.is_public
            else reverse("case_notice", args=[case.pk, one.code]),
        )
        for one in queries.handed_out(case)
    ]


class DeskNote:
    """On the case's page in the admin, with what waits and why."""

    template = "admin/notices/of_case.html"

    def context(self, case: Case, user: Any, at: datetime) -> dict[str, Any]:
        rows = list(queries.of_case(case))
        return {"documents": rows} if rows else {}
