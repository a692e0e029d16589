"""What an app above has to show on a page of an app below: it registers by the place, with a template and what that shows."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Place = Literal["organisation", "edition", "period", "case", "removal"]
# What there is to show of the page's subject; nothing, and nothing is shown.
Reader = Callable[[Any], Any]


@dataclass(frozen=True)
class Beside:
    template: str
    found: Any


_registered: dict[Place, list[tuple[str, Reader]]] = {}


def register(place: Place, template: str, reader: Reader) -> None:
    """The reader is asked once a page."""
    _registered.setdefault(place, []).append((template, reader))


def of(place: Place, subject: Any) -> list[Beside]:
    told = ((template, reader(subject)) for template, reader in _registered.get(place, []))
    return [Beside(template, found) for template, found in told if found]


def of_each(place: Place, subjects: Sequence[Any]) -> dict[Any, list[Beside]]:
    """Of many rows of one page, by key: their reader is asked once for all, and answers with what it has by key."""
    found: dict[Any, list[Beside]] = defaultdict(list)
    for template, reader in _registered.get(place, []) if subjects else ():
        for key, shown in reader(subjects).items():
            found[key].append(Beside(template, shown))
    return found
