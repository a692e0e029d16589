"""The one place that asks what time it is; a demonstration or training site shifts it, or lets it run faster, with a file that
all its processes read."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

_stopped: ContextVar[datetime | None] = ContextVar("stopped", default=None)

# A fast clock that somebody forgot stands still here, where days can still be counted.
LAST_MOMENT = datetime(2099, 12, 31, 15, tzinfo=UTC)
# A day a second: faster, and no sweep could follow.
FASTEST = 86_400


class ClockFileBroken(RuntimeError):
    """The file that shifts this site's clock says no time, in an operator's words."""


@dataclass(frozen=True)
class Setting:
    """How this site's clock stands to the machine's: ahead by `offset`, and since a moment of the machine running `speed`
    times as fast."""

    offset: timedelta = timedelta()
    speed: int = 1
    since: datetime | None = None

    def ahead(self, real: datetime) -> timedelta:
        if self.since is None or self.speed == 1:
            return self.offset
        gained = max(real - self.since, timedelta()) * (self.speed - 1)
        return max(self.offset, min(self.offset + gained, LAST_MOMENT - real))


def now() -> datetime:
    """The present moment of this site, aware, in Asia/Shanghai."""
    stopped = _stopped.get()
    return timezone.localtime(stopped or _running())


@contextmanager
def stopped_at(moment: datetime) -> Iterator[None]:
    """Within the block, and in this thread alone, it is that moment: what is written then is dated by it."""
    token = _stopped.set(moment)
    try:
        yield
    finally:
        _stopped.reset(token)


def today() -> date:
    return now().date()


def offset() -> timedelta:
    """How far this site's clock stands from the machine's now; zero on a production site."""
    return _setting().ahead(timezone.now())


def speed() -> int:
    """How many times as fast as the machine's this site's clock runs; one on a production site."""
    return _setting().speed


def is_set() -> bool:
    """Whether somebody has set this site's clock; a site without a clock file counts as set, to real time."""
    path = getattr(settings, "CLOCK_FILE", None)
    return not path or Path(path).exists()


def shift_to(moment: datetime, *, speed: int | None = None) -> None:
    """Set this site's clock to a moment; it runs on from there, as fast as before unless a speed is given. Raises
    RuntimeError on a site without a clock file."""
    path = getattr(settings, "CLOCK_FILE", None)
    if not path:
        raise RuntimeError("这个站点没有设置可调的时钟（PORTAL_CLOCK_FILE），时间不能改。")
    real = timezone.now()
    _write(Path(path), Setting(moment - real, _setting().speed if speed is None else speed, real))


def run_at(speed: int) -> None:
    """Let this site's clock run so many times as fast from the present moment on; one is the pace of the machine's."""
    if not 1 <= speed <= FASTEST:
        raise ValueError(f"a clock runs 1 to {FASTEST} times as fast, not {speed}")
    shift_to(now(), speed=speed)


def _running() -> datetime:
    """The machine's moment, moved by the file. A fast clock multiplies a step that the machine's takes back, so what this
    process has once said is not taken back before somebody sets the clock anew."""
    global _told  # noqa: PLW0603 -- the last word of this process
    setting, real = _setting(), timezone.now()
    moment = real + setting.ahead(real)
    if setting.speed > 1:
        moment = max(moment, _told[1]) if _told and _told[0] is setting else moment
        _told = (setting, moment)
    return moment


_told: tuple[Setting, datetime] | None = None


def _setting() -> Setting:
    path = getattr(settings, "CLOCK_FILE", None)
    if not path:
        return Setting()
    try:
        return _read(str(path), Path(path).stat().st_mtime_ns)
    except FileNotFoundError:
        return Setting()


@lru_cache(maxsize=4)
def _read(path: str, stamp: int) -> Setting:
    """`stamp` is the file's time of writing: another one is another file."""
    try:
        setting = _parsed(json.loads(Path(path).read_text(encoding="utf-8")))
        timezone.localtime(timezone.now() + setting.offset)
    except FileNotFoundError:
        raise
    except (OSError, ValueError, TypeError, LookupError, OverflowError) as error:
        raise ClockFileBroken(
            f"时钟文件 {path} 读不出来：删去这个文件，再用 manage.py clock --set 2026-09-17T10:32 这样的命令重新拨时间"
        ) from error
    return setting


def _parsed(content: dict[str, Any]) -> Setting:
    shift = timedelta(seconds=content["offset_seconds"])
    speed = content.get("speed", 1)
    if speed == 1:
        return Setting(shift)
    if type(speed) is not int or not 1 < speed <= FASTEST:
        raise ValueError(speed)
    return Setting(shift, speed, datetime.fromtimestamp(content["since"], UTC))


def _write(target: Path, setting: Setting) -> None:
    content: dict[str, Any] = {"offset_seconds": setting.offset.total_seconds()}
    if setting.speed != 1 and setting.since:
        content |= {"speed": setting.speed, "since": setting.since.timestamp()}
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_suffix(".new")
    fresh.write_text(json.dumps(content))
    fresh.replace(target)
