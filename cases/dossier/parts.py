"""What a dossier is made of: numbered parts of plain text, facts and tables, each with the files that belong to it. Apps above
bring theirs through `register`; nothing here knows how a part is laid out."""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import IntEnum
from typing import Any, ClassVar

from cases.models import Case
from records import personal
from records.files.purposes import Purpose


class Place(IntEnum):
    """Where a part stands in every dossier; of the same place, in the order in which they registered."""

    CASE = 1
    FILED = 2
    GROUNDS = 3
    MATERIALS = 4
    CHECKS = 5
    DECISIONS = 6
    DEADLINES = 7
    COURSE = 8  # what the kind of case or of stage has of its own
    NOTICES = 9
    LETTERS = 10
    RULES = 11
    TIMELINE = 12
    ACCESS = 13


@dataclass(frozen=True)
class Text:
    words: str
    is_note: bool = False
    kind: ClassVar = "text"


@dataclass(frozen=True)
class Heading:
    words: str
    kind: ClassVar = "heading"


@dataclass(frozen=True)
class Facts:
    """Labels with their values; those without a value are left out where it is laid out."""

    rows: list[tuple[str, str]]
    kind: ClassVar = "facts"


@dataclass(frozen=True)
class Table:
    heads: list[str]
    rows: list[list[str]]
    kind: ClassVar = "table"


Block = Text | Heading | Facts | Table
Chunks = Callable[[], Iterable[bytes]]


@dataclass(frozen=True)
class Enclosed:
    """A file of a part. `chunks` is asked for once or twice, when it is written. `original` is the digest of what was filed:
    of a copy with a watermark it is not the copy's own. `why_not` says why it is left out; then there are no chunks."""

    name: str
    about: str
    media_type: str = ""
    chunks: Chunks | None = None
    original: str = ""
    why_not: str = ""
    opened: int = 0  # the sensitive material that it is a copy of


@dataclass(frozen=True)
class Part:
    """`folder` is where its files stand."""

    title: str
    blocks: list[Block]
    folder: str = ""
    files: list[Enclosed] = field(default_factory=list)


@dataclass(frozen=True)
class Asked:
    """Who takes the dossier, when, what for, and whether sensitive materials go with it. `held` closes what parts need open
    until the dossier is written."""

    by: Any
    at: datetime
    purpose: Purpose
    with_sensitive: bool = False
    held: ExitStack = field(default_factory=ExitStack)


@dataclass(frozen=True)
class Written:
    """The files that went into a dossier, and the digest of its manifest where it has one of its own."""

    put: list[Enclosed]
    manifest: str = ""


Source = Callable[[Case, Asked], Iterable[Part]]
_sources: list[tuple[Place, Source]] = []
_openings: dict[str, None] = {}


def register(place: Place, source: Source) -> None:
    """Add what a source says of a case, in a fixed number of queries. It must not name who objected, and gives no part where it
    has nothing to say."""
    _sources.append((place, source))


def register_opening(*verbs: str) -> None:
    """Events that tell who saw what: they stand in the access log and not in the timeline."""
    _openings.update(dict.fromkeys(verbs))


def openings() -> list[str]:
    return list(_openings)


def of(case: Case, asked: Asked) -> list[Part]:
    """All parts in their order, without numbers of persons."""
    in_order = sorted(_sources, key=lambda pair: pair[0])
    return [_bare(part) for _, source in in_order for part in source(case, asked)]


def _bare(part: Part) -> Part:
    return replace(
        part,
        title=personal.shown(part.title),
        blocks=[_bare_block(block) for block in part.blocks],
        files=[
            replace(one, name=personal.shown(one.name), about=personal.shown(one.about)) for one in part.files
        ],
    )


def _bare_block(block: Block) -> Block:
    if isinstance(block, Facts):
        return Facts([(label, personal.shown(value)) for label, value in block.rows if value])
    if isinstance(block, Table):
        return Table(block.heads, [[personal.shown(cell) for cell in row] for row in block.rows])
    return replace(block, words=personal.shown(block.words))
