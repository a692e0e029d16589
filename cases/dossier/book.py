"""A dossier as one PDF: cover, index and list, the readable parts, then the filed PDFs, with one count of pages."""

import gc
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO, Any

from django.template.loader import render_to_string
from pypdf import PdfReader, PdfWriter
from pypdf.constants import PageLabelStyle
from pypdf.errors import PyPdfError

from cases.dossier import manifest
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
    """Cover, index and list come first and are not counted, as in any volume: so they are laid out last, when all pages are
    known."""
    numbered = list(enumerate(parts, start=1))
    body = _laid_out("body", case, asked, parts=numbered)
    bound = _bound(numbered, len(body.pages))
    rows = [(number, part.title, page) for (number, part), page in zip(numbered, _begins(body), strict=True)]
    front = _laid_out("front", case, asked, rows=rows, bound=bound, listed=manifest.begun(case, asked))
    _bind(front, body, bound).write(sink)
    gc.collect()  # pages and fonts hold one another
    return Written([one.one for one in bound if one.reader])


def _begins(body: Any) -> list[int]:
    """On which page each part begins."""
    return [
        number
        for number, page in enumerate(body.pages, start=1)
        for name in page.anchors
        if name.startswith("part-")
    ]


def _bind(front: Any, body: Any, bound: list[Bound]) -> PdfWriter:
    """The body keeps its structure for who reads it by ear; the rest is put before and behind it."""
    writer, cover = PdfWriter(clone_from=io.BytesIO(body.write_pdf())), len(front.pages)
    for one in bound:
        if one.reader:
            writer.append(one.reader, outline_item=f"{one.one.about}：{one.one.name}", import_outline=False)
    writer.merge(0, PdfReader(io.BytesIO(front.write_pdf())), import_outline=False)
    writer.set_page_label(0, cover - 1, style=PageLabelStyle.LOWERCASE_ROMAN)
    writer.set_page_label(cover, len(writer.pages) - 1, style=PageLabelStyle.DECIMAL, start=1)
    return writer


def _bound(numbered: list[tuple[int, Part]], before: int) -> list[Bound]:
    left, found = MOST_BOUND, []
    for number, part in numbered:
        for one in part.files:
            bound = _read(number, one, left)
            if bound.reader:
                left -= bound.reader.stream.seek(0, io.SEEK_END)
                bound.page, before = before + 1, before + len(bound.reader.pages)
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


def _laid_out(kind: str, case: Case, asked: Asked, **said: object) -> Any:
    from weasyprint import HTML  # noqa: PLC0415 -- half a second and a hundred megabytes, for who makes files only

    context = {
        "case": case,
        "asked": asked,
        "made": second(asked.at),
        "fonts": fonts.chosen(),
        "own": fonts.own(),
        **said,
    }
    html = render_to_string(f"cases/dossier/book_{kind}.html", context)
    return HTML(string=html, url_fetcher=fetcher()).render(pdf_tags=True)
