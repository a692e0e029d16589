"""How a rehearsal's outcome is printed: expected against got, with the case's events."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from portal.rehearsals.play import Played
from portal.rehearsals.scene import Difference


def lines(played: Played) -> Iterator[str]:
    one = played.rehearsal
    if played.passed:
        yield f"passed  {one.file.name}:{one.line} {one.name}"
        return
    yield f"FAILED  {one.file}:{played.differences[0].step.line} {one.name}"
    for difference in played.differences:
        yield from _difference(difference)
    events = played.differences[0].events
    if events:
        yield "        events of the case:"
        yield from (f"          {event}" for event in events)


def _difference(difference: Difference) -> Iterator[str]:
    step = difference.step
    yield f"        {step.at:%Y-%m-%d %H:%M} {step}"
    yield f"          expected {difference.what}: {_shown(difference.expected)}"
    yield f"          got      {difference.what}: {_shown(difference.got)}"


def _shown(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return "、".join(map(str, value)) or "（空）"
    if isinstance(value, dict):
        return "；".join(f"{key}：{_shown(one)}" for key, one in value.items())
    return str(value)
