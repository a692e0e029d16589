from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cities.comparison.cells import Line
from cities.comparison.facts import Facts


@dataclass(frozen=True)
class Topic:
    """`answer` gives no line where the rows say nothing."""

    label: str
    answer: Callable[[Facts], Iterable[Line]]


@dataclass(frozen=True)
class Group:
    label: str
    topics: tuple[Topic, ...]
