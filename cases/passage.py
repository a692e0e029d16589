"""Which stages a case has gone through, from its decisions and events as they are (or were prefetched)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import prefetch_related_objects

from cases.models import Case
from cases.queries import is_desk
from cities.models import Outcome, Stage

# When each stage was last left: a desk by its own key, the others by their kind, of which a procedure has one.
Left = dict[Any, datetime]


def left(case: Case, until: datetime | None = None) -> Left:
    """A desk with its decision; the others with their events. What came after `until` is left out."""
    prefetch_related_objects([case], "decisions__stage", "decisions__outcome__stage")
    found: Left = {}
    for decision in _in_order(case.decisions.all(), until):
        found["desk", decision.stage.key] = decision.at
    for event in _in_order(case.events.all(), until):
        kind, dot, _ = event.verb.partition(".")
        if dot:
            found[kind] = event.at
    return found


def _in_order(told: Iterable[Any], until: datetime | None) -> list[Any]:
    return sorted((one for one in told if until is None or one.at <= until), key=lambda one: one.at)


def left_at(stage: Stage, moments: Left) -> datetime | None:
    return moments.get(("desk", stage.key) if is_desk(stage) else stage.kind)


def way_out(case: Case, stage: Stage) -> Outcome | None:
    """By which outcome of its rows a stage was left last; the rows' other versions are not asked."""
    if is_desk(stage):
        given = [one for one in case.decisions.all() if one.stage.key == stage.key]
        return max(given, key=lambda one: (one.at, one.pk)).outcome if given else None
    rows = {f"{stage.kind}.{row.key}": row for row in stage.outcomes.all()}
    verbs = [event.verb for event in _in_order(case.events.all(), None) if event.verb in rows]
    return rows[verbs[-1]] if verbs else None


def fell_short(outcome: Outcome | None) -> bool:
    """Whether what was asked at a stage was not found done when the case left it. What one desk thinks of an application and
    another decides is no such finding."""
    if outcome is None or outcome.role not in (Outcome.Role.REFUSE, Outcome.Role.LAPSED):
        return False
    return outcome.stage.kind != "review" or outcome.next_stage_id is None


def was_passed_by(stage: Stage, stages: list[Stage], moments: Left) -> bool:
    """Of a stage that lies behind: whether the case went past it, as what the clock brings about may, and one that is by choice.
    Where the case began anew after it had been there, it counts from the new beginning."""
    here = left_at(stage, moments)
    if here is None:
        return True
    if stage.requires == Stage.Requires.ALWAYS:
        return False
    before = [left_at(other, moments) for other in stages if _comes_anew(other, stage)]
    return any(moment > here for moment in before if moment)


def _comes_anew(other: Stage, stage: Stage) -> bool:
    """Whether a case that leaves the one begins the way to the other anew: from a hearing it only goes back to who asked for it."""
    return other.order < stage.order and (stage.kind != "statement" or other.kind == "submission")
