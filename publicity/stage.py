"""Publicity as a kind of stage: a case wakes when its days are over, unless somebody's objection is open."""

from datetime import datetime

from cases import engine, stages
from cases.models import Case
from cities.models import Outcome, Stage
from publicity.models import Objection, PublicityItem


class Publicity(stages.StageKind):
    key = "publicity"
    actors = frozenset({"system", "clerk"})
    counts_from_entry = False  # the days run from the opening, which is an act of its own

    def waiting_for(self, case: Case) -> str:
        item = showing(case)
        if item is None or has_open_objection(case):
            return "clerk"
        return "system"

    def wake_at(self, case: Case) -> datetime | None:
        item = showing(case)
        if item is None or has_open_objection(case):
            return None
        return item.period.closes_at

    def due(self, case: Case, *, at: datetime) -> None:
        assert case.stage is not None
        item = showing(case)
        assert item is not None
        item.released_at = at
        item.save()
        outcome = case.stage.outcomes.select_related("next_stage", "stage", "article").get(
            role=Outcome.Role.FORWARD
        )
        engine.follow(case, outcome, by=None, at=at, summary=f"公示 {item.period} 期满，{outcome.label}")


def showing(case: Case) -> PublicityItem | None:
    """What of this case stands in publicity and has neither passed nor been taken down or upheld against."""
    if case.stage is None:
        return None
    # By its key: a period that was opened under one version of the rules stands when its case is moved to another.
    standing = PublicityItem.objects.filter(
        case=case,
        released_at=None,
        upheld_at=None,
        period__taken_down_at=None,
        period__stage__key=case.stage.key,
    )
    return standing.select_related("period").order_by("-period__opened_at").first()


def has_open_objection(case: Case) -> bool:
    """Also one that was lodged against a period that was taken down since."""
    return Objection.objects.filter(item__case=case, state__in=Objection.OPEN).exists()


def can_object(case: Case, item: PublicityItem) -> bool:
    """Whether this is what was last shown of the case and the list has not been published since."""
    if case.status != Case.Status.OPEN or case.stage is None:
        return False
    last = case.publicity_items.order_by("-period__opened_at").first()
    kind = "publication" if item.released_at else "publicity"
    return last == item and case.stage.kind == kind


def way_back(stage: Stage) -> Outcome | None:
    """How a case that waits to be shown gets back to its desk, where the rows provide for that."""
    rows = stage.outcomes.filter(role=Outcome.Role.BACK)
    return rows.select_related("next_stage", "stage", "article").first()
