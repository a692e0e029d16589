"""Which kinds of procedure this installation carries out. The apps that do lie above and say so when they start."""

from cities.models import Procedure

_kinds: set[str] = set()


def declare(kind: str) -> None:
    _kinds.add(kind)


def awaits(procedure: Procedure) -> bool:
    """Whether a procedure is only written down so far: it is shown as such and opens nothing."""
    return procedure.kind not in _kinds
