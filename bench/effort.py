"""What some work took: by the clock, and of the processors by this process and by the database's own for its connection."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Effort:
    """`server` is nothing where the database runs on another machine."""

    wall: float = 0.0
    client: float = 0.0
    server: float = 0.0

    @property
    def cpu(self) -> float:
        return self.client + self.server

    def __add__(self, other: "Effort") -> "Effort":
        return Effort(self.wall + other.wall, self.client + other.client, self.server + other.server)

    def __sub__(self, other: "Effort") -> "Effort":
        return Effort(self.wall - other.wall, self.client - other.client, self.server - other.server)


def so_far(backend: int) -> Effort:
    """From any beginning; only the difference between two of these tells something."""
    return Effort(time.perf_counter(), time.process_time(), _server(backend))


def of(act: Callable[[], object], backend: int) -> Effort:
    before = so_far(backend)
    act()
    return so_far(backend) - before


def _server(backend: int) -> float:
    process = Path(f"/proc/{backend}")
    try:
        if "postgres" not in (process / "comm").read_text():
            return 0.0
        after_name = (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(after_name[11]) + int(after_name[12])) / TICKS
