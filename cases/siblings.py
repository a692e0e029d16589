"""Which other cases stand beside one: of its batch, and over what was found and this one was over too. For its page in the office."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from cases import worklist
from cases.models import Case, GroundFound

# A batch can be long; its own page has them all.
MOST = 20


@dataclass(frozen=True)
class Siblings:
    of_batch: list[Case]
    of_ground: list[Case]


def of(case: Case, user: Any) -> Siblings | None:
    """As far as the reader sees them; None where there is none. A fixed number of queries."""
    shown = worklist.visible(worklist.desk_of(user)).exclude(pk=case.pk)
    related = ("programme__city", "procedure", "stage", "organisation")
    shown = shown.select_related(*related).defer("submission")
    found = Siblings(
        _of_batch(case, shown), list(shown.filter(_same_ground(case)).order_by("created_at")[:MOST])
    )
    return found if found.of_batch or found.of_ground else None


def _of_batch(case: Case, shown: QuerySet[Case]) -> list[Case]:
    if case.is_alone:
        return []
    return list(shown.filter(batch=case.batch_id).order_by("submitted_at", "number")[:MOST])


def _same_ground(case: Case) -> Q:
    """Those that had or have what this one had or has: what it decided was revoked, say, and another has taken it up."""
    had = GroundFound.history.filter(case_id=case.pk).values("id")
    cases = GroundFound.history.filter(id__in=had).exclude(case=None).values("case_id")
    return Q(pk__in=cases)
