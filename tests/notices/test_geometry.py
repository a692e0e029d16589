"""What GB/T 9704-2012 says of a page, measured in the file; one document is made for all of it."""

from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from pypdf.generic import IndirectObject

from notices import document, facts, pdf
from notices.document import Attachment, Document
from notices.templatetags.notices import cell, unbroken
from tests.notices.measuring import BOTTOM, LEFT, MM, RIGHT, TOP, Measured

WIDE = (RIGHT - LEFT) / 28
RARE = "喆堃镕䶮𬭛"
ORGAN, OTHER = "某某市数字化转型工作专班", "某某市工业和信息化局"
LONG = "示例" + "数字化" * 12 + "科技股份有限公司"
COPIES = "某某市人民政府办公室，某某市财政局，某某市发展和改革委员会，各区人民政府，各有关单位"
ROWS = [
    [str(n), f"示例第{n}单位" if n != 7 else LONG, "新增", "行业", "—", f"样例{n}"] for n in range(1, 201)
]


def shown(**other: object) -> Document:
    lines = [
        "一、总的情况。有三家。",
        "（一）其中",
        "共" * 22 + "编号DG-GS-2026-0001。",
        f"姓名用字{RARE}。",
        "字" * 26 + "满" * 28 * 30,
    ]
    facts: dict[str, object] = {
        "organs": [ORGAN, OTHER],
        "number": "某数发〔2026〕12号",
        "title": "关于公布某某市数字化转型试点名单变动情况和有关事项的公告",
        "addressees": "各有关单位",
        "paragraphs": [document._paragraph(line) for line in lines],
        "attachments": [
            Attachment("附件", "变动明细", ["序号", "单位", "变动", "行业", "变更前", "变更后"], ROWS)
        ],
        "day": "2026年10月4日",
        "note": document.OPEN_TO_ALL,
        "has_seal": True,
        "code": "ABCDE-FGHJK",
        "address": "https://portal.example.gov.cn/verify/ABCDEFGHJK/",
        "imprint": document.Imprint(COPIES, "某某市数字化转型工作专班办公室", "2026年10月4日"),
    }
    return Document(**{**facts, **other})  # type: ignore[arg-type]


@cache
def made() -> Measured:
    return Measured(pdf.render_document(shown()).content)


@cache
def plain() -> Measured:
    """Without letterhead and seal, by one whose name is shorter than its day and two characters."""
    few = {
        "organs": ["某某局"],
        "number": "",
        "attachments": [],
        "note": "",
        "has_seal": False,
        "imprint": None,
    }
    lines = [document._paragraph("正文。")]
    return Measured(pdf.render_document(shown(**few, paragraphs=lines)).content)


def test_page_is_a4_and_nothing_but_page_number_and_code_leaves_the_type_area():
    box = made().reader.pages[0].mediabox
    assert (round(box.width / MM), round(box.height / MM)) == (210, 297)
    for page in made().pages:
        inside = [one for one in page if one.y > BOTTOM]
        assert all(one.x > LEFT - 1 and one.x < RIGHT and one.y < TOP for one in inside)
        assert len({one.text for one in page if one.y <= BOTTOM}) <= 2


def test_page_has_22_lines_of_28_characters():
    full = made().lines(1)

    assert len(full) == 22
    assert {"".join(one.text for one in line) for line in full.values()} == {"满" * 28}


def test_lines_are_as_far_apart_as_22_of_them_fill_the_type_area():
    baselines = list(made().lines(1))

    assert {round(above - below, 1) for above, below in pairwise(baselines)} == {28.9}


@pytest.mark.parametrize(
    ("text", "size"), [("关于公布", 22), ("各有关单位", 16), ("某数发", 16), ("字字", 16), ("— 1", 14)]
)
def test_sizes_are_those_of_the_standard(text, size):
    assert round(made().piece(text).size) == size


def test_headings_stand_in_faces_of_their_own_and_text_in_that_of_the_body():
    body = made().piece("各有关单位").font

    assert made().piece("一、").font != body
    assert made().piece("一、").text == "一、总的情况。"
    assert "Bold" in made().piece("关于公布").font


def test_paragraphs_begin_two_characters_in():
    assert made().piece("字字").x - LEFT == pytest.approx(2 * WIDE, abs=1)
    assert made().piece("一、").x - LEFT == pytest.approx(2 * WIDE, abs=1)
    assert made().piece("各有关单位").x == pytest.approx(LEFT, abs=1)


def test_number_is_not_parted_by_the_end_of_a_line():
    assert any(one.text.startswith("DG-GS-2026-0001") for one in made().pages[0])


def test_qr_code_is_drawn_on_the_first_page_alone():
    drawn = [page.get_contents().get_data().count(b"\nh\n") for page in made().reader.pages]
    assert drawn[0] > 100
    assert set(drawn[1:]) == {0}


def test_mark_begins_35_mm_below_the_type_area_and_the_number_stands_below_it_in_six_cornered_brackets():
    mark, number = made().piece(ORGAN), made().piece("某数发")
    top = mark.y + 0.88 * mark.size
    assert (TOP - top) / MM == pytest.approx(35, abs=2)
    assert "〔2026〕12号" in number.text
    assert number.y < made().piece(OTHER).y - 2 * 28.9


def test_page_number_stands_7_mm_below_the_type_area_outside_on_either_side():
    odd, even = made().piece("— 1", 0), made().piece("— 2", 1)
    dash = odd.y + 0.38 * odd.size
    assert (BOTTOM - dash) / MM == pytest.approx(7, abs=0.5)
    assert even.x - LEFT == pytest.approx(14, abs=1)
    assert RIGHT - odd.x == pytest.approx(14 + 37.6, abs=1)  # as wide as a digit between two dashes is here


def test_sealed_signature_has_its_day_four_in_and_the_name_over_the_middle_of_it():
    page = next(
        n for n, pieces in enumerate(made().pages) if any(one.text == "2026年10月4日" for one in pieces)
    )
    day, name = made().piece("2026年10月4日", page), made().piece(OTHER, page)
    middle = name.x + 16 * 10 / 2
    assert day.x < middle < RIGHT - 4 * WIDE
    assert 2 * (middle - day.x) + day.x == pytest.approx(RIGHT - 4 * WIDE, abs=8)


def test_joint_issuers_sign_in_their_order_with_room_for_a_seal_each():
    page = next(
        n for n, pieces in enumerate(made().pages) if any(one.text == "2026年10月4日" for one in pieces)
    )

    assert made().piece(ORGAN, page).y - made().piece(OTHER, page).y == pytest.approx(4 * 28.9, abs=1)


def test_plain_signature_of_a_short_name_has_the_day_two_in_and_two_after_it():
    name, day = plain().piece("某某局"), plain().piece("2026年10月4日")

    assert day.x - name.x == pytest.approx(2 * WIDE, abs=1)
    assert name.y - day.y == pytest.approx(28.9, abs=0.5)


def test_without_letterhead_the_title_is_at_the_top():
    assert TOP - plain().piece("关于公布").y < 28.9


def test_signature_takes_the_end_of_the_text_along_to_its_page():
    """Two seals need more room than is left below a short text."""
    lines = [document._paragraph(text) for text in ("正文。" * 9, "末段。" * 15)]
    short = Measured(
        pdf.render_document(shown(paragraphs=lines, attachments=[], note="", imprint=None)).content
    )

    first, last = (
        ["".join(one.text for one in line) for line in short.lines(page).values()] for page in (0, 1)
    )
    assert len(short.pages) == 2
    assert any("正文。" in line for line in first)  # the first page shows some of the text
    assert "末段。" in last[0]
    assert ORGAN in last


def test_list_of_attachments_goes_along_too_and_a_code_is_not_broken():
    lines = [document._paragraph(text) for text in ("正文。" * 9, "末段。" * 6)]
    code = "91440101MA00000K47"
    table = Attachment(
        "附件", "名单", ["序号", "单位", "统一社会信用代码", "行业"], [["1", LONG, code, "行业"]]
    )
    short = Measured(
        pdf.render_document(shown(paragraphs=lines, attachments=[table], note="", imprint=None)).content
    )

    last = ["".join(one.text for one in line) for line in short.lines(1).values()]
    assert len(short.pages) == 3
    assert "末段。" in last[0]
    assert any("附件：名单" in line for line in last)
    assert [one.text for one in short.pages[2] if one.text[:4] == code[:4]] == [code]


def test_imprint_stands_at_the_foot_of_the_last_page_alone():
    last = len(made().pages) - 1
    copies, printed = made().piece("抄送：", last), made().piece("某某市数字化转型工作专班办公室", last)

    assert [made().text.count(one) for one in ("抄送：", "2026年10月4日印发")] == [1, 1]
    assert (round(copies.size), round(printed.size)) == (14, 14)
    assert printed.x - LEFT == pytest.approx(14, abs=1)
    assert copies.x - LEFT == pytest.approx(14, abs=1)
    assert 0 < printed.y - BOTTOM < 22
    assert min(made().lines(last)) == pytest.approx(printed.y, abs=0.2)
    day = made().piece("2026年10月4日印发", last)
    assert day.y == pytest.approx(printed.y, abs=0.5)
    assert RIGHT - 14 - day.x == pytest.approx(5 * 14 + 7 * 7.5, abs=8)  # its end is one character in


def test_longer_copies_go_on_below_their_first_character():
    last = len(made().pages) - 1
    foot = made().piece("某某市数字化转型工作专班办公室", last).y
    second = [line for y, line in made().lines(last).items() if y > foot + 5][-1]
    assert second[0].x - LEFT == pytest.approx(4 * 14, abs=1)


def test_attachment_begins_a_page_and_its_heads_repeat_on_each():
    first = next(n for n, page in enumerate(made().pages) if any(one.text == "附件" for one in page))
    assert made().piece("附件", first).y == pytest.approx(max(made().lines(first)), abs=0.1)
    heads = [sum(one.text == "变更后" for one in page) for page in made().pages[first:]]
    assert len(heads) >= 5
    assert set(heads) == {1}


def test_every_row_is_there_once_and_a_long_name_whole():
    text = made().text

    assert text.count(LONG) == 1
    assert {text.count(f"示例第{n}单位") for n in range(1, 201) if n != 7} == {1}


def test_fonts_are_embedded_subset_and_every_rare_character_has_a_glyph():
    assert RARE in made().text
    for name, font in made().fonts.items():
        descriptor = font["/FontDescriptor"]
        assert name[7] == "+"
        assert isinstance(descriptor.get_object().raw_get("/FontFile3"), IndirectObject)


def test_every_character_has_a_glyph_of_its_own():
    """One that no font has could not be read again."""
    assert set("".join("".join(shown().parts).split())) <= set(made().text)
    lacking = shown(paragraphs=[document._paragraph("正文\ue000。")], attachments=[], number="")
    assert "\ue000" not in Measured(pdf.render_document(lacking).content).text


def test_drawing_has_its_words_for_who_cannot_see_it():
    assert "查验地址 https://portal.example.gov.cn/verify/ABCDEFGHJK/ 的二维码" in alternatives(made())


def alternatives(measured: Measured) -> set[str]:
    size: Any = measured.reader.trailer["/Size"]
    objects: list[Any] = [measured.reader.get_object(number) for number in range(1, size)]
    return {str(one["/Alt"]) for one in objects if isinstance(one, dict) and "/Alt" in one}


def test_file_is_tagged_archival_and_in_chinese():
    root = made().reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "zh-Hans"
    metadata = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2" in metadata or 'pdfaid:part="2"' in metadata
    assert "<pdfaid:conformance>A" in metadata or 'pdfaid:conformance="A"' in metadata


def test_file_says_its_colours_its_name_and_asks_nothing_of_who_opens_it():
    """What of PDF/A-2 can be read from the file; no validator is to be had here."""
    reader = made().reader
    root = reader.trailer["/Root"]
    [intent] = root["/OutputIntents"]
    assert intent.get_object()["/S"] == "/GTS_PDFA1"
    assert intent.get_object()["/DestOutputProfile"].get_object()["/N"] == 3
    assert "/ID" in reader.trailer
    assert "/Encrypt" not in reader.trailer
    assert not {"/OpenAction", "/AA", "/AcroForm"} & set(root)
    assert "/JavaScript" not in root.get("/Names", {})
    assert reader.metadata is not None
    assert reader.metadata.title == shown().title
    assert reader.metadata.author == f"{ORGAN}、{OTHER}"
    assert reader.xmp_metadata is not None
    assert reader.xmp_metadata.dc_title == {"x-default": shown().title}


def test_headings_tables_and_lists_are_tagged_as_what_they_are():
    size: Any = made().reader.trailer["/Size"]
    objects: list[Any] = [made().reader.get_object(number) for number in range(1, size)]
    tags = {str(one["/S"]) for one in objects if isinstance(one, dict) and one.get("/Type") == "/StructElem"}
    assert {"/H1", "/P", "/Table", "/TR", "/TH", "/TD", "/Figure"} <= tags


def test_several_attachments_are_numbered_below_the_text_and_on_their_pages():
    two = [{"title": title, "heads": ["序号"], "rows": [["1"]]} for title in ("名单", "明细")]
    found = shown(attachments=document._attachments(two))

    assert found.list_of_attachments == ["附件：1.名单", "2.明细"]
    assert [one.label for one in found.attachments] == ["附件1", "附件2"]


def test_no_single_word_of_the_text_goes_along_with_a_signature_to_a_new_page():
    """The last paragraph has two lines and goes along as a whole; neither does what stands below stand alone."""
    last = "更正后的名单为第7版，自2026年9月24日起以这一版为" + "准" * 3 + "。"
    few: dict[str, Any] = {"attachments": [], "imprint": None, "organs": ["某某市发展和改革委员会"]}
    for count in range(1, 7):
        lines = [document._paragraph(line) for line in ("满" * 28 * count, last)]
        found = Measured(pdf.render_document(shown(**few, paragraphs=lines)).content)
        bodies = [
            "".join(one.text for one in page if one.y > BOTTOM and round(one.size) == 16)
            for page in found.pages
        ]
        assert all("准。" not in page or "年9月24日起" in page for page in bodies), count
        assert not any(page.startswith("（此件公开发布）") for page in bodies), count


def test_numbers_keep_what_they_count_and_a_head_its_last_character():
    assert 'class="n">〔2026〕3号</span>' in unbroken("纪要局务会〔2026〕3号")
    assert '共<span class="n">1家</span>' in unbroken("共1家，见附件")
    assert cell("智能移动终端、食品饮料") == '智能移动终端、<span class="n">食品饮料</span>'
    heads = list(facts.HEADS)
    row = ["1", "示例第一号科技有限公司", "新增", "智能移动终端", "—", "示例云科技有限公司"]
    found = Measured(
        pdf.render_document(shown(attachments=[Attachment("附件", "变更内容", heads, [row])])).content
    )
    table = found.lines(len(found.pages) - 1)
    told = ["".join(one.text for one in line) for line in table.values()]
    assert any("".join(heads) == line for line in told)
    assert not any(line.startswith(("司", "公司")) for line in told)
