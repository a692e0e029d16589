"""What an upload is that is not what was asked for: in words for who chose the wrong file. Nothing is decided here."""

from dataclasses import dataclass

# Of what people send; each told by where its mark stands.
MARKS = (
    (0, b"GIF8", "GIF 图片"),
    (0, b"BM", "BMP 图片"),
    (0, b"II*\0", "TIFF 图片"),
    (0, b"MM\0*", "TIFF 图片"),
    (8, b"WEBP", "WEBP 图片"),
    (4, b"ftyphei", "HEIC 图片"),
    (4, b"ftypmif1", "HEIC 图片"),
    (4, b"ftyp", "视频"),
    (0, b"\xd0\xcf\x11\xe0", "旧格式或者加了密码的 Office 文件"),
    (0, b"Rar!", "RAR 压缩包"),
    (0, b"7z\xbc\xaf", "7z 压缩包"),
    (0, b"\x1f\x8b", "压缩包"),
    (0, b"MZ", "程序"),
    (0, b"\x7fELF", "程序"),
    (0, b"<!doctype html", "网页"),
    (0, b"<html", "网页"),
    (0, b"{\\rtf", "RTF 文档"),
)
PACKAGE = b"PK\x03\x04"
PARTS = ((b"word/document.xml", "Word 文档"), (b"ppt/presentation.xml", "PowerPoint 文档"))
HEAD, TAIL = 16, 1 << 16


@dataclass(frozen=True)
class Ends:
    """The first bytes of a file and the last, where a package lists its parts."""

    head: bytes
    tail: bytes

    @property
    def is_package(self) -> bool:
        return self.head.startswith(PACKAGE)

    def lists(self, part: bytes) -> bool:
        return self.is_package and part in self.tail


def named(ends: Ends) -> str:
    """Empty for what nobody can tell."""
    if ends.is_package:
        return next((title for part, title in PARTS if ends.lists(part)), "压缩包")
    head = ends.head.lower() if ends.head.startswith((b"<", b"{")) else ends.head
    return next((title for place, mark, title in MARKS if head[place:].startswith(mark)), "")
