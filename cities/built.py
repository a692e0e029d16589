"""What this installation carries out. The apps that do lie above and say so when they start."""

from collections.abc import Callable, Collection

from cities.models import Procedure, Rulebook

_procedures: set[str] = set()
_stages: dict[str, frozenset[str]] = {}
_proofs: list[Callable[[Rulebook], Collection[str]]] = []


def declare(kind: str) -> None:
    """Cases of this kind of procedure can be opened."""
    _procedures.add(kind)


def declare_stage(kind: str, actors: frozenset[str]) -> None:
    """Cases can stand at this kind of stage, and wait there for these actors (cities.keys.ACTORS)."""
    _stages[kind] = actors


def is_built(kind: str) -> bool:
    return kind in _procedures


def kinds() -> frozenset[str]:
    return frozenset(_procedures)


def awaits(procedure: Procedure) -> bool:
    """Whether a procedure is only written down so far: it is shown as such and opens nothing."""
    return not is_built(procedure.kind)


def actors_at(stage_kind: str) -> frozenset[str]:
    """Who may act at a kind of stage; nobody at one that is not built yet."""
    return _stages.get(stage_kind, frozenset())


def declare_proofs(asked: Callable[[Rulebook], Collection[str]]) -> None:
    """Where to ask which rules of a version, by id, are proven to be carried out."""
    _proofs.append(asked)


def proven(rulebook: Rulebook) -> set[str]:
    return {rule for asked in _proofs for rule in asked(rulebook)}
