"""The one place that asks what time it is; a demonstration or training site shifts it with a file that all its processes read."""

import json
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils import timezone


def now() -> datetime:
    """The present moment of this site, aware, in Asia/Shanghai."""
    return timezone.localtime(timezone.now() + offset())


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
    return timedelta(seconds=json.loads(Path(path).read_text())["offset_seconds"])


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
