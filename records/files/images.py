"""JPEG and PNG: walked part by part to their very end, their pixels counted from the header before anybody decodes them."""

import re
import struct
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from PIL import Image

from records.files.content import Bytes, holds_archive
from records.files.refused import FileRefused

# A phone's largest photograph; decoded, three bytes each.
MOST_PIXELS = 50_000_000
# Parts of one image, and images in one file: phones put a second one behind the first.
MOST_PARTS, MOST_IMAGES = 10_000, 8
MOST_PADDING = 1 << 16

# Start of frame, but for the tables (C4, CC) and JPG (C8) that lie between.
FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
ALONE = {0x01, *range(0xD0, 0xD8)}
SCAN, END = 0xDA, 0xD9
# In a scan FF00 is a byte of the picture, FFD0 to FFD7 are marks within it, FFFF fills.
AFTER_SCAN = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")


class _Broken(Exception):
    pass


def look_at_jpeg(name: str, upload: UploadedFile, data: Bytes, max_pages: int) -> None:
    _refuse_broken(name, upload, "JPEG", data, _walk_jpegs)


def look_at_png(name: str, upload: UploadedFile, data: Bytes, max_pages: int) -> None:
    _refuse_broken(name, upload, "PNG", data, _walk_png)


def _refuse_broken(name: str, upload: UploadedFile, kind: str, data: Bytes, walk: Any) -> None:
    if holds_archive(data):
        raise FileRefused(f"{name} 里夹带压缩包，不能收。只传图片本身")
    try:
        sizes, end = walk(data)
    except (_Broken, IndexError, struct.error):
        raise FileRefused(f"{name} 不完整或已损坏，不能打开。重新扫描或另存后再传") from None
    if any(width * height > MOST_PIXELS for width, height in sizes):
        most = MOST_PIXELS // 10_000
        raise FileRefused(f"{name} 的像素太多，最多 {most} 万像素。降低分辨率后再传")
    if len(data) - end > MOST_PADDING or any(data[end:]):
        raise FileRefused(f"{name} 的图片后面还有别的内容，不能收。用看图软件另存后再传")
    _verify(name, upload, kind)


def _verify(name: str, upload: UploadedFile, kind: str) -> None:
    upload.seek(0)
    try:
        with Image.open(upload.file, formats=[kind]) as image:  # type: ignore[arg-type]
            image.verify()
    except Exception:  # noqa: BLE001 -- a decoder raises anything on what was made to break it
        raise FileRefused(f"{name} 不完整或已损坏，不能打开。重新扫描或另存后再传") from None


def _walk_jpegs(data: Bytes) -> tuple[list[tuple[int, int]], int]:
    sizes: list[tuple[int, int]] = []
    place = 0
    while len(sizes) < MOST_IMAGES and data[place : place + 3] == b"\xff\xd8\xff":
        size, place = _walk_jpeg(data, place + 2)
        sizes.append(size)
        padding = data[place : place + MOST_PADDING]
        place += len(padding) - len(padding.lstrip(b"\0"))
    return sizes, place


def _walk_jpeg(data: Bytes, place: int) -> tuple[tuple[int, int], int]:
    """Width and height, and where it ends."""
    size = None
    for _ in range(MOST_PARTS):
        mark, place = _mark(data, place)
        if mark == END:
            if size is None:
                raise _Broken
            return size, place
        if mark in ALONE:
            continue
        (length,) = struct.unpack(">H", data[place : place + 2])
        if mark in FRAMES:
            height, width = struct.unpack(">HH", data[place + 3 : place + 7])
            size = (width, height)
        place += length
        if mark == SCAN:
            found = AFTER_SCAN.search(data, place)
            if found is None:
                raise _Broken
            place = found.start()
    raise _Broken


def _mark(data: Bytes, place: int) -> tuple[int, int]:
    if data[place] != 0xFF:
        raise _Broken
    while data[place] == 0xFF:
        place += 1
    return data[place], place + 1


def _walk_png(data: Bytes) -> tuple[list[tuple[int, int]], int]:
    place, size = 8, None
    for _ in range(MOST_PARTS):
        length, kind = struct.unpack(">I4s", data[place : place + 8])
        if kind == b"IHDR" and size is None:
            size = struct.unpack(">II", data[place + 8 : place + 16])
        place += length + 12
        if size is None or place > len(data):
            raise _Broken
        if kind == b"IEND":
            return [size], place
    raise _Broken
