"""Tables for spreadsheets: CSV, line by line."""

import csv
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from records import personal
from records.unseen import is_unseen

BYTE_ORDER_MARK = "\ufeff"
CONTENT_TYPE = "text/csv; charset=utf-8"
# What a spreadsheet would take for the beginning of a formula, in every width.
FORMULA_STARTS = tuple("=+-@")
CONTROLS = tuple("\t\r\n")


class _Line:
    """What the csv module writes to; hands each line straight on."""

    def write(self, text: str) -> str:
        return text


def lines(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    writer: Any = csv.writer(_Line())
    yield BYTE_ORDER_MARK
    for row in rows:
        yield writer.writerow([harmless(cell) for cell in row])


def harmless(cell: Any) -> str:
    """No cell is ever computed by the program that opens it, and none tells the number of a person."""
    text = "" if cell is None else personal.shown(str(cell))
    return f"'{text}" if text.startswith(CONTROLS) or _begins(text).startswith(FORMULA_STARTS) else text


def _begins(text: str) -> str:
    """With what a program begins that passes over what cannot be seen."""
    seen = (letter for letter in text if not (letter.isspace() or is_unseen(letter)))
    return unicodedata.normalize("NFKC", next(seen, ""))
