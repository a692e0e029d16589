"""A dossier as one PDF: the readable parts, then the filed PDFs, with one count of pages."""

import gc
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO, Any

from django.template.loader import render_to_string
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError

from cases.dossier import manifest
from cases.dossier.manifest import Manifest
from cases.dossier.parts import Asked, Enclosed, Part, Written
from cases.models import Case
from records.printing import fonts
from records.printing.fetching import fetcher
from records.words import second

PDF = "application/pdf"
# All that is bound into one PDF is in memory while it is made; what is more stays outside, with its digest in the list.
MOST_BOUND = 20 * 1024 * 1024
NOT_BOUND = "不是 PDF，或者太大，没有装订进来；导出 ZIP 可得"


@dataclass
class Bound:
    """A file that is bound in, and the page it begins on; none where it stays outside."""

    part: int
    one: Enclosed
    reader: PdfReader | None = None
    page: int = 0
    why_not: str = ""


def write(case: Case, asked: Asked, parts: list[Part], sink: IO[bytes]) -> Written:
    bound, listed = _bound(parts), manifest.begun(case, asked)
    # Laid out once to learn how many pages come before what is bound in, then with those numbers.
    first = len(_laid_out(case, asked, parts, bound, listed).pages)
    for one in bound:
        if one.reader:
            one.page, first = first + 1, first + len(one.reader.pages)
    readable = io.BytesIO(_laid_out(case, asked, parts, bound, listed).write_pdf())
    gc.collect()  # pages and fonts hold one another
    writer = PdfWriter(clone_from=readable)
    for one in bound:
        if one.reader:
            writer.append(one.reader, outline_item=f"{one.one.about}：{one.one.name}", import_outline=False)
    writer.write(sink)
    return Written([one.one for one in bound if one.reader])


def _bound(parts: list[Part]) -> list[Bound]:
    left, found = MOST_BOUND, []
    for number, part in enumerate(parts, start=1):
        for one in part.files:
            bound = _read(number, one, left)
            left -= bound.reader.stream.seek(0, io.SEEK_END) if bound.reader else 0
            found.append(bound)
    return found


def _read(part: int, one: Enclosed, left: int) -> Bound:
    if one.chunks is None:
        return Bound(part, one, why_not=one.why_not)
    content = _at_most(one.chunks(), left) if one.media_type == PDF else None
    if content is None:
        return Bound(part, one, why_not=NOT_BOUND)
    try:
        reader = PdfReader(io.BytesIO(content))
        len(reader.pages)
    except PyPdfError:
        return Bound(part, one, why_not=NOT_BOUND)
    return Bound(part, one, reader)


def _at_most(chunks: Iterable[bytes], most: int) -> bytes | None:
    content = bytearray()
    for chunk in chunks:
        content += chunk
        if len(content) > most:
            return None
    return bytes(content)


def _laid_out(case: Case, asked: Asked, parts: list[Part], bound: list[Bound], listed: Manifest) -> Any:
    from weasyprint import HTML  # noqa: PLC0415 -- half a second and a hundred megabytes, for who makes files only

    context = {
        "case": case,
        "asked": asked,
        "made": second(asked.at),
        "parts": [(number, part) for number, part in enumerate(parts, start=1)],
        "bound": bound,
        "trail": listed.trail,
        "fonts": fonts.chosen(),
        "own": fonts.own(),
    }
    html = render_to_string("cases/dossier/book.html", context)
    return HTML(string=html, url_fetcher=fetcher()).render(pdf_tags=True)
