"""Which district a unit belongs to: entered with a list, recorded by a clerk, shown on the public pages."""

from datetime import date
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

from accounts import roles
from cities.models import Article, Category, City, District, Rulebook
from providers import districts, importing, listed, registry
from providers.importing.layout import ITEMS, PARTNERS, UNITS
from providers.listed import ListedUnit
from providers.models import ListEdition, Registration
from records.models import Event
from tests.conftest import office
from tests.providers.codes import code
from tests.providers.conftest import FIRST, SECOND, moment

AT = moment("2026-03-01T10:00")
NAME = "示例东区"


@pytest.fixture
def east(programme) -> District:
    return District.objects.create(city=programme.city, name=NAME)


@pytest.fixture
def elsewhere(db) -> District:
    city = City.objects.create(slug="other", name="别的市", office="别的专班")
    return District.objects.create(city=city, name="别的区")


# Entering and importing a list


def test_list_is_entered_with_the_districts_of_its_units(programme, east):
    unit = ListedUnit(code(1), "示例公司", date(2026, 1, 5), (("lead", "food"),), district=NAME)
    registry.enter(registry.lock(programme), [unit, SECOND], at=AT)

    found = dict(Registration.objects.values_list("organisation__credit_code", "district__name"))
    assert found == {code(1): NAME, SECOND.code: None}


def test_unit_without_a_district_keeps_the_digest_it_had_before_there_were_any():
    assert "district" not in FIRST.to_json()
    with_one = ListedUnit(**{**vars(FIRST), "district": NAME})
    assert listed.digest([with_one]) != listed.digest([FIRST])


@pytest.fixture
def workbook(programme, tmp_path) -> Any:
    """A list of one unit, in two industries, with what is written of its district in each row."""
    book = Rulebook.objects.create(
        programme=programme, version=1, title="演示办法", short_title="办法", effective_from=date(2023, 12, 1)
    )
    article = Article.objects.create(rulebook=book, number="第一条", heading="类别")
    Category.objects.create(rulebook=book, article=article, key="lead", name="牵引单位")
    Rulebook.objects.update(standing=Rulebook.Standing.PUBLISHED)

    def make(*written: str | None, heads: int = len(UNITS.columns)) -> Any:
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for sheet in (UNITS, PARTNERS, ITEMS):
            page = book.create_sheet(sheet.title)
            columns = sheet.columns[:heads] if sheet is UNITS else sheet.columns
            page.append([column.title for column in columns])
        for industry, district in zip(("食品饮料", "纺织服装"), written, strict=False):
            facts = [code(1), "示例公司", None, "牵引单位", industry, date(2025, 12, 15)]
            book[UNITS.title].append([*facts, district, None][:heads])
        book.save(tmp_path / "list.xlsx")
        return tmp_path / "list.xlsx"

    return make


@pytest.mark.parametrize("written", [(NAME, NAME), (NAME, None), (None, NAME)])
def test_import_takes_the_district_of_a_unit_from_any_of_its_rows(programme, east, workbook, written):
    plan = importing.read(workbook(*written), programme, at=AT)
    importing.carry_out(plan, at=AT, by=None)

    assert Registration.objects.get().district == east


def test_import_without_the_column_names_no_district(programme, east, workbook):
    plan = importing.read(workbook(None, heads=6), programme, at=AT)
    importing.carry_out(plan, at=AT, by=None)

    assert Registration.objects.get().district is None


def test_import_refuses_a_district_that_the_city_has_not(programme, east, elsewhere, workbook):
    plan = importing.read(workbook("别的区"), programme, at=AT)

    assert [str(line) for line in plan.problems] == [
        "单位 第 2 行 所属区市：写的是“别的区”，这个城市没有这个区市，要用的先在后台添加。已有：示例东区"
    ]


def test_import_refuses_two_districts_of_one_unit(programme, east, workbook):
    District.objects.create(city=programme.city, name="示例西区")
    plan = importing.read(workbook(NAME, "示例西区"), programme, at=AT)

    assert [str(line) for line in plan.problems] == [
        "单位 第 3 行 所属区市：与这家单位第 2 行写的不同：各行写成一样"
    ]


def test_other_district_than_the_lists_is_told_with_the_differences(programme, east, workbook):
    importing.carry_out(importing.read(workbook(NAME), programme, at=AT), at=AT, by=None)

    told = importing.obstacles(importing.read(workbook(None), programme, at=AT), at=AT)
    assert told == [f"示例公司（{code(1)}）所属区市：名单是示例东区，文件是空"]


# Recording it


def test_district_is_recorded_with_an_event_and_makes_no_edition(unit, east, programme):
    districts.record(unit, east, by=None, at=AT)
    districts.record(unit, east, by=None, at=AT)

    unit.refresh_from_db()
    assert (unit.district, ListEdition.objects.count()) == (east, 1)
    event = Event.objects.get()
    assert (event.verb, event.summary, event.organisation) == (
        "district",
        "登记所属区市：示例东区",
        unit.organisation,
    )


def test_corrected_district_says_what_it_was(unit, east, programme):
    west = District.objects.create(city=programme.city, name="示例西区")
    districts.record(unit, east, by=None, at=AT)
    districts.record(unit, west, by=None, at=AT)
    districts.record(unit, None, by=None, at=AT)

    assert list(Event.objects.order_by("pk").values_list("summary", flat=True)) == [
        "登记所属区市：示例东区",
        "登记所属区市：示例西区，原为示例东区",
        "登记所属区市：无，原为示例西区",
    ]


def test_district_of_another_city_is_refused(unit, elsewhere):
    with pytest.raises(ValueError, match="is not a district of"):
        districts.record(unit, elsewhere, by=None, at=AT)


def place(unit: Registration) -> str:
    return reverse("admin:providers_registration_change", args=[unit.pk])


def test_clerk_records_it_in_the_admin(client, unit, east, elsewhere, stopped_clock):
    clerk = office("clerk", "林经办", roles.CLERK, unit.programme)
    client.force_login(clerk)
    shown = client.get(place(unit)).content.decode()
    assert (NAME in shown, "别的区" in shown) == (True, False)
    assert client.post(place(unit), {"district": elsewhere.pk}).status_code == 200  # told what is wrong
    assert client.post(place(unit), {"district": east.pk, "entered_on": "1999-01-01"}).status_code == 302

    unit.refresh_from_db()
    assert (unit.district, unit.entered_on) == (east, FIRST.entered_on)
    assert Event.objects.get(verb="district").actor == clerk


@pytest.mark.parametrize(
    ("role", "status"), [(roles.DECIDER, 404), (roles.AUDITOR, 404), (roles.DISTRICT_REVIEWER, 404)]
)
def test_nobody_else_records_it(client, unit, east, stopped_clock, role, status):
    on = east if role == roles.DISTRICT_REVIEWER else unit.programme
    client.force_login(office("other", "何某", role, on))

    assert client.post(place(unit), {"district": east.pk}).status_code == status
    unit.refresh_from_db()
    assert unit.district is None


def test_clerk_of_another_city_does_not_find_it(client, unit, east, elsewhere, stopped_clock):
    client.force_login(office("far", "黄旁人", roles.CLERK, elsewhere.city))
    assert client.post(place(unit), {"district": east.pk}).status_code == 404


def test_unit_that_has_left_the_list_is_only_read(client, unit, east, stopped_clock):
    Registration.objects.filter(pk=unit.pk).update(valid_to=AT)
    client.force_login(office("clerk", "林经办", roles.CLERK, unit.programme))

    assert client.get(place(unit)).status_code == 200
    assert client.post(place(unit), {"district": east.pk}).status_code == 404


# On the public pages


def test_public_pages_show_the_district_where_it_is_set(client, unit, east, programme, stopped_clock):
    pages = [
        reverse("list", args=[programme.slug]),
        reverse("unit", args=[programme.slug, unit.organisation.credit_code]),
    ]
    assert [NAME in client.get(page).content.decode() for page in pages] == [False, False]

    districts.record(unit, east, by=None, at=AT)
    assert [NAME in client.get(page).content.decode() for page in pages] == [True, True]
