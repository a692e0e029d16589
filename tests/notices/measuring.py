"""A document as it lies on paper: what stands where and how big, read from the file."""

import io
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pypdf import PdfReader

MM = 72 / 25.4
# The type area: 156 × 225 mm, 28 mm from the left and 37 mm from the top of an A4 page.
LEFT, RIGHT = 28 * MM, (28 + 156) * MM
TOP, BOTTOM = (297 - 37) * MM, (297 - 37 - 225) * MM


@dataclass(frozen=True)
class Piece:
    x: float
    y: float
    size: float
    font: str
    text: str


class Measured:
    def __init__(self, content: bytes) -> None:
        self.reader = PdfReader(io.BytesIO(content))

    @cached_property
    def pages(self) -> list[list[Piece]]:
        return [_pieces(page) for page in self.reader.pages]

    def lines(self, page: int) -> dict[float, list[Piece]]:
        """By baseline from the top, what stands in the type area."""
        rows: dict[float, list[Piece]] = {}
        for piece in self.pages[page]:
            if piece.y > BOTTOM:
                rows.setdefault(round(piece.y, 1), []).append(piece)
        return dict(sorted(rows.items(), reverse=True))

    def piece(self, text: str, page: int = 0) -> Piece:
        return next(one for one in self.pages[page] if one.text.startswith(text))

    @cached_property
    def text(self) -> str:
        return "".join(one.text for page in self.pages for one in page if one.y > BOTTOM)

    @property
    def fonts(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for page in self.reader.pages:
            for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
                [descendant] = font.get_object()["/DescendantFonts"]
                found[font.get_object()["/BaseFont"]] = descendant.get_object()
        return found


def _pieces(page: Any) -> list[Piece]:
    found: list[Piece] = []

    def visit(text: str, cm: Any, tm: Any, font: Any, size: float) -> None:
        if text.strip():
            x = cm[0] * tm[4] + cm[2] * tm[5] + cm[4]
            y = cm[1] * tm[4] + cm[3] * tm[5] + cm[5]
            name = str((font or {}).get("/BaseFont", ""))
            found.append(Piece(x, y, abs(cm[0] * tm[0]) * size, name, text.strip()))

    page.extract_text(visitor_text=visit)
    return list(dict.fromkeys(found))  # the reader tells the last one twice
