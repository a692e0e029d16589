"""What an upload says it is, held against what it is; what is refused, with the reason and what to do."""

import io
import struct
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader, PdfWriter

from records import files
from records.files import images, packages, pdf
from tests.records.files import samples

ALL = ["pdf", "jpeg", "png", "xlsx", "ofd"]
NAMES = {"pdf": "件.pdf", "jpeg": "件.jpg", "png": "件.png", "xlsx": "件.xlsx", "ofd": "件.ofd"}
ZIP = samples.zipped({"a.txt": b"a"})
HTML = b"<html><script>alert(1)</script></html>"


def look(content, name, kinds=ALL, megabytes=1, pages=3):
    upload = SimpleUploadedFile(name, content, "text/html")
    return files.kinds.recognised(upload, list(kinds), megabytes, pages)


def why(content, kind, **more):
    with pytest.raises(files.FileRefused) as refusal:
        look(content, NAMES[kind], **more)
    return str(refusal.value)


GOOD = {
    "pdf": samples.pdf(),
    "jpeg": samples.image("JPEG"),
    "png": samples.image("PNG"),
    "xlsx": samples.xlsx(),
    "ofd": samples.ofd(),
}


@pytest.mark.parametrize("kind", ALL)
def test_kind_is_told_from_the_content(kind):
    assert look(GOOD[kind], NAMES[kind].upper()) is files.KINDS[kind]


@pytest.mark.parametrize(
    ("content", "name", "kinds"),
    [
        (HTML, "件.pdf", ALL),
        (b"MZ\x90\x00", "件.pdf", ALL),
        (b" " + GOOD["pdf"], "件.pdf", ALL),
        (b"\xef\xbb\xbf" + GOOD["pdf"], "件.pdf", ALL),
        (HTML + GOOD["pdf"], "件.pdf", ALL),
        (GOOD["png"], "件.pdf", ALL),
        (GOOD["pdf"], "件.pdf.exe", ALL),
        (GOOD["pdf"], "件", ALL),
        (GOOD["pdf"], "pdf", ALL),
        (GOOD["png"], "件.png", ["pdf"]),
        (ZIP, "件.zip", ALL),
        (ZIP, "件.docx", ["docx", "pdf"]),
        (b"%PD", "件.pdf", ALL),
    ],
)
def test_content_that_is_not_what_the_name_says_is_refused(content, name, kinds):
    with pytest.raises(files.FileRefused, match="看的是文件内容，不只是后缀"):
        look(content, name, kinds)


def test_refusal_names_the_kinds_of_the_row_and_no_direction_of_text():
    with pytest.raises(files.FileRefused) as refusal:
        look(b"text", "申请\u202e书.txt", ["pdf", "png", "doc"])
    assert str(refusal.value) == (
        "申请书.txt 的内容不是 PDF、PNG（看的是文件内容，不只是后缀）。另存为 PDF、PNG 后再传"
    )


@pytest.mark.parametrize(
    ("content", "name", "kinds", "said"),
    [
        (
            GOOD["png"],
            "件.jpg",
            ALL,
            "是 PNG（看的是文件内容，不只是后缀），名字却以 .jpg 结尾。把后缀改成 .png，再传",
        ),
        (
            GOOD["pdf"],
            "件",
            ALL,
            "是 PDF（看的是文件内容，不只是后缀），名字没有后缀。在名字后面加上 .pdf，再传",
        ),
        (
            GOOD["xlsx"],
            "件.pdf",
            ALL,
            "是 XLSX（看的是文件内容，不只是后缀），名字却以 .pdf 结尾。把后缀改成 .xlsx，再传",
        ),
        (
            GOOD["ofd"],
            "件.pdf",
            ["pdf", "ofd"],
            "是 OFD（看的是文件内容，不只是后缀），名字却以 .pdf 结尾。把后缀改成 .ofd，再传",
        ),
        (
            GOOD["png"],
            "件.png",
            ["pdf"],
            "是 PNG（看的是文件内容，不只是后缀），这里只收 PDF。另存为 PDF 后再传",
        ),
        (
            b"GIF89a....",
            "件.jpg",
            ["jpeg"],
            "是 GIF 图片（看的是文件内容，不只是后缀），这里只收 JPG。另存为 JPG 后再传",
        ),
        (
            b"\0\0\0\x18ftypheic",
            "件.jpg",
            ["jpeg"],
            "是 HEIC 图片（看的是文件内容，不只是后缀），这里只收 JPG。另存为 JPG 后再传",
        ),
        (
            b"\xd0\xcf\x11\xe0",
            "件.xlsx",
            ["xlsx"],
            "是旧格式或者加了密码的 Office 文件（看的是文件内容，不只是后缀），这里只收 XLSX。另存为 XLSX 后再传",
        ),
        (
            samples.zipped({"word/document.xml": b"a"}),
            "件.pdf",
            ["pdf"],
            "是 Word 文档（看的是文件内容，不只是后缀），这里只收 PDF。另存为 PDF 后再传",
        ),
        (ZIP, "件.pdf", ["pdf"], "是压缩包（看的是文件内容，不只是后缀），这里只收 PDF。另存为 PDF 后再传"),
        (
            b"<HTML>",
            "件.pdf",
            ["pdf"],
            "是网页（看的是文件内容，不只是后缀），这里只收 PDF。另存为 PDF 后再传",
        ),
        (b"text", "件.pdf", ["pdf"], "不是 PDF（看的是文件内容，不只是后缀）。另存为 PDF 后再传"),
    ],
)
def test_refusal_says_what_it_is_what_it_is_called_and_what_to_do(content, name, kinds, said):
    with pytest.raises(files.FileRefused) as refusal:
        look(content, name, kinds)
    assert str(refusal.value) == f"{name} 的内容{said}"


def test_empty_and_too_large_are_refused():
    assert why(b"", "pdf") == "件.pdf 是空文件，重新选择"
    room = 1024 * 1024 - len(samples.pdf(b"<<>>")) - 4  # so much longer is where the table is said to begin
    most = samples.pdf(b"<<>>" + b" " * room)
    assert len(most) == 1024 * 1024
    look(most, "件.pdf")
    assert why(most + b"\n", "pdf") == "件.pdf 有 1.0 MB，最大 1 MB。压缩或拆分后再传"


@pytest.mark.parametrize("kind", ["pdf", "jpeg", "png", "xlsx", "ofd"])
@pytest.mark.parametrize(
    "tail", [ZIP, HTML, b"Rar!\x1a\x07\x01\x00", b"7z\xbc\xaf\x27\x1c\x00\x04", b"MZ\x90\x00"]
)
def test_what_stands_behind_the_end_is_refused(kind, tail):
    said = why(GOOD[kind] + tail, kind)
    assert "夹带压缩包" in said or "还有别的内容" in said
    assert "后再传" in said or "只传图片本身" in said


@pytest.mark.parametrize("kind", ["pdf", "jpeg", "png"])
def test_an_archive_whose_comment_ends_like_the_file_is_refused(kind):
    """Both readers are content with it: the one from the front and the one of archives from the back."""
    end = {"pdf": b"\n%%EOF\n", "jpeg": b"\xff\xd9", "png": GOOD["png"][-12:]}[kind]
    assert "夹带压缩包" in why(GOOD[kind] + samples.zipped({"a": b"a"}, comment=end), kind)


@pytest.mark.parametrize("kind", ["pdf", "jpeg", "png", "xlsx", "ofd"])
def test_a_file_that_was_cut_off_is_refused(kind):
    good = GOOD[kind]
    for length in (len(good) // 3, len(good) - 12):
        assert why(good[:length], kind).startswith(f"{NAMES[kind]} 不完整")


def test_phone_pictures_with_a_second_one_behind_are_taken():
    two = GOOD["jpeg"] + b"\0" * 40 + samples.image("JPEG", (8, 8)) + b"\0" * 10
    assert look(two, "件.jpg") is files.KINDS["jpeg"]
    assert "后面还有别的内容" in why(two + b"x", "jpeg")


@pytest.mark.parametrize(("side", "fits"), [(10_000, True), (10_001, False)])
def test_pixels_are_counted_before_anybody_decodes_them(side, fits, monkeypatch):
    monkeypatch.setattr(images, "MOST_PIXELS", 10_000 * 5_000)
    for content, kind in ((samples.png_of(side, 5_000), "png"), (samples.jpeg_of(side, 5_000), "jpeg")):
        if fits:
            look(content, NAMES[kind])
        else:
            assert "像素太多，最多 5000 万像素。降低分辨率后再传" in why(content, kind)


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xd8\xff" + b"0" * 20,
        b"\xff\xd8\xff\xd9",
        GOOD["jpeg"].replace(b"\xff\xda", b"\xff\x00"),
        b"\xff\xd8" + b"\xff\xe0\x00\x02" * (images.MOST_PARTS + 1) + GOOD["jpeg"][2:],
    ],
)
def test_broken_jpeg_is_refused(content):
    assert "不完整或已损坏" in why(content, "jpeg")


def test_png_with_a_wrong_sum_is_refused():
    place = GOOD["png"].index(b"IDAT") + 6
    broken = GOOD["png"][:place] + b"\x01" + GOOD["png"][place + 1 :]
    assert "不完整或已损坏" in why(broken, "png")


def test_pages_are_counted_and_the_row_says_how_many():
    look(samples.pdf(pages=3), "件.pdf")
    look(samples.ofd(pages=3), "件.ofd")
    for content, kind in ((samples.pdf(pages=4), "pdf"), (samples.ofd(pages=4), "ofd")):
        assert why(content, kind).endswith("有 4 页，最多 3 页。只留需要的页，或拆分后再传")


def encrypted_pdf():
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(GOOD["pdf"])))
    writer.encrypt("", "owner", algorithm="AES-256")
    sink = io.BytesIO()
    writer.write(sink)
    return sink.getvalue()


def test_encrypted_pdf_is_refused():
    assert "加了密码或权限限制，不能收。取消加密后再传" in why(encrypted_pdf(), "pdf")


@pytest.mark.parametrize(
    "active",
    [
        samples.pdf(catalog=b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"),
        samples.pdf(b"<</S/J#61vaScript/JS(x)>>", catalog=b"/OpenAction 4 0 R"),
        samples.pdf(b"[<</S 5 0 R>>]", b"/JavaScript", catalog=b"/Any 4 0 R"),
        samples.pdf(catalog=b"/Names<</JavaScript<</Names[(a)4 0 R]>>>>"),
        samples.pdf(page=b"/AA<</O<</S/Launch/F(cmd.exe)>>>>"),
        samples.pdf(page=b"/Annots[<</Subtype/Link/A<</S/L#61unch/F(a)>>>>]"),
        samples.pdf(page=b"/Annots[<</Subtype/Link/A<</S/SubmitForm/F(http://x)>>>>]"),
        samples.pdf(catalog=b"/AcroForm<</XFA[(a)4 0 R]>>"),
        samples.pdf(b"<</S/JavaScript /JS(in no table)>>"),
    ],
)
def test_pdf_that_does_something_by_itself_is_refused(active):
    assert "里有脚本或会自动执行的动作，不能收。打印成 PDF 后再传" in why(active, "pdf")


@pytest.mark.parametrize(
    "holding",
    [
        samples.pdf(catalog=b"/Names<</EmbeddedFiles<</Names[(a)4 0 R]>>>>"),
        samples.pdf(b"<</Type/Filespec/EF<</F 5 0 R>>>>", b"<<>>", catalog=b"/AF[4 0 R]"),
        samples.pdf(page=b"/Annots[<</Subtype/FileAttachment>>]"),
        samples.pdf(page=b"/Annots[<</Subtype/Screen>>]"),
    ],
)
def test_pdf_that_holds_files_is_refused(holding):
    assert "里嵌有附件或音视频" in why(holding, "pdf")


def test_pdf_with_links_and_an_opening_view_is_taken():
    page = b"/Annots[<</Subtype/Link/A<</S/URI/URI(http://example.org)>>>>]"
    assert look(samples.pdf(catalog=b"/OpenAction[3 0 R/Fit]", page=page), "件.pdf")


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.4\n%%EOF\n",
        b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n",
        samples.written([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"]),
        samples.written([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"]),
        samples.written([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Kids[3 0 R 3 0 R]>>", b"<</Type/Page>>"]),
        samples.written([b"<</Type/Catalog>>"]),
        samples.written([b"[" * 5000]),
    ],
)
def test_malformed_pdf_is_refused(content):
    assert why(content, "pdf") == "件.pdf 不完整或已损坏，不能打开。重新导出 PDF 后再传"


def test_a_pdf_of_endless_objects_is_given_up(monkeypatch):
    monkeypatch.setattr(pdf, "MOST_OBJECTS", 50)
    chain = [b"<</Next %d 0 R>>" % (5 + number) for number in range(60)]
    assert "结构太复杂" in why(samples.pdf(*chain, b"<<>>", catalog=b"/First 4 0 R"), "pdf")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (ZIP, "是压缩包，不是 Excel 工作簿"),
        (samples.ofd(), "是压缩包，不是 Excel 工作簿"),
        (samples.xlsx({"xl/vbaProject.bin": b"x"}), "里有宏或控件"),
        (samples.xlsx({"xl/macrosheets/sheet1.xml": b"<a/>"}), "里有宏或控件"),
        (samples.xlsx({"xl/activeX/activeX1.xml": b"<a/>"}), "里有宏或控件"),
        (
            samples.xlsx(types=b'<Types a="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/>'),
            "里有宏或控件",
        ),
        (samples.xlsx({"xl/embeddings/a.bin": b"x"}), "里嵌入了别的文件"),
        (samples.xlsx({"xl/externalLinks/externalLink1.xml": b"<a/>"}), "引用了外部的文件或数据"),
        (samples.xlsx({"xl/connections.xml": b"<a/>"}), "引用了外部的文件或数据"),
        (samples.linked(b"x/externalLinkPath", b"file.xlsx"), "引用了外部的文件或数据"),
        (samples.linked(b"x/hyperlink", b"file:///c:/a.exe"), "引用了外部的文件或数据"),
        (samples.linked(b"x/hyperlink", b"\\\\host\\share"), "引用了外部的文件或数据"),
        (samples.xlsx({"a.rels": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "不完整或已损坏"),
        (samples.xlsx({"a.rels": "<a/>".encode("utf-16")}), "不完整或已损坏"),
        (samples.xlsx({"xl/media/a.zip": ZIP}), "里夹带压缩包、程序或嵌入的文件（a.zip）"),
        (samples.xlsx({"xl/media/a.png": b"MZ\x90\x00"}), "里夹带压缩包、程序或嵌入的文件（a.png）"),
        (samples.xlsx({"../a.xml": b"<a/>"}), "不完整或已损坏"),
        (samples.xlsx({"xl/a.xml": b"0" * (2 << 20)}), "解开后太大或文件太多"),
        (samples.xlsx({f"{n}.xml": b"" for n in range(packages.MOST_PARTS)}), "解开后太大或文件太多"),
        (
            samples.zipped({"[Content_Types].xml": b"", "xl/workbook.xml": b""}, comment=b"x"),
            "后面还有别的内容",
        ),
    ],
)
def test_workbook_that_is_more_than_one_is_refused(content, said):
    assert said in why(content, "xlsx")


def test_workbook_with_links_to_pages_is_taken():
    assert look(samples.linked(b"x/hyperlink", b"https://example.org/"), "件.xlsx") is files.KINDS["xlsx"]


def test_what_unpacks_to_more_than_its_header_says_is_refused():
    """The directory promises ten bytes, and the packed content holds two million."""
    content = bytearray(samples.xlsx({"xl/a.xml": b"0" * 2_000_000}))
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        place = opened.getinfo("xl/a.xml").header_offset
    for signature, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = content.rindex(signature) if signature == b"PK\x01\x02" else place
        content[start + at : start + at + 4] = struct.pack("<I", 10)
    assert "不完整或已损坏" in why(bytes(content), "xlsx")


def test_parts_that_share_their_bytes_are_refused():
    content = bytearray(samples.xlsx({"xl/a.xml": b"<a/>", "xl/b.xml": b"<b/>"}))
    last = content.rindex(b"PK\x01\x02")
    before = content.rindex(b"PK\x01\x02", 0, last)
    content[last + 42 : last + 46] = content[before + 42 : before + 46]
    assert "不完整或已损坏" in why(bytes(content), "xlsx")


def test_workbook_under_a_password_is_refused():
    content = bytearray(samples.xlsx())
    place = content.rindex(b"PK\x01\x02")
    content[place + 8] |= 1
    assert "加了密码" in why(bytes(content), "xlsx")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (ZIP, "是压缩包，不是 OFD"),
        (samples.ofd(more={"Doc_0/a.exe": b"x"}), "里夹带别的文件（a.exe）"),
        (samples.ofd(more={"Doc_0/a.js": b"x"}), "里夹带别的文件（a.js）"),
        (samples.zipped({"OFD.xml": b"<OFD/>"}), "不完整或已损坏"),
        (samples.zipped({"OFD.xml": b"<a><DocRoot>none.xml</DocRoot></a>"}), "不完整或已损坏"),
        (samples.zipped({"OFD.xml": b"<a>"}), "不完整或已损坏"),
    ],
)
def test_ofd_that_is_none_or_more_is_refused(content, said):
    assert said in why(content, "ofd")
