"""PDF: read by its tables, every object once; nothing in it may run, open or hide something, and it ends where it ends."""

import re
import time
from collections.abc import Iterator
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from records.files.content import Bytes, holds_archive
from records.files.refused import FileRefused

# What a large document of text has is far less.
MOST_OBJECTS = 200_000
MOST_SECONDS = 10
END = b"%%EOF"
# Some writers pad the end.
MOST_BEHIND_END = 1024

ACTIONS = {
    "/JavaScript",
    "/Launch",
    "/ImportData",
    "/SubmitForm",
    "/GoToE",
    "/GoToR",
    "/Rendition",
    "/Movie",
    "/Sound",
    "/RichMediaExecute",
}
SCRIPTS = {"/JS", "/JavaScript", "/XFA", "/RichMediaContent", "/RichMediaSettings"}
ATTACHMENTS = {"/EmbeddedFiles", "/EF"}
ANNOTATIONS = {"/FileAttachment", "/RichMedia", "/3D", "/Movie", "/Sound", "/Screen"}
# Readers differ in which of several tables they follow, so what no table leads to is looked for, too.
WRITTEN_OUT = re.compile(rb"/(JavaScript|Launch|EmbeddedFile|RichMedia)[\s/<>\[\](){}%]")


class _Broken(Exception):
    pass


def look(name: str, upload: UploadedFile, data: Bytes, max_pages: int) -> None:
    _refuse_more_than_itself(name, data)
    if WRITTEN_OUT.search(data):
        raise FileRefused(_active(name))
    upload.seek(0)
    try:
        pages = _look_into(name, PdfReader(upload.file))  # type: ignore[arg-type]
    except FileRefused:
        raise
    except Exception:  # noqa: BLE001 -- a reader raises anything on what was made to break it
        raise FileRefused(_broken(name)) from None
    if pages > max_pages:
        raise FileRefused(f"{name} 有 {pages} 页，最多 {max_pages} 页。只留需要的页，或拆分后再传")


def _look_into(name: str, reader: PdfReader) -> int:
    """How many pages it has."""
    if reader.is_encrypted:
        raise FileRefused(f"{name} 加了密码或权限限制，不能收。取消加密后再传")
    root = reader.trailer["/Root"]
    for one in _objects(name, reader.trailer):
        _refuse_active(name, one)
    return _count_pages(root)


def _refuse_more_than_itself(name: str, data: Bytes) -> None:
    end = data.rfind(END)
    if end < 0:
        raise FileRefused(_broken(name))
    behind = data[end + len(END) : end + len(END) + MOST_BEHIND_END + 1]
    if len(behind) > MOST_BEHIND_END or behind.strip(b"\0\r\n\t "):
        raise FileRefused(f"{name} 的结尾后面还有别的内容，不能收。重新导出 PDF 后再传")
    if holds_archive(data):
        raise FileRefused(f"{name} 里夹带压缩包，不能收。重新导出 PDF 后再传")


def _objects(name: str, trailer: Any) -> Iterator[DictionaryObject]:
    """Every dictionary that the trailer leads to, each once. Content of streams is not unpacked."""
    until, seen = time.monotonic() + MOST_SECONDS, set()
    left: list[Any] = [trailer]
    for count in range(MOST_OBJECTS):
        if not left:
            return
        if count % 1000 == 0 and time.monotonic() > until:
            break
        one = left.pop()
        if isinstance(one, IndirectObject):
            if (one.idnum, one.generation) in seen:
                continue
            seen.add((one.idnum, one.generation))
            one = one.get_object()
        if isinstance(one, DictionaryObject):
            yield one
        left.extend(_below(one))
    raise FileRefused(f"{name} 的结构太复杂，系统读不完。重新打印成 PDF 或拆分后再传")


def _below(one: Any) -> list[Any]:
    found = one.values() if isinstance(one, DictionaryObject) else one if isinstance(one, ArrayObject) else ()
    return [each for each in found if isinstance(each, IndirectObject | DictionaryObject | ArrayObject)]


def _refuse_active(name: str, one: DictionaryObject) -> None:
    keys = set(one)
    if keys & SCRIPTS or _value(one, "/S") in ACTIONS:
        raise FileRefused(_active(name))
    if keys & ATTACHMENTS or _value(one, "/Subtype") in ANNOTATIONS:
        raise FileRefused(f"{name} 里嵌有附件或音视频，不能收。打印成 PDF 或删去附件后再传")


def _value(one: DictionaryObject, key: str) -> str:
    value = _at(one, key)
    return value if isinstance(value, str) else ""


def _at(one: DictionaryObject, key: str) -> Any:
    """Also where the value stands elsewhere."""
    value: Any = one.get(key)
    return value.get_object() if isinstance(value, IndirectObject) else value


def _count_pages(root: Any) -> int:
    """A node that comes by twice would let a small file have any number of pages."""
    left, seen, pages = [root.raw_get("/Pages")], set(), 0
    while left:
        node = left.pop()
        if isinstance(node, IndirectObject):
            if node.idnum in seen:
                raise _Broken
            seen.add(node.idnum)
            node = node.get_object()
        if not isinstance(node, DictionaryObject):
            raise _Broken
        kids = _at(node, "/Kids")
        left.extend(kids or ())
        pages += kids is None
    if not pages:
        raise _Broken
    return pages


def _active(name: str) -> str:
    return f"{name} 里有脚本或会自动执行的动作，不能收。打印成 PDF 后再传"


def _broken(name: str) -> str:
    return f"{name} 不完整或已损坏，不能打开。重新导出 PDF 后再传"
