"""The site as `make run` starts it: how soon it answers, and what its processes take of the memory at rest."""

import contextlib
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.servers import ROOT, Running, clean_environment, free_port, running, status_of, wait_until

PAGES = ("/", "/lists/", "/publicity/")
REST = 5  # seconds
NAMES = {"gunicorn": "web", "worker": "worker", "beat": "beat"}


@dataclass(frozen=True)
class Site:
    """Seconds until the address answered, and megabytes by process: the whole, and its share of what is shared."""

    first_start: float
    second_start: float
    memory: dict[str, tuple[float, float]]


def measure(folder: Path) -> Site:
    """Starts it on an empty folder, stops it, starts it again."""
    variables = clean_environment(PORTAL_VAR=str(folder), PORT=str(free_port()))
    with _started(variables, folder) as (_, first):
        pass
    with _started(variables, folder) as (site, second):
        _work(variables)
        time.sleep(REST)
        return Site(first, second, _memory(site.process.pid))


@contextlib.contextmanager
def _started(variables: dict[str, str], folder: Path) -> Iterator[tuple[Running, float]]:
    began = time.monotonic()
    with running(["scripts/run"], variables, folder.with_name("site.log")) as site:
        address = _address(variables, "/")
        wait_until(
            lambda: site.process.poll() is not None or status_of(address) == 200, 120, lambda: site.output
        )
        seconds = time.monotonic() - began
        if site.process.poll() is not None:
            raise RuntimeError(site.output)
        yield site, seconds
        site.stop(signal.SIGINT)


def _address(variables: dict[str, str], path: str) -> str:
    return f"http://127.0.0.1:{variables['PORT']}{path}"


def _work(variables: dict[str, str]) -> None:
    """A process that has done nothing yet has not loaded what it works with: some pages, and one sweep."""
    for path in PAGES:
        status_of(_address(variables, path))
    folder = Path(variables["PORTAL_VAR"])
    as_the_site = {
        **variables,
        "TMPDIR": str(folder / "tmp"),
        "PORTAL_CLOCK_FILE": str(folder / "clock.json"),
    }
    call = ["celery", "--quiet", "-A", "portal", "call", "cases.tasks.sweep_due"]
    subprocess.run(call, cwd=ROOT, env=as_the_site, check=True, stdout=subprocess.DEVNULL)
    messages = folder / "broker/messages"
    wait_until(lambda: not any(messages.iterdir()), 30, lambda: "the worker took no message")


def _memory(site: int) -> dict[str, tuple[float, float]]:
    found: dict[str, tuple[float, float]] = {}
    for pid in _below(site):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
        name = next((NAMES[end] for end in NAMES if any(word.endswith(end) for word in words)), None)
        if name:
            whole, share = found.get(name, (0.0, 0.0))
            rows = dict(
                row.split(":", 1) for row in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
            )
            found[name] = whole + _megabytes(rows["Rss"]), share + _megabytes(rows["Pss"])
    return found


def _below(parent: int) -> list[int]:
    """All processes that came from one."""
    children = [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
    return children + [pid for child in children for pid in _below(child)]


def _megabytes(text: str) -> float:
    return int(text.split(maxsplit=1)[0]) / 1024
