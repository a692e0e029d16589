"""A dossier as a ZIP: a page for each part, its files in folders, and the manifest. Written to the disk piece by piece."""

import hashlib
import zipfile
from typing import IO

from django.template.loader import render_to_string
from django.utils import timezone

from cases.dossier import manifest
from cases.dossier.manifest import Entry, LeftOut, Manifest
from cases.dossier.parts import Asked, Chunks, Enclosed, Part, Written
from cases.models import Case
from records.files.names import safe_name
from records.words import second

INDEX = "卷内目录.html"
# What is compressed already is stored as it is.
PACKED = ("application/pdf", "image/", "application/vnd", "application/ofd")
READABLE_BY_ALL = 0o644 << 16


class Writer:
    """Every file with the moment of the dossier, so that the same dossier is the same file."""

    def __init__(self, whole: zipfile.ZipFile, asked: Asked, listed: Manifest) -> None:
        self.zip = whole
        self.moment = timezone.localtime(asked.at).timetuple()[:6]
        self.listed = listed

    def text(self, name: str, about: str, content: bytes) -> None:
        self.listed.entries.append(self._put(name, about, lambda: [content], zipfile.ZIP_DEFLATED))

    def file(self, name: str, one: Enclosed, chunks: Chunks) -> None:
        method = zipfile.ZIP_STORED if one.media_type.startswith(PACKED) else zipfile.ZIP_DEFLATED
        self.listed.entries.append(self._put(name, one.about, chunks, method, one.original))

    def last(self, content: bytes) -> None:
        """The manifest, which lists everything but itself."""
        self._put(manifest.NAME, "", lambda: [content], zipfile.ZIP_DEFLATED)

    def _put(self, name: str, about: str, chunks: Chunks, method: int, original: str = "") -> Entry:
        info = zipfile.ZipInfo(name, self.moment)
        info.compress_type, info.external_attr = method, READABLE_BY_ALL
        digest, size = hashlib.sha256(), 0
        with self.zip.open(info, "w", force_zip64=True) as target:
            for chunk in chunks():
                digest.update(chunk)
                size += len(chunk)
                target.write(chunk)
        return Entry(name, about, size, digest.hexdigest(), original)


def write(case: Case, asked: Asked, parts: list[Part], sink: IO[bytes]) -> Written:
    listed = manifest.begun(case, asked)
    with zipfile.ZipFile(sink, "w") as whole:
        return _written(Writer(whole, asked, listed), case, asked, parts)


def _written(writer: Writer, case: Case, asked: Asked, parts: list[Part]) -> Written:
    listed = writer.listed
    rows = []
    for number, part in enumerate(parts, start=1):
        page = f"{safe_name(f'{number:02d} {part.title}')}.html"
        writer.text(page, part.title, _page("part", case, asked, part=part, number=number))
        rows.append((number, part.title, page, _put_files(writer, number, part)))
    writer.text(INDEX, "卷内目录", _page("index", case, asked, rows=rows))
    writer.text(manifest.LIST, "清单", _page("list", case, asked, listed=listed))
    ending = listed.as_json()
    writer.last(ending)
    put = [one for part in parts for one in part.files if one.chunks]
    return Written(put, hashlib.sha256(ending).hexdigest())


def _put_files(writer: Writer, number: int, part: Part) -> list[str]:
    """Each under a name of its own: the number of its part and its place in it come first."""
    names = []
    for place, one in enumerate(part.files, start=1):
        name = f"{safe_name(part.folder)}/{safe_name(f'{number:02d}-{place:02d} {safe_name(one.name)}')}"
        if one.chunks is None:
            writer.listed.left_out.append(LeftOut(one.name, one.about, one.why_not, one.original))
            continue
        writer.file(name, one, one.chunks)
        names.append(name)
    return names


def _page(kind: str, case: Case, asked: Asked, **said: object) -> bytes:
    context = {"case": case, "asked": asked, "made": second(asked.at), **said}
    return render_to_string(f"cases/dossier/{kind}.html", context).encode()
