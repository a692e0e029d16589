"""Keys that lead nowhere, by the word that an address has for what may stand there."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from tests.portal.doors.walk import Door

MADE_UP = {
    "uuid": "00000000-0000-4000-8000-000000000000",
    "number": "999999999",
    "int": "999999999",
    "sealed": "999999999",
    "slug": "no-such-thing",
    "str": "no-such-thing",
    "path": "999999999",
}
# Words of the platform: who has made something up knows them.
WORDS = {"kind"}
# What the address lets through and no column takes.
MALFORMED = {
    "uuid": (),
    "number": ("0",),
    "sealed": ("0",),
    "int": ("9223372036854775808",),
    "slug": ("-",),
    "str": ("%00", "a'b", "%F0%9F%90%B1"),
    "path": ("%00", "_00", "9223372036854775808", "a'b", "-1", "½"),
}


def made_up(door: Door, own: dict[str, Any]) -> dict[str, Any]:
    """What could be the key of something of this kind."""
    kinds = {key: "uuid" if isinstance(own[key], UUID) else kind for key, kind in door.keys.items()}
    return {key: MADE_UP[kind] for key, kind in kinds.items()} | {key: own[key] for key in WORDS & set(own)}


def malformed(door: Door, own: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The own address with one key that is malformed, or that is none of what the others name."""
    for name, kind in door.keys.items():
        words = MALFORMED[kind] if name in WORDS else (*MALFORMED[kind], made_up(door, own)[name])
        yield from (own | {name: value} for value in words)
