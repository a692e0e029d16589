"""Publicity as a kind of stage: a case wakes when its days are over, unless somebody's objection is open."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from cases import engine, stages
from cases.models import Case
from cities.models import Outcome, Stage
from publicity.models import Objection, PublicityItem


class Publicity(stages.StageKind):
    key = "publicity"
    actors = frozenset({"system", "clerk"})
    counts_from_entry = False  # the days run from the opening, which is an act of its own

    def waiting_for(self, case: Case) -> str:
        return self.stands(case)[0]

    def is_told(self, case: Case) -> bool:
        return showing(case) is not None

    def wake_at(self, case: Case) -> datetime | None:
        return self.stands(case)[1]

    def all_stand(self, cases: list[Case]) -> list[tuple[str, datetime | None]]:
        items, objected = all_showing(cases), with_open_objection(cases)
        return [
            ("system", items[case.pk].period.closes_at)
            if case.pk in items and case.pk not in objected
            else ("clerk", None)
            for case in cases
        ]

    def due(self, case: Case, *, at: datetime) -> None:
        """The first of a period that is woken lets all pass whose days are over: they are published as one edition."""
        item = showing(case)
        assert item is not None
        _let_pass(case, item, at=at)
        for other in _over_with(case, item, at=at):
            with engine.beside(case, other):
                if (mine := showing(other)) and not has_open_objection(other):
                    _let_pass(other, mine, at=at)


def _over_with(case: Case, item: PublicityItem, *, at: datetime) -> list[Case]:
    """The other cases of its period that are due as well; one held by an objection does not wake."""
    shown = item.period.items.filter(released_at=None, upheld_at=None).values("case")
    due = Case.objects.filter(pk__in=shown, wake_at__lte=at, set_aside_at=None, status=Case.Status.OPEN)
    keys = due.exclude(pk=case.pk).values_list("pk", flat=True)
    with engine.all_locked(case.programme, keys) as (others, _):
        return others


def _let_pass(case: Case, item: PublicityItem, *, at: datetime) -> None:
    assert case.stage is not None
    item.released_at = at
    item.save()
    outcome = case.stage.outcomes.select_related("next_stage", "stage", "article").get(
        role=Outcome.Role.FORWARD
    )
    engine.follow(case, outcome, by=None, at=at, summary=f"公示 {item.period} 期满，{outcome.label}")


def showing(case: Case) -> PublicityItem | None:
    """What of this case stands in publicity and has neither passed nor been taken down or upheld against."""
    return all_showing([case]).get(case.pk)


def all_showing(cases: list[Case]) -> dict[UUID, PublicityItem]:
    """The same for several, by the key of each that has one; one query."""
    standing = PublicityItem.objects.filter(
        case__in=cases, released_at=None, upheld_at=None, period__taken_down_at=None
    )
    found: dict[UUID, list[PublicityItem]] = defaultdict(list)
    for item in standing.select_related("period__stage").order_by("period__opened_at"):
        found[item.case_id].append(item)
    # By its key: a period that was opened under one version of the rules stands when its case is moved to another.
    here = {case.pk: case.stage.key for case in cases if case.stage}
    return {pk: item for pk, key in here.items() for item in found[pk] if item.period.stage.key == key}


def has_open_objection(case: Case) -> bool:
    """Also one that was lodged against a period that was taken down since."""
    return bool(with_open_objection([case]))


def with_open_objection(cases: list[Case]) -> set[UUID]:
    """Which of these have one, by their keys; one query."""
    held = Objection.objects.filter(item__case__in=cases, state__in=Objection.OPEN)
    return set(held.values_list("item__case", flat=True))


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
