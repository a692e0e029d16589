"""Publicity as a kind of stage: a case wakes when its days are over, unless somebody's objection is open."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, QuerySet

from cases import engine, stages
from cases.models import Case
from cities import frozen
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

    def stands(self, case: Case) -> tuple[str, datetime | None]:
        held = Exists(_open_objections(case))
        for closes_at, is_held in _standing(case).values_list("period__closes_at", held)[:1]:
            if not is_held:
                return "system", closes_at
        return "clerk", None

    def due(self, case: Case, *, at: datetime) -> bool:
        """The first of a period that is woken lets all pass whose days are over: they are published as one edition."""
        if (item := _to_pass(case, at=at)) is None:
            return False
        _let_pass(case, item, at=at)
        for other in _over_with(case, item, at=at):
            with engine.beside(case, other):
                if mine := _to_pass(other, at=at):
                    _let_pass(other, mine, at=at)
        return True


def _over_with(case: Case, item: PublicityItem, *, at: datetime) -> list[Case]:
    """The other cases of its period that are due as well; one held by an objection does not wake."""
    if case.is_alone:
        return []
    shown = item.period.items.filter(released_at=None, upheld_at=None).exclude(case=case.pk)
    due = shown.filter(case__wake_at__lte=at, case__set_aside_at=None, case__status=Case.Status.OPEN)
    return engine.lock_more(case, due.values_list("case", flat=True))


def _let_pass(case: Case, item: PublicityItem, *, at: datetime) -> None:
    assert case.stage is not None
    item.released_at = at
    item.save(update_fields=["released_at"])
    outcome = frozen.outcome_of(case.stage, Outcome.Role.FORWARD)
    engine.follow(case, outcome, by=None, at=at, summary=f"公示 {item.period} 期满，{outcome.label}")


def showing(case: Case) -> PublicityItem | None:
    """What of this case stands in publicity and has neither passed nor been taken down or upheld against."""
    return _standing(case).select_related("period").first()


def _to_pass(case: Case, *, at: datetime) -> PublicityItem | None:
    """The same where its days are over and no objection holds it: without what it shows, which may be long, and of its period
    only what is needed."""
    rows = _standing(case).select_related("period").annotate(is_held=Exists(_open_objections(case)))
    item = rows.only("case", "released_at", "period__number", "period__closes_at").first()
    return item if item and not item.is_held and item.period.closes_at <= at else None


def _standing(case: Case) -> QuerySet[PublicityItem]:
    if case.stage is None:
        return PublicityItem.objects.none()
    # By its key: a period that was opened under one version of the rules stands when its case is moved to another.
    standing = PublicityItem.objects.filter(
        case=case,
        released_at=None,
        upheld_at=None,
        period__taken_down_at=None,
        period__stage__key=case.stage.key,
    )
    return standing.order_by("-period__opened_at")


def has_open_objection(case: Case) -> bool:
    return _open_objections(case).exists()


def with_open_objection(cases: list[Case]) -> set[UUID]:
    """Which of these have one, by their keys; one query."""
    held = Objection.objects.filter(item__case__in=cases, state__in=Objection.OPEN)
    return set(held.values_list("item__case", flat=True))


def _open_objections(case: Case) -> QuerySet[Objection]:
    """Also one that was lodged against a period that was taken down since."""
    return Objection.objects.filter(item__case=case, state__in=Objection.OPEN)


def can_object(case: Case, item: PublicityItem) -> bool:
    """Whether this is what was last shown of the case and the list has not been published since."""
    if case.status != Case.Status.OPEN or case.stage is None:
        return False
    last = case.publicity_items.order_by("-period__opened_at").first()
    kind = "publication" if item.released_at else "publicity"
    return last == item and case.stage.kind == kind


def sends_back_to(stage: Stage) -> str:
    """The desk to which a case goes when an objection is sustained, as the row calls it."""
    rows = stage.outcomes.filter(role=Outcome.Role.UPHELD).select_related("next_stage")
    outcome = rows.first()
    return str(outcome.next_stage) if outcome and outcome.next_stage else ""


def way_back(stage: Stage) -> Outcome | None:
    """How a case that waits to be shown gets back to its desk, where the rows provide for that."""
    rows = stage.outcomes.filter(role=Outcome.Role.BACK)
    return rows.select_related("next_stage", "stage", "article").first()
