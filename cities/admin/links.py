"""Pages about a rulebook or the calendar that apps above have. They register them when they start; this app knows none of them."""

from collections.abc import Callable
from dataclasses import dataclass

from cities.models import Rulebook


@dataclass(frozen=True)
class Link:
    """`address` answers empty where there is no such page of a rulebook; any of the permissions opens it."""

    label: str
    address: Callable[[Rulebook], str]
    permissions: tuple[str, ...]


@dataclass(frozen=True)
class CalendarLink:
    """A page of the site that tells what follows from the calendar; who holds the permission anywhere may open it."""

    label: str
    name: str
    permission: str


_links: list[Link] = []
_of_calendar: list[CalendarLink] = []


def register(label: str, address: Callable[[Rulebook], str], *permissions: str) -> None:
    _links.append(Link(label, address, permissions))


def registered() -> list[Link]:
    return list(_links)


def register_of_calendar(label: str, name: str, permission: str) -> None:
    _of_calendar.append(CalendarLink(label, name, permission))


def registered_of_calendar() -> list[CalendarLink]:
    return list(_of_calendar)
