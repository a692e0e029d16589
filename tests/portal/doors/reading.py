"""The table, read."""

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache

from accounts.roles import PERMISSIONS, TARGETS
from tests.portal.doors.table import ACTS, DOORS, LINES, ROLES
from tests.portal.doors.walk import Door, doors
from tests.portal.doors.world import GRANTED

# The doors in parts, so that several processes can walk them.
AREAS = {
    "the site": r"(?!admin:)",
    "cases": r"admin:(cases|corrections|notices|publicity|records)_",
    "rules": r"admin:(cities_|<rule row>)",
    "the rest of the admin": r"admin:(?!cases|corrections|notices|publicity|records|cities_|<rule row>)",
}
# Doors that are open to everybody are tried by these; all others by everybody. Who may exactly what another role may, is that role.
SOME = ("clerk", "member", "superuser", "anonymous")
HERE = "same"
NOTHING = "."
LET_IN = ("yes", "leads")


@dataclass(frozen=True)
class Line:
    """How each is answered at one kind of door, in the words of the table."""

    name: str
    home: dict[str, str]
    others: str
    made_up: str

    def at_home(self, role: str) -> str:
        return self.home[role]

    def elsewhere(self, role: str) -> str:
        return self.home[role] if self.others == HERE else NOTHING

    def at_made_up(self, role: str) -> str:
        is_asked_to_log_in = self.home[role] == "login"
        return self.home[role] if self.made_up == HERE or is_asked_to_log_in else NOTHING

    @property
    def asked(self) -> list[str]:
        """The roles that are to try it."""
        return list(SOME) if set(self.home.values()) == {"yes"} else distinct()

    @property
    def let_in(self) -> list[str]:
        return [role for role in distinct() if self.home[role] in LET_IN]


@dataclass(frozen=True)
class Row:
    name: str
    lines: dict[str, Line]  # by method
    about: str

    @property
    def is_of_something(self) -> bool:
        return self.about not in ("-", "place", "app", "nothing")


@cache
def distinct() -> list[str]:
    """Of the roles that may the same on the same kinds of things, the first."""
    same = {(PERMISSIONS[GRANTED[role]], TARGETS[GRANTED[role]]): role for role in reversed(GRANTED)}
    return [role for role in ROLES if role not in GRANTED or role in same.values()]


def _written(table: str) -> list[str]:
    return [line for line in table.strip().splitlines() if line and not line.startswith("#")]


@cache
def lines() -> dict[str, Line]:
    found = {}
    for text in _written(LINES):
        *name, others, made_up = text.rsplit(maxsplit=len(ROLES) + 2)
        found[name[0]] = Line(name[0], dict(zip(ROLES, name[1:], strict=True)), others, made_up)
    return found


@cache
def rows() -> list[Row]:
    cells = [re.split(r"\s{2,}", text.strip()) for text in _written(DOORS)]
    return [
        Row(name, {"GET": lines()[get], "POST": lines()[post]}, about) for name, get, post, about in cells
    ]


@cache
def acts() -> dict[tuple[str, str, str], list[str]]:
    """Page, name in the form and value to who may."""
    cells = [re.split(r"\s{2,}", text.strip()) for text in _written(ACTS)]
    return {(page, name, value): who.split() for page, name, values, who in cells for value in values.split()}


def row_of(door: Door) -> Row | None:
    """The first that speaks of it. Where one class makes the pages of many models, they share a row."""
    return next((row for row in rows() if fnmatchcase(door.name, row.name)), None)


def doors_of(area: str) -> list[tuple[Door, Row]]:
    """Each with its row; of a family the first speaks for all."""
    first = {door.name: door for door in reversed(doors()) if re.match(AREAS[area], door.name)}
    return [(door, row) for door in first.values() if (row := row_of(door))]
