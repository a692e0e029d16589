"""Small files made on the spot: good ones, and those that were made to break or to hide something."""

import io
import struct
import zipfile
import zlib

from PIL import Image

CATALOG = b"<</Type/Catalog/Pages 2 0 R%s>>"
TREE = b"<</Type/Pages/Kids[%s]/Count %d>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]%s>>"


def pdf(*more: bytes, pages: int = 1, catalog: bytes = b"", page: bytes = b"", trailer: bytes = b"") -> bytes:
    """`more` objects come after the pages; the first of them is number 3 + pages."""
    numbers = range(3, 3 + pages)
    tree = TREE % (b" ".join(b"%d 0 R" % number for number in numbers), pages)
    return written([CATALOG % catalog, tree, *(PAGE % page for _ in numbers), *more], trailer)


def written(objects: list[bytes], trailer: bytes = b"") -> bytes:
    out, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start, size = len(out), len(objects) + 1
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    return out + b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)


def image(kind: str, size: tuple[int, int] = (40, 30), shade: int = 240) -> bytes:
    sink = io.BytesIO()
    Image.new("RGB", size, (shade, shade, shade)).save(sink, kind)
    return sink.getvalue()


def png_of(width: int, height: int) -> bytes:
    """A header that promises so many pixels, and next to nothing behind it."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )


def jpeg_of(width: int, height: int) -> bytes:
    good = image("JPEG")
    place = good.index(b"\xff\xc0") + 5
    return good[:place] + struct.pack(">HH", height, width) + good[place + 4 :]


def zipped(parts: dict[str, bytes], comment: bytes = b"") -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
        made.comment = comment
    return sink.getvalue()


TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
SHEET = b'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
RELATION = b'<Relationships xmlns="r"><Relationship Id="a" Type="%s" Target="%s" TargetMode="External"/></Relationships>'


def xlsx(more: dict[str, bytes] | None = None, types: bytes = TYPES) -> bytes:
    return zipped({"[Content_Types].xml": types, "xl/workbook.xml": SHEET, **(more or {})})


def linked(kind: bytes, target: bytes) -> bytes:
    return xlsx({"xl/worksheets/_rels/sheet1.xml.rels": RELATION % (kind, target)})


def ofd(pages: int = 1, more: dict[str, bytes] | None = None) -> bytes:
    root = b'<o:OFD xmlns:o="u"><o:DocBody><o:DocRoot>Doc_0/Document.xml</o:DocRoot></o:DocBody></o:OFD>'
    listed = b'<o:Page ID="1" BaseLoc="p"/>' * pages
    document = b'<o:Document xmlns:o="u"><o:Pages>%s</o:Pages></o:Document>' % listed
    return zipped({"OFD.xml": root, "Doc_0/Document.xml": document, **(more or {})})
