"""Stages that outcomes lead past, which the office may have decided to be passed by no longer."""

from datetime import datetime

from cities import decisions
from cities.models import Outcome, Procedure, Stage


def required(procedure: Procedure, at: datetime) -> list[Stage]:
    """The stages by choice of its rows that an office decision binding then makes every case go through, as decided."""
    by_choice = list(
        procedure.stages.filter(requires=Stage.Requires.CHOICE).select_related("rulebook__programme")
    )
    if not by_choice:
        return []
    bound = decisions.binding(procedure.rulebook, at)
    return [one for one in map(bound.settle, by_choice) if one.requires == Stage.Requires.ALWAYS]


def passes_by(outcome: Outcome, stages: list[Stage]) -> Stage | None:
    """The first of these that an outcome leads past on the way to publication; those before it are behind already."""
    if outcome.role != Outcome.Role.FORWARD:
        return None
    here, there = outcome.stage.order, outcome.next_stage
    ahead = (one for one in stages if one.order > here)
    return next((one for one in ahead if there is None or one.order < there.order), None)
