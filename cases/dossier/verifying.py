"""Whether a dossier is what its manifest says, and what this site recorded when it was taken out."""

import hashlib
import json
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cases.dossier import manifest
from cases.dossier.contents.trail import EXPORTED
from records.models import Event, TrailBlock
from records.words import second

OK, ALTERED, MISSING, EXTRA = "完好", "被改动", "缺失", "多出"
CHUNK = 1 << 20
MOST_OF_MANIFEST = 50 * 1024 * 1024


class Unreadable(Exception):
    """Why there is nothing to compare, as a sentence."""


@dataclass
class Report:
    """`files`: each with how it is. `wrong`: what else does not agree. `told`: what was found of it on this site."""

    files: list[tuple[str, str]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return not self.wrong and all(state == OK for _, state in self.files)


def verify(path: Path) -> Report:
    """Nothing is unpacked: each file is read through once."""
    if not zipfile.is_zipfile(path):
        return _of_book(path)
    report = Report()
    with zipfile.ZipFile(path) as archive:
        content = _manifest(archive)
        said = _read(content)
        report.files = _files(archive, said["files"])
    _compare_with_site(report, hashlib.sha256(content).hexdigest(), said)
    return report


def _of_book(path: Path) -> Report:
    """Of a PDF the whole file is known by its digest, and by that alone."""
    with path.open("rb") as source:
        digest = hashlib.file_digest(source, "sha256").hexdigest()
    event = Event.objects.filter(verb=EXPORTED, data__sha256=digest).first()
    if event is None:
        raise Unreadable("不是案卷的 ZIP，也不是本站导出过的 PDF，或者导出以后被改动过")
    return Report(files=[(path.name, OK)], told=[_told(event)])


def _manifest(archive: zipfile.ZipFile) -> bytes:
    try:
        if archive.getinfo(manifest.NAME).file_size > MOST_OF_MANIFEST:
            raise Unreadable(f"{manifest.NAME} 太大，不是平台写的")
        return archive.read(manifest.NAME)
    except KeyError:
        raise Unreadable(f"没有 {manifest.NAME}，不知道应有哪些文件") from None
    except (zipfile.BadZipFile, zlib.error):
        raise Unreadable(f"{manifest.NAME} 损坏，读不出来") from None


def _read(content: bytes) -> dict[str, Any]:
    try:
        said = json.loads(content)
        known = {str(one["name"]): str(one["sha256"]) for one in said["files"]}
        if said["format"] != manifest.FORMAT:
            raise Unreadable(f"{manifest.NAME} 的格式是“{said['format']}”，这里不认识")
    except (ValueError, KeyError, TypeError):
        raise Unreadable(f"{manifest.NAME} 读不懂，被改动过") from None
    return {**said, "files": known}


def _files(archive: zipfile.ZipFile, known: dict[str, str]) -> list[tuple[str, str]]:
    there = Counter(archive.namelist())
    found = [(name, _state(archive, name, sha256, there[name])) for name, sha256 in known.items()]
    return found + [(name, EXTRA) for name in there if name not in known and name != manifest.NAME]


def _state(archive: zipfile.ZipFile, name: str, sha256: str, count: int) -> str:
    if count != 1:
        return EXTRA if count else MISSING
    digest = hashlib.sha256()
    try:
        with archive.open(name) as source:
            for chunk in iter(lambda: source.read(CHUNK), b""):
                digest.update(chunk)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError):
        return ALTERED
    return OK if digest.hexdigest() == sha256 else ALTERED


def _compare_with_site(report: Report, digest: str, said: dict[str, Any]) -> None:
    """Who alters files and manifest alike is found out by the site that made it, or by the digest of its trail kept elsewhere."""
    event = Event.objects.filter(verb=EXPORTED, data__manifest=digest).first()
    if event:
        report.told.append(_told(event))
    elif Event.objects.filter(verb=EXPORTED, case__number=said.get("case")).exists():
        report.wrong.append("本站导出过这件的案卷，但没有一次是这份清单：清单被改动过，或者不是本站导出的")
    else:
        report.told.append("本站没有这件的导出记录，只核对了文件和清单是否一致")
    trail = said.get("trail")
    block = TrailBlock.objects.filter(number=trail["block"]).first() if trail else None
    if trail and block and block.digest != trail["digest"]:
        report.wrong.append(f"清单上的封存指纹和本站第 {trail['block']} 块不同")


def _told(event: Event) -> str:
    return f"与本站 {second(event.at)} 的导出记录（事件 {event.pk}）一致"
