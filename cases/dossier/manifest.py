"""The list of everything in a dossier, each with its digest, and the last sealed block of the trail: what a later reader holds it
against. In one form for people and in one for machines."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils import timezone

from cases.dossier.parts import Asked
from cases.models import Case
from records import personal
from records.models import TrailBlock
from records.trail import sealing

NAME = "manifest.json"
LIST = "清单.html"
FORMAT = "provider-portal dossier 1"


@dataclass(frozen=True)
class Entry:
    """A file as it lies in the dossier. `original` is the digest of what was filed, where it is not the file's own."""

    name: str
    about: str
    bytes: int
    sha256: str
    original: str = ""

    @property
    def remark(self) -> str:
        return "" if self.original in ("", self.sha256) else f"与上传时的不同；上传时 {self.original}"


@dataclass(frozen=True)
class LeftOut:
    name: str
    about: str
    why: str
    sha256: str


@dataclass
class Manifest:
    case: Case
    asked: Asked
    entries: list[Entry] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    block: TrailBlock | None = None  # the last that was sealed

    def as_json(self) -> bytes:
        said = {
            "format": FORMAT,
            "case": str(self.case),
            "programme": self.case.programme.slug,
            "procedure": str(self.case.procedure),
            "made_at": _written(self.asked.at),
            "made_by": self.asked.by.display_name,
            "purpose": str(self.asked.purpose),
            "with_sensitive": self.asked.with_sensitive,
            "trail": _trail(self.block),
            "files": [asdict(one) for one in self.entries],
            "left_out": [asdict(one) for one in self.left_out],
        }
        return f"{json.dumps(_bare(said), ensure_ascii=False, indent=1)}\n".encode()


def begun(case: Case, asked: Asked) -> Manifest:
    return Manifest(case, asked, block=sealing.last_block())


def _trail(block: TrailBlock | None) -> dict[str, Any] | None:
    if block is None:
        return None
    return {"block": block.number, "digest": block.digest, "sealed_at": _written(block.sealed_at)}


def _written(moment: Any) -> str:
    return str(timezone.localtime(moment).isoformat(timespec="seconds"))


def _bare(value: Any) -> Any:
    """Without numbers of persons; names of files are what they are in the dossier, where they are bare already."""
    if isinstance(value, dict):
        return {key: _bare(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_bare(inner) for inner in value]
    return personal.shown(value) if isinstance(value, str) else value
