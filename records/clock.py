"""The one place that asks what time it is; a demonstration or training site shifts it with a file that all its processes read."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils import timezone

_stopped: ContextVar[datetime | None] = ContextVar("stopped", default=None)


class ClockFileBroken(RuntimeError):
    """The file that shifts this site's clock says no time, in an operator's words."""


def now() -> datetime:
    """The present moment of this site, aware, in Asia/Shanghai."""
    stopped = _stopped.get()
    return timezone.localtime(stopped) if stopped else timezone.localtime(timezone.now() + offset())


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
    """How far this site's clock stands from the machine's; zero on a production site."""
    path = getattr(settings, "CLOCK_FILE", None)
    if not path:
        return timedelta()
    try:
        return _read(str(path), Path(path).stat().st_mtime_ns)
    except FileNotFoundError:
        return timedelta()


@lru_cache(maxsize=4)
def _read(path: str, stamp: int) -> timedelta:
    """`stamp` is the file's time of writing: another one is another file."""
    try:
        shift = timedelta(seconds=json.loads(Path(path).read_text(encoding="utf-8"))["offset_seconds"])
        timezone.localtime(timezone.now() + shift)
    except FileNotFoundError:
        raise
    except (OSError, ValueError, TypeError, LookupError, OverflowError) as error:
        raise ClockFileBroken(
            f"时钟文件 {path} 读不出来：删去这个文件，再用 manage.py clock --set 2026-09-17T10:32 这样的命令重新拨时间"
        ) from error
    return shift


def is_set() -> bool:
    """Whether somebody has set this site's clock; a site without a clock file counts as set, to real time."""
    path = getattr(settings, "CLOCK_FILE", None)
    return not path or Path(path).exists()


def shift_to(moment: datetime) -> None:
    """Set this site's clock to a moment; it runs on from there. Raises RuntimeError on a site without a clock file."""
    path = getattr(settings, "CLOCK_FILE", None)
    if not path:
        raise RuntimeError("这个站点没有设置可调的时钟（PORTAL_CLOCK_FILE），时间不能改。")
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_suffix(".new")
    fresh.write_text(json.dumps({"offset_seconds": (moment - timezone.now()).total_seconds()}))
    fresh.replace(target)
