"""XLSX and OFD, which are ZIP files: bounded by what their headers say before anything is unpacked, then by what comes out."""

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO, cast
from xml.etree import ElementTree as ET
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from django.core.files.uploadedfile import UploadedFile

from records.files.content import ZIP_END, Bytes
from records.files.refused import FileRefused

MOST_PARTS = 2000
MOST_DIRECTORY = 1 << 20
MOST_UNPACKED = 100 << 20
MOST_XML = 8 << 20
# What Excel packs best, long columns of the same, stays below.
MOST_RATIO, RATIO_FROM = 100, 1 << 20
CHUNK = 1 << 16

INSIDE = (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"MZ", b"\x7fELF", b"\xd0\xcf\x11\xe0")
MACROS = re.compile(r"vbaproject|^xl/macrosheets/|^xl/activex/|^xl/ctrlprops/")
EMBEDDED = re.compile(r"^xl/embeddings/|oleobject")
OUTSIDE = re.compile(r"^xl/externallinks/|^xl/connections\.xml$|^xl/querytables/|^customdata/")
LINKS = ("http://", "https://", "mailto:", "#")
OFD_PARTS = {
    *(".xml", ".ttf", ".otf", ".ttc", ".jpg", ".jpeg", ".png", ".bmp", ".gif", ".tif", ".tiff", ".jb2"),
    *(".gbig2", ".dat", ".esl", ".xbrl", ".xsd", ".cer"),
}


class _Broken(Exception):
    pass


@dataclass(frozen=True)
class Package:
    name: str
    data: Bytes
    parts: dict[str, ZipInfo]

    def unpacked(self, part: ZipInfo) -> Iterator[bytes]:
        """Chunk by chunk, never more than the header promised."""
        start = self._start(part)
        packed = self.data[start : start + part.compress_size]
        if part.compress_type == ZIP_STORED:
            if part.compress_size != part.file_size:
                raise _Broken
            yield packed
            return
        unpacker, left = zlib.decompressobj(-15), part.file_size
        while not unpacker.eof:
            chunk = unpacker.decompress(packed, CHUNK)
            packed, left = unpacker.unconsumed_tail, left - len(chunk)
            if left < 0 or not (chunk or packed or unpacker.eof):
                raise _Broken
            yield chunk
        if left or unpacker.unused_data:
            raise _Broken

    def _start(self, part: ZipInfo) -> int:
        head = self.data[part.header_offset : part.header_offset + 30]
        if head[:4] != b"PK\x03\x04":
            raise _Broken
        return part.header_offset + 30 + sum(struct.unpack("<HH", head[26:30]))

    def xml(self, part: ZipInfo) -> ET.Element:
        if part.file_size > MOST_XML:
            raise _Broken
        text = b"".join(self.unpacked(part))
        # Entities could make a short text endless; in another encoding they could not be seen.
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text or b"\0" in text:
            raise _Broken
        return ET.fromstring(text)  # noqa: S314 -- without a document type there is nothing to expand


def look_at_xlsx(name: str, upload: UploadedFile, data: Bytes, max_pages: int) -> None:
    with _Told(name, "Excel"):
        package = _opened(name, upload, data)
        _refuse_unless_there(package, "[Content_Types].xml", "xl/workbook.xml", what="Excel 工作簿")
        _refuse_active(package)


def look_at_ofd(name: str, upload: UploadedFile, data: Bytes, max_pages: int) -> None:
    with _Told(name, "OFD"):
        package = _opened(name, upload, data)
        _refuse_unless_there(package, "OFD.xml", what="OFD")
        for part in package.parts:
            if PurePosixPath(part).suffix.lower() not in OFD_PARTS and not part.endswith("/"):
                raise FileRefused(
                    f"{name} 里夹带别的文件（{PurePosixPath(part).name}），不能收。重新导出后再传"
                )
        pages = _count_pages(package)
    if pages > max_pages:
        raise FileRefused(f"{name} 有 {pages} 页，最多 {max_pages} 页。只留需要的页，或拆分后再传")


@dataclass(frozen=True)
class _Told:
    """Whatever a reader raises inside comes out as a sentence."""

    name: str
    kind: str

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        wrong = (
            _Broken,
            BadZipFile,
            zlib.error,
            struct.error,
            ET.ParseError,
            ValueError,
            KeyError,
            RuntimeError,
        )
        if isinstance(error, (*wrong, NotImplementedError)):
            raise FileRefused(f"{self.name} 不完整或已损坏，不能打开。重新导出 {self.kind} 后再传") from None


def _opened(name: str, upload: UploadedFile, data: Bytes) -> Package:
    """Looks at the end first: a directory that is too long is not even read."""
    end = len(data) - 22
    if data[end : end + 4] != ZIP_END or data[end + 20 :] != b"\0\0":
        raise FileRefused(f"{name} 不完整，或结尾后面还有别的内容，不能收。重新导出后再传")
    count, length, place = struct.unpack("<HII", data[end + 10 : end + 20])
    if count > MOST_PARTS or length > MOST_DIRECTORY:
        raise FileRefused(_bomb(name))
    if place + length != end:
        raise FileRefused(f"{name} 的前面或后面还有别的内容，不能收。重新导出后再传")
    upload.seek(0)
    with ZipFile(cast(BinaryIO, upload.file)) as opened:
        parts = opened.infolist()
    _refuse_bomb(name, parts, len(data))
    package = Package(name, data, {part.filename: part for part in parts})
    if len(package.parts) != len(parts):
        raise _Broken
    for part in parts:
        _refuse_nested(package, part)
    return package


def _refuse_bomb(name: str, parts: list[ZipInfo], size: int) -> None:
    if any(part.flag_bits & 1 for part in parts):
        raise FileRefused(f"{name} 加了密码，不能收。取消密码后再传")
    large = [part for part in parts if part.file_size > RATIO_FROM]
    if sum(part.file_size for part in parts) > MOST_UNPACKED or any(
        part.file_size > MOST_RATIO * max(part.compress_size, 1) for part in large
    ):
        raise FileRefused(_bomb(name))
    _refuse_overlap(parts, size)
    for part in parts:
        steps = part.filename.split("/")
        if part.compress_type not in (ZIP_STORED, ZIP_DEFLATED) or ".." in steps or "\\" in part.filename:
            raise _Broken


def _refuse_overlap(parts: list[ZipInfo], size: int) -> None:
    """The first begins the file, and each ends before the next: many that share their bytes unpack to many times them."""
    end = 0
    for part in sorted(parts, key=lambda part: part.header_offset):
        if part.header_offset < end or (end == 0 and part.header_offset):
            raise _Broken
        end = part.header_offset + 30 + part.compress_size
    if not parts or end > size:
        raise _Broken


def _refuse_nested(package: Package, part: ZipInfo) -> None:
    """Unpacks all of it once, so that what comes out is what the header says."""
    head = b""
    for chunk in package.unpacked(part):
        head = head or chunk[:8]
    if head.startswith(INSIDE):
        shown = PurePosixPath(part.filename).name
        raise FileRefused(f"{package.name} 里夹带压缩包、程序或嵌入的文件（{shown}），不能收。删去后再传")


def _refuse_unless_there(package: Package, *needed: str, what: str) -> None:
    if missing := [part for part in needed if part.lower() not in {one.lower() for one in package.parts}]:
        raise FileRefused(f"{package.name} 是压缩包，不是 {what}（里面没有 {missing[0]}）。另存后再传")


def _refuse_active(package: Package) -> None:
    for path, part in package.parts.items():
        lower = path.lower()
        if MACROS.search(lower):
            raise FileRefused(_macros(package.name))
        if EMBEDDED.search(lower):
            raise FileRefused(f"{package.name} 里嵌入了别的文件，不能收。删去嵌入的对象后再传")
        if OUTSIDE.search(lower):
            raise FileRefused(_links(package.name))
        if lower == "[content_types].xml" and b"macroenabled" in b"".join(package.unpacked(part)).lower():
            raise FileRefused(_macros(package.name))
        if lower.endswith(".rels"):
            _refuse_links(package, part)


def _refuse_links(package: Package, part: ZipInfo) -> None:
    """A link to a page, which a person follows or not, is none that a workbook follows by itself."""
    for one in package.xml(part):
        if one.get("TargetMode", "").lower() != "external":
            continue
        is_page = one.get("Type", "").endswith("/hyperlink")
        if not (is_page and one.get("Target", "").lower().startswith(LINKS)):
            raise FileRefused(_links(package.name))


def _count_pages(package: Package) -> int:
    """Of every document that OFD.xml names."""
    roots = [node.text or "" for node in _nodes(package, "OFD.xml", "DocRoot")]
    if not roots:
        raise _Broken
    return sum(len(_nodes(package, root.strip().lstrip("/"), "Page")) for root in roots[:MOST_PARTS])


def _nodes(package: Package, path: str, tag: str) -> list[ET.Element]:
    return [node for node in package.xml(package.parts[path]).iter() if node.tag.rpartition("}")[2] == tag]


def _bomb(name: str) -> str:
    return f"{name} 解开后太大或文件太多，不能收。删去多余的内容后再传"


def _macros(name: str) -> str:
    return f"{name} 里有宏或控件，不能收。另存为不含宏的工作簿后再传"


def _links(name: str) -> str:
    return f"{name} 引用了外部的文件或数据，不能收。断开链接、只留数值后再传"
