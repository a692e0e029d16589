from datetime import date
from pathlib import Path

import openpyxl
import pytest

from cities.models import Article, Category, Rulebook
from providers.importing.layout import ITEMS, PARTNERS, UNITS
from tests.providers.importing.workbook import ITEM_ROWS, PARTNER_ROWS, UNIT_ROWS


@pytest.fixture
def ruled(programme):
    book = Rulebook.objects.create(
        programme=programme,
        version=1,
        title="演示办法",
        short_title="办法",
        effective_from=date(2023, 12, 1),
        validity_article="第二十条",
    )
    article = Article.objects.create(rulebook=book, number="第一条", heading="类别")
    Category.objects.create(rulebook=book, article=article, key="lead", name="牵引单位")
    book.standing = Rulebook.Standing.PUBLISHED
    book.save()
    return programme


@pytest.fixture
def make(tmp_path):
    """A workbook as the template lays it out, from the rows given."""

    def build(name="list.xlsx", units=UNIT_ROWS, partners=PARTNER_ROWS, items=ITEM_ROWS) -> Path:
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for sheet, rows in ((UNITS, units), (PARTNERS, partners), (ITEMS, items)):
            page = book.create_sheet(sheet.title)
            page.append([column.title for column in sheet.columns])
            for row in rows:
                page.append(row)
        path = tmp_path / name
        book.save(path)
        return path

    return build
