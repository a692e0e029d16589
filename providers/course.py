"""What has happened to a unit on its lists, told by the apps above that know of it: warnings, orders, removals and what undid them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cities.models import Programme
from providers.models import Registration


@dataclass(frozen=True)
class Step:
    """`what` is in the programme's own terms; `case` and `number` are those of the case in which it happened."""

    at: datetime
    what: str
    detail: str
    programme: Programme
    case: UUID
    number: str


Source = Callable[[Sequence[Registration]], Iterable[Step]]
_sources: list[Source] = []


def register(source: Source) -> None:
    """`source` asks a fixed number of queries, and leaves out what has not been filed."""
    _sources.append(source)


def steps(registrations: Sequence[Registration]) -> list[Step]:
    """The latest first. Whoever is not of the office is shown those of the cases that he may see, and no others."""
    if not registrations:
        return []
    found = [step for source in _sources for step in source(registrations)]
    return sorted(found, key=lambda step: step.at, reverse=True)
