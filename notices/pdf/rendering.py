import gc
import io
from base64 import b64encode
from dataclasses import dataclass
from typing import Any

import qrcode
from django.template.loader import render_to_string
from qrcode.image.svg import SvgPathImage

from notices import document
from notices.document import Document
from notices.models import Notice
from notices.pdf import titles
from records.printing import fonts
from records.printing.fetching import fetcher

# GB/T 9704-2012 in points: 28 characters fill 156 mm, 22 lines 225 mm.
CHARACTER, SIZE, LINE = 15.78, 16, 28.9
LINE_OF_CHARACTERS = 28
BIGGEST_MARK = 36


@dataclass(frozen=True)
class Made:
    content: bytes
    fonts: list[dict[str, str]]


def render(notice: Notice) -> Made:
    return render_document(document.of(notice))


def text_of(notice: Notice) -> str:
    return "\n".join(document.of(notice).parts)


def render_document(shown: Document) -> Made:
    from weasyprint import HTML  # noqa: PLC0415 -- half a second and a hundred megabytes, for who makes files only

    set_in = fonts.chosen()
    made = HTML(string=html_of(shown, set_in), url_fetcher=fetcher()).write_pdf(
        pdf_variant="pdf/a-2a", pdf_tags=True
    )
    gc.collect()  # pages and fonts hold one another: left to itself, a worker grows to three times as much
    return Made(made, [one.to_json() for one in set_in])


def html_of(shown: Document, set_in: list[fonts.Chosen]) -> str:
    context = {**layout(shown), "doc": shown, "fonts": set_in, "own": fonts.own()}
    return render_to_string("notices/pdf.html", context)


def layout(shown: Document) -> dict[str, Any]:
    """What depends on how long the names are."""
    longest = max(map(len, shown.organs))
    mark = min(BIGGEST_MARK, LINE_OF_CHARACTERS * CHARACTER / longest)
    return {
        "mark": f"{mark:.1f}",
        "mark_line": f"{mark * 1.2:.1f}",
        "signs_in_one_line": longest < LINE_OF_CHARACTERS,
        "indent": f"{_indent(shown):.2f}",
        "qr": _qr(shown),
        "title_lines": titles.lines(shown.title, shown.names),
        "attached": [(one, titles.lines(one.title, shown.names)) for one in shown.attachments],
    }


def _indent(shown: Document) -> float:
    """How far from the right a signature under a seal ends, in characters: the day stands four in, the name centred over it."""
    day = sum(0.55 if one.isascii() else 1 for one in shown.day)
    beyond = max(max(map(len, shown.organs)) - day, 0) / 2
    return max(4 - beyond, 0)


def _qr(shown: Document) -> str:
    """As the address of a drawing that holds it whole; nothing on a site that does not know its own address."""
    if not shown.address:
        return ""
    image = qrcode.make(shown.address, image_factory=SvgPathImage, box_size=10, border=2)
    drawn = io.BytesIO()
    image.save(drawn)
    return f"data:image/svg+xml;base64,{b64encode(drawn.getvalue()).decode()}"
