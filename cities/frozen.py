"""The rules of procedures whose version is frozen, read once for many cases.

A row of a published version never changes, so the cases of one sweep share these. What may change meanwhile is not shared: the
programme is read again with each lock, and so are the office's decisions, which are laid over copies (`decisions.Binding`).
"""

from django.db.models import Prefetch, QuerySet

from cities import decisions
from cities.models import Limit, Outcome, Procedure, Programme, Stage

STAGES, OUTCOMES, LIMITS = "read_stages", "read_outcomes", "read_limits"


class Frozen:
    """One for each sweep; it must not outlive it."""

    def __init__(self) -> None:
        self._read: dict[int, Procedure] = {}

    def procedure(self, pk: int, programme: Programme) -> Procedure:
        """With all its stages, their outcomes and its limits, of the programme as it is now; the office's decisions as they
        are when they are first asked for."""
        found = self._read.get(pk) or _whole(pk)
        found.rulebook.programme = programme
        setattr(found.rulebook, decisions.READ, decisions.confirmed(programme.pk))
        if found.rulebook.is_frozen:
            self._read[pk] = found
        return found


def stages_of(procedure: Procedure) -> list[Stage]:
    read: list[Stage] | None = getattr(procedure, STAGES, None)
    if read is None:
        return list(procedure.stages.select_related("procedure", "rulebook", "counting_rule"))
    return read


def outcomes_of(stage: Stage) -> list[Outcome]:
    read: list[Outcome] | None = getattr(stage, OUTCOMES, None)
    if read is None:
        return list(stage.outcomes.select_related("next_stage", "stage", "article"))
    return read


def outcome_of(stage: Stage, role: str) -> Outcome:
    """The one of that role."""
    [found] = [one for one in outcomes_of(stage) if one.role == role]
    return found


def limits_for(procedure: Procedure) -> list[Limit]:
    """Those of the whole rulebook, then the procedure's own."""
    read: list[Limit] | None = getattr(procedure, LIMITS, None)
    return list(_limits(procedure)) if read is None else read


def _limits(procedure: Procedure) -> QuerySet[Limit]:
    rows = Limit.objects.filter(rulebook_id=procedure.rulebook_id, procedure_key__in=["", procedure.key])
    return rows.select_related("article", "counting_rule", "rulebook__programme").order_by("procedure_key")


def _whole(pk: int) -> Procedure:
    stages = Stage.objects.select_related("article", "counting_rule").prefetch_related(
        Prefetch("outcomes", Outcome.objects.select_related("article", "counting_rule"), OUTCOMES)
    )
    rows = Procedure.objects.select_related("article", "rulebook")
    procedure = rows.prefetch_related(Prefetch("stages", stages, STAGES)).get(pk=pk)
    setattr(procedure, LIMITS, list(_limits(procedure)))
    _tie(procedure)
    return procedure


def _tie(procedure: Procedure) -> None:
    """Let every row know the same stages and the same version, so that nothing is read twice."""
    stages = {stage.pk: stage for stage in stages_of(procedure)}
    outcomes = [one for stage in stages.values() for one in getattr(stage, OUTCOMES)]
    for outcome in outcomes:
        outcome.next_stage = stages.get(outcome.next_stage_id) if outcome.next_stage_id else None
    for row in [*stages.values(), *outcomes, *limits_for(procedure)]:
        row.rulebook = procedure.rulebook
        if getattr(row, "counting_rule", None):
            row.counting_rule.rulebook = procedure.rulebook
