"""The kinds of file that a row may ask for: how each is recognised, looked into and called."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile

from records.files import images, packages, pdf
from records.files.content import Bytes, bytes_of
from records.files.names import safe_name, suffix_of
from records.files.recognising import HEAD, TAIL, Ends, named
from records.files.refused import FileRefused

MEGABYTE = 1 << 20
# Of a PDF or an OFD, where the row says nothing else.
DEFAULT_PAGES = 200

# Raises FileRefused where the content is not what it should be; the number is how many pages there may be.
Look = Callable[[str, UploadedFile, Bytes, int], None]


@dataclass(frozen=True)
class Kind:
    title: str
    signature: bytes
    media_type: str
    suffixes: tuple[str, ...]
    look: Look
    has_pages: bool = False
    # Of a package: the part by which it is told from other packages where its name does not tell.
    listed: bytes = b""


KINDS: dict[str, Kind] = {
    "pdf": Kind("PDF", b"%PDF-", "application/pdf", (".pdf",), pdf.look, has_pages=True),
    "jpeg": Kind("JPG", b"\xff\xd8\xff", "image/jpeg", (".jpg", ".jpeg"), images.look_at_jpeg),
    "png": Kind("PNG", b"\x89PNG\r\n\x1a\n", "image/png", (".png",), images.look_at_png),
    "xlsx": Kind(
        "XLSX",
        b"PK\x03\x04",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        (".xlsx",),
        packages.look_at_xlsx,
        listed=b"xl/workbook.xml",
    ),
    "ofd": Kind(
        "OFD",
        b"PK\x03\x04",
        "application/ofd",
        (".ofd",),
        packages.look_at_ofd,
        has_pages=True,
        listed=b"OFD.xml",
    ),
}


def recognised(upload: UploadedFile, kinds: list[str], max_megabytes: int, max_pages: int) -> Kind:
    """By first bytes and suffix, then looked into. Raises FileRefused with the first thing that is wrong."""
    name = safe_name(upload.name or "")
    if not upload.size:
        raise FileRefused(f"{name} 是空文件，重新选择")
    kind = _by_signature(upload, name, kinds)
    if upload.size > max_megabytes * MEGABYTE:
        size = f"{upload.size / MEGABYTE:.1f}"
        raise FileRefused(f"{name} 有 {size} MB，最大 {max_megabytes} MB。压缩或拆分后再传")
    with bytes_of(upload) as data:
        kind.look(name, upload, data, max_pages)
    upload.seek(0)
    return kind


def wording(kinds: list[str], max_megabytes: int, max_pages: int = DEFAULT_PAGES) -> str:
    taken = _taken(kinds)
    paged = [KINDS[kind].title for kind in taken if KINDS[kind].has_pages]
    pages = f"，{'、'.join(paged)} 不超过 {max_pages} 页" if paged else ""
    return f"{_titles(taken)}，每个不超过 {max_megabytes} MB{pages}"


def accepted_suffixes(kinds: list[str]) -> str:
    """For the browser's dialogue; what comes is looked at all the same."""
    return ",".join(suffix for kind in _taken(kinds) for suffix in KINDS[kind].suffixes)


def _by_signature(upload: UploadedFile, name: str, kinds: list[str]) -> Kind:
    ends, suffix, taken = _ends(upload), suffix_of(name), _taken(kinds)
    for kind in (KINDS[key] for key in taken):
        if ends.head.startswith(kind.signature) and suffix in kind.suffixes:
            return kind
    raise FileRefused(_not_taken(name, suffix, ends, taken))


def _ends(upload: UploadedFile) -> Ends:
    upload.seek(0)
    head = upload.read(HEAD)
    upload.seek(max(0, (upload.size or 0) - TAIL))
    tail = upload.read(TAIL)
    upload.seek(0)
    return Ends(head, tail)


def _not_taken(name: str, suffix: str, ends: Ends, taken: list[str]) -> str:
    """What it is, what it is called and what to do."""
    is_of = next((key for key, kind in KINDS.items() if _is(kind, ends)), "")
    title, accepted = KINDS[is_of].title if is_of else named(ends), _titles(taken)
    if is_of in taken:
        right = KINDS[is_of].suffixes[0]
        called = (
            f"名字却以 {suffix} 结尾。把后缀改成 {right}"
            if suffix
            else f"名字没有后缀。在名字后面加上 {right}"
        )
        return f"{name} 的内容是 {title}（看的是文件内容，不只是后缀），{called}，再传"
    if title:
        return f"{name} 的内容是{' ' if title[0].isascii() else ''}{title}（看的是文件内容，不只是后缀），这里只收 {accepted}。另存为 {accepted} 后再传"
    return f"{name} 的内容不是 {accepted}（看的是文件内容，不只是后缀）。另存为 {accepted} 后再传"


def _is(kind: Kind, ends: Ends) -> bool:
    return ends.head.startswith(kind.signature) and (not kind.listed or ends.lists(kind.listed))


def _taken(kinds: list[str]) -> list[str]:
    """A text may name kinds that are only taken on paper."""
    return [kind for kind in kinds if kind in KINDS]


def _titles(kinds: list[str]) -> str:
    return "、".join(KINDS[kind].title for kind in kinds)
