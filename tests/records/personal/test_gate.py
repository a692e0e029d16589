from io import BytesIO
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from pypdf import PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from records.personal import gate
from tests.records.personal import made

MOBILE, IDENTITY = "13812341234", made.identity(made.seeded(5))
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def paper(content: bytes, name: str, kind: str) -> Any:
    return SimpleNamespace(
        name=name, content_type=kind, content=SimpleNamespace(open=lambda mode: BytesIO(content))
    )


def workbook(name: str = "名单.xlsx", **sheets: Any) -> Any:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, fill in (sheets or {"表": lambda sheet: None}).items():
        fill(book.create_sheet(title))
    file = BytesIO()
    book.save(file)
    return paper(file.getvalue(), name, XLSX)


def told(what: dict[str, Any], words: dict[str, str] | None = None) -> list[str]:
    return [str(one) for one in gate(what, words)]


def test_text_and_rows_name_their_place():
    what = {
        "reason": f"联系 {MOBILE}",
        "rows": [{"name": "甲"}, {"name": f"乙 {IDENTITY}", "amount": 5, "is_new": True, "none": None}],
    }

    assert told(what, {"reason": "变更原因", "rows": "名单", "name": "名称"}) == [
        "变更原因：像手机号码 138****1234",
        "名单第 2 行的“名称”：像身份证号码 ***",
    ]


def test_number_as_a_key_or_as_a_number_is_found():
    assert told({"表": {MOBILE: "甲"}}) == ["表的“138****1234”：像手机号码 138****1234"]
    assert told({"表": [[int(MOBILE)]]}) == ["表第 1 行第 1 行：像手机号码 138****1234"]


def test_cell_of_a_workbook_is_named():
    def fill(sheet: Any) -> None:
        sheet["C7"] = MOBILE
        sheet["D8"] = int(MOBILE)
        sheet["E9"] = float(MOBILE)

    assert told({"附件": workbook(甲=lambda sheet: None, 乙=fill)}) == [
        f"附件《名单.xlsx》第 2 张表 {cell}：像手机号码 138****1234" for cell in ("C7", "D8", "E9")
    ]


def test_what_a_reader_of_a_workbook_does_not_see_is_found():
    def hidden(sheet: Any) -> None:
        sheet.sheet_state = "hidden"
        sheet["A1"] = IDENTITY

    def noted(sheet: Any) -> None:
        sheet["B2"].comment = Comment(f"问 {MOBILE}", "某")
        sheet["B3"].hyperlink = f"https://example.org/{MOBILE}"
        sheet["B3"] = "网址"
        sheet.oddFooter.center.text = MOBILE
        sheet.parent.properties.creator = MOBILE

    places = told({"附件": workbook(甲=noted, 乙=hidden, **{f"联系{MOBILE}": lambda sheet: None})})

    assert places == [
        "附件《名单.xlsx》的文件属性“creator”：像手机号码 138****1234",
        "附件《名单.xlsx》第 1 张表的页眉页脚：像手机号码 138****1234",
        "附件《名单.xlsx》第 1 张表 B2 的批注：像手机号码 138****1234",
        "附件《名单.xlsx》第 1 张表 B3 的链接：像手机号码 138****1234",
        "附件《名单.xlsx》第 2 张表（隐藏） A1：像身份证号码 ***",
        "附件《名单.xlsx》第 3 张表的名称：像手机号码 138****1234",
    ]


def test_file_name_is_read_and_not_repeated():
    assert told({"附件": workbook(f"王某{MOBILE}.xlsx")}) == [
        "附件《王某138****1234.xlsx》的文件名：像手机号码 138****1234"
    ]


def pdf(text: str = "", **metadata: str) -> PdfWriter:
    writer = PdfWriter()
    page = writer.add_blank_page(width=595, height=842)
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
    )
    stream = DecodedStreamObject()
    stream.set_data(f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET".encode())
    page[NameObject("/Contents")] = writer._add_object(stream)
    if metadata:
        writer.add_metadata({f"/{key}": value for key, value in metadata.items()})
    return writer


def as_paper(writer: PdfWriter) -> Any:
    file = BytesIO()
    writer.write(file)
    return paper(file.getvalue(), "意见.pdf", "application/pdf")


def test_page_note_and_properties_of_a_pdf_are_read():
    writer = pdf(f"call {MOBILE}", Author=f"zhang {MOBILE}")
    writer.add_annotation(0, FreeText(text=IDENTITY, rect=(50, 550, 200, 650)))
    writer.add_attachment(f"{MOBILE}.txt", b"x")

    assert told({"附件": as_paper(writer)}) == [
        "附件《意见.pdf》的文件属性“Author”：像手机号码 138****1234",
        "附件《意见.pdf》里夹带的文件的名称：像手机号码 138****1234",
        "附件《意见.pdf》第 1 页：像手机号码 138****1234",
        "附件《意见.pdf》第 1 页的批注：像身份证号码 ***",
    ]


def test_clean_files_pass():
    def fill(sheet: Any) -> None:
        sheet["A1"], sheet["B1"], sheet["C1"] = "91990001MAQ000119X", "0769-22831234", 36000

    assert told({"表": workbook(甲=fill), "文": as_paper(pdf("tel 0769-22831234", Author="office"))}) == []


@pytest.mark.parametrize("kind", [XLSX, "application/pdf"])
def test_file_that_cannot_be_opened_does_not_pass(kind):
    [found] = gate({"附件": paper(b"%PDF-1.7 broken", "坏.pdf", kind)})

    assert str(found) == "附件《坏.pdf》：打不开，看不出里面有没有个人信息"
