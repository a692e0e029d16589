"""The districts of a city in its rulebook's file: created when missing, never deleted."""

import pytest

from cities.models import City, District
from cities.rulebooks import dump
from cities.rulebooks.load import RulebookErrors, load
from tests.cities.rulebook_files import line_of, write
from tests.conftest import at

AT = at("2026-09-01 09:00")
pytestmark = pytest.mark.django_db


def with_districts(folder, names):
    return write(folder, ("office: 示例专班}", f"office: 示例专班, districts: {names}}}"))


def names() -> list[str]:
    return list(District.objects.order_by("pk").values_list("name", flat=True))


def test_districts_are_created_with_the_city(tmp_path):
    load([with_districts(tmp_path, "[东区, 西区]")], at=AT)

    assert names() == ["东区", "西区"]
    assert {district.city for district in District.objects.all()} == {City.objects.get()}


def test_district_that_is_missing_is_added_and_none_deleted(tmp_path):
    load([with_districts(tmp_path, "[东区, 西区]")], at=AT)
    District.objects.create(city=City.objects.get(), name="工作人员添加的区")

    [result] = load([with_districts(tmp_path, "[西区, 南区]")], at=AT)

    assert (result.outcome, result.notes) == ("unchanged", [])
    assert names() == ["东区", "西区", "工作人员添加的区", "南区"]


def test_file_without_districts_leaves_them_alone(tmp_path):
    load([with_districts(tmp_path, "[东区]")], at=AT)
    load([write(tmp_path)], at=AT)

    assert names() == ["东区"]


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("东区", "写的是“东区”（应为列表，每项前加 -）"),
        ("[东区, 东区]", "name 重复：“东区”第 1 行已有"),
        ("[{name: 东区}]", "写的是一组键（应为文字）"),
        (f"[{'长' * 61}]", "有 61 个字（应为 60 个字以内）"),
    ],
)
def test_wrong_districts_are_refused_with_their_line(tmp_path, written, reason):
    path = with_districts(tmp_path, written)
    with pytest.raises(RulebookErrors) as refused:
        load([path], at=AT)

    [error] = refused.value.errors
    assert (error.line, error.key.startswith("city.districts"), error.reason) == (
        line_of(path, "districts:"),
        True,
        reason,
    )
    assert District.objects.count() == 0


def test_dump_names_the_districts(tmp_path):
    rulebook = load([with_districts(tmp_path, "[东区, 西区]")], at=AT)[0].rulebook

    assert "districts: [东区, 西区]" in dump.as_text(rulebook)
