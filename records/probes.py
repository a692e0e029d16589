"""The numbers that whoever keeps the site looks at; the page, the metrics and the handbook are made from this one list.

Any app adds its own: `register_probe(Probe(...))` in its `ready()`. docs/operations.md has a heading for each key.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

logger = logging.getLogger(__name__)


class State(StrEnum):
    OK = "ok"
    WARN = "warn"
    RED = "red"


@dataclass(frozen=True)
class Line:
    """One thing behind a number. `programme` is the key of the programme it is about, where it is about one: whoever may not
    read the records of that does not see the line."""

    text: str
    programme: int | None = None


@dataclass(frozen=True)
class Reading:
    """`value` is the number a machine takes, `shown` what a person reads; `why` says why it is not in order. `label` is for
    what is a name and no number, a version for one."""

    value: float
    shown: str
    state: State = State.OK
    why: str = ""
    lines: tuple[Line, ...] = ()
    label: str = ""


@dataclass(frozen=True)
class Probe:
    """`read` asks a fixed number of cheap queries. `todo` is what to do first when it is not in order; the rest stands in
    docs/operations.md under the key. `unit` ends the metric's name."""

    key: str
    title: str
    read: Callable[[datetime], Reading]
    todo: str = ""
    unit: str = ""

    @property
    def metric(self) -> str:
        return "_".join(filter(None, ["portal", self.key, self.unit]))

    @property
    def anchor(self) -> str:
        return f"docs/operations.md#{self.key}"


_probes: dict[str, Probe] = {}


def register_probe(probe: Probe) -> None:
    _probes[probe.key] = probe


def probes() -> list[Probe]:
    return list(_probes.values())


def readings(at: datetime) -> list[tuple[Probe, Reading]]:
    """Every number as of a moment; one that cannot be read is red, and the rest are read all the same."""
    return [(probe, _read(probe, at)) for probe in probes()]


def _read(probe: Probe, at: datetime) -> Reading:
    try:
        return probe.read(at)
    except Exception as error:  # noqa: BLE001 -- what is broken is what this is for
        kind = type(error).__name__
        logger.warning("probe %s could not be read: %s", probe.key, kind)
        return Reading(float("nan"), "读不出来", State.RED, f"读的时候出错（{kind}）")
