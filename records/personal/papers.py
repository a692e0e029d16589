"""What can be read in a file, piece by piece, each with its place: also what a reader does not see at first."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import IO, Any

Pieces = Iterator[tuple[str, str]]
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Unreadable(Exception):
    """It cannot be opened, so nothing can be said of it."""


def pieces(content: IO[bytes], content_type: str) -> Pieces:
    """Place and text. A picture has none: what is in it, only a person can see."""
    read = {"application/pdf": _of_pdf, _XLSX: _of_workbook}.get(content_type)
    if read is None:
        return
    try:
        yield from read(content)
    except Exception as error:  # both libraries raise whatever their own libraries do
        raise Unreadable from error


def _of_pdf(content: IO[bytes]) -> Pieces:
    from pypdf import PdfReader  # noqa: PLC0415 -- most of a second, which few processes ever need

    reader = PdfReader(content)
    yield from (
        (f"的文件属性“{key.lstrip('/')}”", str(value)) for key, value in (reader.metadata or {}).items()
    )
    if (xmp := reader.xmp_metadata) is not None:
        yield "的文件属性", "\n".join(part for part in _words_of(xmp.rdf_root) if part)
    for name in reader.attachments:
        yield "里夹带的文件的名称", name
    for name, field in (reader.get_fields() or {}).items():
        yield f"的表单域“{name}”", str(field.get("/V") or "")
    for number, page in enumerate(reader.pages, 1):
        yield f"第 {number} 页", page.extract_text()
        for note in page.annotations or []:
            yield f"第 {number} 页的批注", _words_of_note(note.get_object())


def _words_of(node: Any) -> Iterator[str]:
    if node.nodeType in (node.TEXT_NODE, node.CDATA_SECTION_NODE):
        yield node.data.strip()
    for name, value in (node.attributes or {}).items() if node.nodeType == node.ELEMENT_NODE else ():
        if not name.startswith("xmlns"):
            yield value
    for child in node.childNodes:
        yield from _words_of(child)


def _words_of_note(note: Any) -> str:
    action = note.get("/A")
    link = action.get_object().get("/URI") if action else ""
    return "\n".join(str(one) for one in (note.get("/Contents"), note.get("/T"), note.get("/V"), link) if one)


def _of_workbook(content: IO[bytes]) -> Pieces:
    from openpyxl import load_workbook  # noqa: PLC0415 -- likewise

    book = load_workbook(content)
    for key, value in vars(book.properties).items():
        yield f"的文件属性“{key}”", str(value or "")
    for key, defined in book.defined_names.items():
        yield f"定义的名称“{key}”", f"{key}\n{defined.value}"
    for number, sheet in enumerate(book.worksheets, 1):
        where = f"第 {number} 张表" + ("" if sheet.sheet_state == "visible" else "（隐藏）")
        yield f"{where}的名称", sheet.title
        yield f"{where}的页眉页脚", "\n".join(_edges(sheet))
        yield from _of_cells(where, sheet)


def _edges(sheet: Any) -> Iterator[str]:
    for edge in (
        sheet.oddHeader,
        sheet.oddFooter,
        sheet.evenHeader,
        sheet.evenFooter,
        sheet.firstHeader,
        sheet.firstFooter,
    ):
        for part in (edge.left, edge.center, edge.right):
            yield part.text or ""


def _of_cells(where: str, sheet: Any) -> Pieces:
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is not None:
                yield f"{where} {cell.coordinate}", _written(cell.value)
            if cell.comment:
                yield f"{where} {cell.coordinate} 的批注", f"{cell.comment.author}\n{cell.comment.text}"
            if cell.hyperlink:
                yield (
                    f"{where} {cell.coordinate} 的链接",
                    f"{cell.hyperlink.target}\n{cell.hyperlink.tooltip}",
                )


def _written(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
