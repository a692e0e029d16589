"""Processes of our own that a test starts, talks to and always stops."""

import os
import shlex
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
OURS = ("DATABASE_URL", "BROKER_URL", "CACHE_URL", "PATH", "HOME", "LANG", "TZ")


def clean_environment(**more: str) -> dict[str, str]:
    """What a new shell on this machine would have, and the servers that this run of the suite is for."""
    kept = {name: os.environ[name] for name in OURS if name in os.environ}
    path = f"{ROOT / '.venv' / 'bin'}{os.pathsep}{kept.get('PATH', '')}"
    return {**kept, "PATH": path, **more}


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def status_of(url: str) -> int | None:
    """The HTTP status, or None while nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            status: int = answer.status
            return status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


def wait_until(happened: Callable[[], object], seconds: float, otherwise: Callable[[], str]) -> None:
    """Fails with what `otherwise` tells if it has not happened by then."""
    until = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > until:
            raise AssertionError(f"not within {seconds} s:\n{otherwise()}")
        time.sleep(0.1)


@dataclass
class Running:
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def wait_for(self, text: str, seconds: float = 30) -> None:
        def said_or_gone() -> bool:
            return text in self.output or self.process.poll() is not None

        wait_until(said_or_gone, seconds, lambda: self.output)
        assert text in self.output, f"ended with {self.process.returncode}:\n{self.output}"

    def stop(self, with_signal: int = signal.SIGTERM, seconds: float = 45) -> int:
        """Its exit status."""
        self.process.send_signal(with_signal)
        return self.process.wait(seconds)


@contextmanager
def running(command: Sequence[str] | str, environment: Mapping[str, str], log: Path) -> Iterator[Running]:
    """The command in a session of its own; whatever is left of it at the end is killed."""
    with log.open("wb") as sink:
        process = subprocess.Popen(
            shlex.split(command) if isinstance(command, str) else command,
            cwd=ROOT,
            env=dict(environment),
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield Running(process, log)
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
