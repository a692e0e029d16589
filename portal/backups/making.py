"""Making an archive of the site while it goes on."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from portal.backups import archive, databases, manifest
from portal.backups.errors import BackupRefused
from portal.backups.manifest import Manifest

# What a backup that was killed leaves is no file of the site.
HELD = ".backup-"


def make(target: Path, *, at: datetime) -> Manifest:
    """A file without a row harms nobody, a row without its file does: so each file that there was before the database was read,
    and each that there is after it."""
    if target.exists():
        raise BackupRefused(f"{target} 已经在了，换一个文件名")
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="backup-", dir=target.parent) as folder, _held_files() as held:
        dump = Path(folder) / manifest.DATABASE
        with databases.dumped(dump):
            described = manifest.described(at, {})
        _hold(held)
        sources = {manifest.DATABASE: dump, **_files_below(held)}
        described.parts.update({name: archive.part_of(path) for name, path in sources.items()})
        archive.write(target, described, sources)
    return described


@contextmanager
def _held_files() -> Iterator[Path]:
    """A folder beside the files where each has a second name: the sweep forgets uploads that nobody used."""
    root = Path(settings.PRIVATE_FILES_ROOT)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=HELD, dir=root) as folder:
        _hold(Path(folder))
        yield Path(folder)


def _hold(folder: Path) -> None:
    for name, path in private_files().items():
        held = folder / Path(name).relative_to(manifest.FILES)
        if not held.exists():
            held.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError):  # forgotten since it was listed
                _link(path, held)


def _link(path: Path, held: Path) -> None:
    try:
        held.hardlink_to(path)
    except OSError:
        shutil.copyfile(path, held)  # a disk that knows no second names


def private_files() -> dict[str, Path]:
    """By the name they have in an archive."""
    found = _files_below(Path(settings.PRIVATE_FILES_ROOT))
    return {name: path for name, path in found.items() if not name.startswith(f"{manifest.FILES}/{HELD}")}


def _files_below(root: Path) -> dict[str, Path]:
    found = sorted(path for path in root.rglob("*") if path.is_file())
    return {f"{manifest.FILES}/{path.relative_to(root).as_posix()}": path for path in found}
