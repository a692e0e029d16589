"""Making an archive of the site while it goes on."""

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from portal.backups import archive, databases, manifest
from portal.backups.errors import BackupRefused
from portal.backups.manifest import Manifest


def make(target: Path, *, at: datetime) -> Manifest:
    """The database first: a file without a row harms nobody, a row without its file does."""
    if target.exists():
        raise BackupRefused(f"{target} 已经在了，换一个文件名")
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="backup-", dir=target.parent) as folder:
        dump = Path(folder) / manifest.DATABASE
        with databases.dumped(dump):
            described = manifest.described(at, {})
        sources = {manifest.DATABASE: dump, **private_files()}
        described.parts.update({name: archive.part_of(path) for name, path in sources.items()})
        archive.write(target, described, sources)
    return described


def private_files() -> dict[str, Path]:
    """By the name they have in an archive."""
    root = Path(settings.PRIVATE_FILES_ROOT)
    found = sorted(path for path in root.rglob("*") if path.is_file())
    return {f"{manifest.FILES}/{path.relative_to(root).as_posix()}": path for path in found}
