"""A dossier as one PDF: every part on the page that its index says, and what was filed bound in behind."""

import io

import pytest
from pypdf import PdfReader

from cases.dossier import book
from records.models import StoredFile
from tests.cases.dossier.taking import take
from tests.conftest import PDF

pytestmark = pytest.mark.django_db

FRONT = 3  # cover, index, list


@pytest.fixture
def read(submitted_case, clerk):
    def take_book() -> PdfReader:
        return PdfReader(io.BytesIO(take(submitted_case, clerk, form="pdf")))

    return take_book


def test_index_says_on_which_page_each_part_begins(read):
    reader = read()
    index = reader.pages[1].extract_text().splitlines()
    rows = [line.split() for line in index if line[:1].isdigit() and line.split()[-1].isdigit()]
    assert len(rows) >= 10
    for number, title, *_, page in rows:
        text = reader.pages[FRONT + int(page) - 1].extract_text()
        assert f"— {page} —" in text or PDF_WORDS in text, (number, title)
        if f"— {page} —" in text:
            assert title in text


# What the filed PDF of the tests says: nothing.
PDF_WORDS = PdfReader(io.BytesIO(PDF)).pages[0].extract_text()


def test_filed_pdfs_are_bound_in_behind(read, submitted_case):
    reader, filed = read(), submitted_case.materials.count()
    pages = sum(f"— {number} —" in page.extract_text() for number, page in enumerate(reader.pages, 1 - FRONT))
    assert len(reader.pages) == FRONT + pages + filed
    assert next(entry["/Title"] for entry in reader.outline[-filed:]) == "变更申请书：application.pdf"
    assert reader.page_labels[FRONT] == "1"


def test_list_says_digest_and_page_of_each(read, submitted_case):
    listed = read().pages[2].extract_text().replace("\n", "")
    for stored in StoredFile.objects.all():
        assert stored.sha256 in listed
    assert listed.count("页起") == submitted_case.materials.count()


def test_what_is_too_much_to_bind_in_stays_outside_and_is_listed(read, submitted_case, monkeypatch):
    monkeypatch.setattr(book, "MOST_BOUND", 2 * len(PDF))
    listed = read().pages[2].extract_text().replace("\n", "")
    assert listed.count("页起") == 2
    assert "没有装订进来" in listed


def test_fonts_are_in_the_file(read):
    fonts = [font.get_object() for page in read().pages[:5] for font in page["/Resources"]["/Font"].values()]
    assert fonts
    assert all(
        "/FontFile" in str(one["/DescendantFonts"][0].get_object()["/FontDescriptor"]) for one in fonts
    )
