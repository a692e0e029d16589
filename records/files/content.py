"""An upload's bytes, looked at where they lie."""

import mmap
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.files.uploadedfile import UploadedFile

# What is large lies on disk, and only the pages that are looked at come into memory.
Bytes = bytes | mmap.mmap

ZIP_END = b"PK\x05\x06"
# A reader of ZIP files looks for their end so far from the end of any file.
ZIP_REACH = (1 << 16) + 22
OTHER_ARCHIVES = re.compile(rb"Rar!\x1a\x07|7z\xbc\xaf\x27\x1c")


@contextmanager
def bytes_of(upload: UploadedFile) -> Iterator[Bytes]:
    source: Any = upload.file
    source.seek(0)
    try:
        number = source.fileno()
    except (AttributeError, OSError):
        yield source.read()
        source.seek(0)
        return
    with mmap.mmap(number, 0, access=mmap.ACCESS_READ) as view:
        yield view
    source.seek(0)


def holds_archive(data: Bytes) -> bool:
    """Whether some reader of archives would find one in it, wherever it begins."""
    return data.rfind(ZIP_END, max(0, len(data) - ZIP_REACH)) >= 0 or OTHER_ARCHIVES.search(data) is not None
