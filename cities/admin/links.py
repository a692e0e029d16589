"""Pages about a rulebook that apps above have. They register them when they start; this app knows none of them."""

from collections.abc import Callable
from dataclasses import dataclass

from cities.models import Rulebook


@dataclass(frozen=True)
class Link:
    """`address` answers empty where there is no such page of a rulebook; any of the permissions opens it."""

    label: str
    address: Callable[[Rulebook], str]
    permissions: tuple[str, ...]


_links: list[Link] = []


def register(label: str, address: Callable[[Rulebook], str], *permissions: str) -> None:
    _links.append(Link(label, address, permissions))


def registered() -> list[Link]:
    return list(_links)
