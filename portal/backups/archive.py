"""The archive itself: a tar whose first member is the manifest and whose every other member stands in it."""

import gzip
import hashlib
import io
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from portal.backups import manifest as manifests
from portal.backups.errors import BackupRefused
from portal.backups.manifest import Manifest, Part

MANIFEST = "manifest.json"
CHUNK = 1 << 20


def part_of(path: Path) -> Part:
    with path.open("rb") as content:
        return Part(hashlib.file_digest(content, "sha256").hexdigest(), path.stat().st_size)


def write(target: Path, manifest: Manifest, sources: dict[str, Path]) -> None:
    """Readable by nobody else; under its name only once it is whole."""
    unfinished = target.with_name(f"{target.name}.part")
    try:
        unfinished.touch(mode=0o600)
        with tarfile.open(unfinished, "w:gz", compresslevel=6) as tar:
            _add(tar, MANIFEST, io.BytesIO(manifest.to_json()), len(manifest.to_json()))
            for name, part in manifest.parts.items():
                with sources[name].open("rb") as content:
                    _add(tar, name, content, part.size)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def _add(tar: tarfile.TarFile, name: str, content: IO[bytes], size: int) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    tar.addfile(member, content)


@contextmanager
def unpacked(source: Path, beside: Path) -> Iterator[tuple[Manifest, Path]]:
    """The parts in a folder of their own, each proved by its digest; raises BackupRefused where one is not what it was."""
    with TemporaryDirectory(prefix="restore-", dir=beside) as folder:
        try:
            with tarfile.open(source, "r:gz") as tar:
                manifest = _unpack(tar, Path(folder))
        except (gzip.BadGzipFile, zlib.error, EOFError, tarfile.TarError) as error:
            raise BackupRefused(f"{source.name} 读不出来（{type(error).__name__}），换一份备份") from error
        yield manifest, Path(folder)


def _unpack(tar: tarfile.TarFile, folder: Path) -> Manifest:
    first = tar.next()
    if first is None or first.name != MANIFEST:
        raise BackupRefused("这不是本平台的备份：开头没有清单（manifest.json）")
    manifest = manifests.read(_content(tar, first).read())
    left = dict(manifest.parts)
    while member := tar.next():
        part = left.pop(member.name, None)
        if part is None:
            raise BackupRefused(f"备份里有清单没有的 {member.name}，没有恢复")
        _write_proved(_content(tar, member), folder / member.name, part, member.name)
    if left:
        raise BackupRefused(f"备份缺 {len(left)} 个文件，第一个是 {next(iter(left))}，没有恢复")
    return manifest


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    content = tar.extractfile(member)
    if content is None:
        raise BackupRefused(f"备份里的 {member.name} 不是文件，没有恢复")
    return content


def _write_proved(content: IO[bytes], target: Path, part: Part, name: str) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with target.open("wb") as sink:
        shutil.copyfileobj(content, sink, CHUNK)
    target.chmod(0o600)
    if part_of(target) != part:
        raise BackupRefused(f"备份里的 {name} 与清单的指纹不符，没有恢复。换一份备份")
