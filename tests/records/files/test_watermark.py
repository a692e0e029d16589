"""The copy for one reader."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageChops
from pypdf import PdfReader

from records import files
from records.files import watermark
from tests.conftest import NOW
from tests.records.files import samples

pytestmark = pytest.mark.django_db
WORDS = "林经办　2026年9月17日 10:32　核实身份"


def stored(content, name):
    kinds = ["pdf", "jpeg", "png"]
    upload = SimpleUploadedFile(name, content)
    return files.store(upload, kinds=kinds, max_megabytes=1, by=None, at=NOW, sensitive=True)


def test_every_page_of_a_pdf_says_who_when_and_what_for():
    content = samples.pdf(pages=2, page=b"/Rotate 90")
    one = stored(content, "件.pdf")
    marked = PdfReader(io.BytesIO(watermark.marked(one, WORDS)))
    assert len(marked.pages) == 2
    for page in marked.pages:
        text = page.extract_text().replace(" ", "").replace("\u3000", "")
        assert "林经办2026年9月17日10:32核实身份" in text
        assert (page.mediabox.width, page.mediabox.height) == (842, 595)
    assert b"".join(files.opened(one)) == content


@pytest.mark.parametrize(
    ("kind", "name", "shade"),
    [("JPEG", "件.jpg", 255), ("PNG", "件.png", 128), ("PNG", "件.png", 60), ("PNG", "件.png", 0)],
)
def test_an_image_of_any_shade_is_marked_all_over(kind, name, shade):
    content = samples.image(kind, (600, 400), shade)
    one = stored(content, name)
    before, after = Image.open(io.BytesIO(content)), Image.open(io.BytesIO(watermark.marked(one, WORDS)))
    assert (after.format, after.size) == (kind, (600, 400))
    changed = (
        ImageChops.difference(before.convert("RGB"), after).convert("L").point(lambda grey: 255 * (grey > 20))
    )
    for column in range(3):
        for row in range(2):
            part = changed.crop((200 * column, 200 * row, 200 * column + 200, 200 * row + 200))
            assert part.histogram()[255] > 100
    assert b"".join(files.opened(one)) == content


def test_a_large_image_is_made_smaller(monkeypatch):
    monkeypatch.setattr(watermark, "LONGEST_SIDE", 300)
    one = stored(samples.image("JPEG", (600, 400)), "件.jpg")
    assert Image.open(io.BytesIO(watermark.marked(one, WORDS))).size == (300, 200)


def test_words_are_words_and_no_markup():
    one = stored(samples.pdf(), "件.pdf")
    text = PdfReader(io.BytesIO(watermark.marked(one, "<b>a</b>&lt;"))).pages[0].extract_text()
    assert "<b>a</b>&lt;" in text


def test_without_chinese_letters_nothing_is_made(monkeypatch):
    monkeypatch.setattr(watermark, "_chinese_font", watermark._chinese_font.__wrapped__)
    monkeypatch.setenv("PATH", "")
    for content, name in ((samples.image("PNG"), "件.png"), (samples.pdf(), "件.pdf")):
        with pytest.raises(watermark.CannotBeMarked, match="没有中文字体"):
            watermark.marked(stored(content, name), WORDS)
