"""A list as it is handed in from outside: what an import gives to the registry."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, order=True)
class ListedPartner:
    industry: str
    code: str
    name: str
    code_override: str = ""


@dataclass(frozen=True, order=True)
class ListedItem:
    code: str
    name: str
    price: str = ""
    summary: str = ""


@dataclass(frozen=True)
class ListedUnit:
    """`entries` are pairs of a category's key and an industry's; partners stand in one of these industries; `district`
    is the name of one of the city's."""

    code: str
    name: str
    entered_on: date
    entries: tuple[tuple[str, str], ...]
    place: str = ""
    code_override: str = ""
    partners: tuple[ListedPartner, ...] = ()
    items: tuple[ListedItem, ...] = ()
    district: str = ""

    def to_json(self) -> dict[str, Any]:
        """In one order, whatever the order it was handed in. A district that is not named leaves no trace: lists from
        before there were any keep their digests."""
        words = {name: value for name, value in asdict(self).items() if name != "district" or value}
        return {
            **words,
            "entered_on": self.entered_on.isoformat(),
            "entries": sorted(self.entries),
            "partners": [asdict(partner) for partner in sorted(self.partners)],
            "items": [asdict(item) for item in sorted(self.items)],
        }


def digest(units: Iterable[ListedUnit]) -> str:
    """The fingerprint of a whole list; the same list in another order has the same."""
    return fingerprint("", [unit.to_json() for unit in sorted(units, key=lambda unit: unit.code)])


def fingerprint(previous: str, content: Any) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}{text}".encode()).hexdigest()
