"""Bytes that no row names: what a crash in the middle of an upload leaves."""

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path

from django.conf import settings

from records.models import StoredFile

# By the machine's clock. No upload takes so long, and no backup that holds on to files.
OLD = timedelta(days=1)
AT_ONCE = 500


def remove_orphans(older_than: timedelta = OLD) -> int:
    """Remove what nothing names and nobody is writing any more; says how much."""
    root, before, count = Path(settings.PRIVATE_FILES_ROOT), time.time() - older_than.total_seconds(), 0
    found = _old_files(root, before)
    while names := list(islice(found, AT_ONCE)):
        named = set(StoredFile.objects.filter(content__in=names).values_list("content", flat=True))
        for name in set(names) - named:
            (root / name).unlink(missing_ok=True)
            count += 1
    return count


def _old_files(root: Path, before: float) -> Iterator[str]:
    """A backup that is being made holds its files in a folder that begins with a dot."""
    for folder, below, files in os.walk(root):
        below[:] = [name for name in below if not name.startswith(".")]
        for path in (Path(folder) / name for name in files):
            if path.lstat().st_mtime < before:
                yield path.relative_to(root).as_posix()
