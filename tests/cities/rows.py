"""What the rows of the five rulebooks say, programme by programme."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from cities.models import CitedRow, Procedure, RuleRow, Stage
from cities.models.rules import sets_of
from portal.rehearsals.proofs import shipped

DG, GZ, HS = "dongguan-lead-units", "guangzhou-lead-units", "huangshi-providers"
QDC, QDP = "qingdao-empowerment-centers", "qingdao-recommended-providers"


def told(model: type[CitedRow], *fields: str, where: Q | None = None, **equals: Any) -> dict[str, set[Any]]:
    """These fields of the rows that fit. A programme with no such row is left out: its text is silent."""
    found = model._default_manager.filter(where or Q(), **equals)
    said: dict[str, set[Any]] = {}
    for slug, *values in found.values_list("rulebook__programme__slug", *fields):
        said.setdefault(slug, set()).add(tuple(values) if len(values) > 1 else values[0])
    return said


def in_procedure(*kinds: str) -> Q:
    """Of rows that name their procedure by its key: that it is one of these kinds."""
    named = {"rulebook": OuterRef("rulebook"), "key": OuterRef("procedure_key")}
    return Q(Exists(Procedure.objects.filter(**named, kind__in=kinds)))


def row(model: type[RuleRow], slug: str, key: str, **equals: Any) -> Any:
    return model._default_manager.get(rulebook__programme__slug=slug, key=key, **equals)


def stage(slug: str, procedure: str, key: str) -> Stage:
    found: Stage = row(Stage, slug, key, procedure__key=procedure)
    return found


def reading(said: Any, about: str) -> str:
    """How a row or a rulebook answers its one question with these words."""
    [found] = [one["reading"] for one in said.interpretations if about in one["question"]]
    return str(found)


def choices(said: RuleRow, column: str) -> set[Any]:
    """The other values that the office may decide on without a new version."""
    alternatives = [one for asked in said.interpretations for one in asked["alternatives"]]
    return {values[column] for values in map(sets_of, alternatives) if column in values}


def rehearsed(slug: str, name: str) -> set[str]:
    """The rules that the rehearsal of this name proves; that it passes is for tests/portal/rehearsals."""
    [found] = [one for one in shipped() if (one.programme, one.name) == (slug, name)]
    return set(found.proves)


def reached(procedure: Procedure, *, past: Q) -> set[int]:
    """The stages that a case can come to without any stage that fits `past`."""
    closed = set(procedure.stages.filter(past).values_list("pk", flat=True))
    first = procedure.stages.order_by("order").values_list("pk", flat=True)[:1]
    seen: set[int] = set()
    waiting = set(first) - closed
    while waiting:
        seen |= waiting
        onward = Stage.objects.filter(pk__in=waiting).values_list("outcomes__next_stage", flat=True)
        waiting = {one for one in onward if one} - seen - closed
    return seen
