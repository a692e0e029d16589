from datetime import date

import pytest

from cities.models import CalendarYear, Rulebook
from records.probes import State
from tests.conftest import at


@pytest.fixture
def years(db):
    def put(**given: str) -> None:
        CalendarYear.objects.all().delete()
        for year, status in given.items():
            CalendarYear.objects.create(
                year=int(year[1:]), status=status, source="通知", loaded_at=at("2026-01-01 09:00")
            )

    return put


@pytest.mark.parametrize(
    ("moment", "given", "state", "shown"),
    [
        ("2026-09-30 23:59", {"y2026": "official"}, State.OK, "正式到 2026年12月31日"),
        ("2026-10-01 00:00", {"y2026": "official"}, State.WARN, "正式到 2026年12月31日"),
        (
            "2026-11-01 09:00",
            {"y2026": "official", "y2027": "provisional"},
            State.WARN,
            "正式到 2026年12月31日，暂定 2027 年",
        ),
        ("2026-11-01 09:00", {"y2026": "official", "y2027": "official"}, State.OK, "正式到 2027年12月31日"),
        ("2026-11-01 09:00", {"y2026": "official", "y2028": "official"}, State.WARN, "正式到 2026年12月31日"),
        ("2027-01-01 00:00", {"y2026": "official"}, State.RED, "2027 年没有"),
        ("2027-01-01 00:00", {"y2027": "provisional"}, State.RED, "2027 年只有暂定的"),
    ],
)
def test_calendar_reaches(read, years, moment, given, state, shown):
    years(**given)

    assert (read("calendar", at(moment)).state, read("calendar", at(moment)).shown) == (state, shown)


def test_calendar_counts_the_days_that_are_left(read, years):
    years(y2026="official")

    assert read("calendar", at("2026-12-30 09:00")).value == 1


@pytest.mark.parametrize(
    ("moment", "state", "why"),
    [
        ("2026-10-01 09:00", State.OK, ""),
        ("2026-10-30 23:59", State.OK, ""),
        ("2026-11-01 00:00", State.WARN, "东莞 · 数字化牵引单位的规则 2026年12月31日 到期，没有接续的版本"),
        ("2027-01-01 00:00", State.RED, "东莞 · 数字化牵引单位的规则已到期，没有接续的版本"),
        ("2027-03-31 23:59", State.RED, "东莞 · 数字化牵引单位的规则已到期，没有接续的版本"),
        ("2027-04-01 00:00", State.OK, ""),
    ],
)
def test_rules_that_end_without_a_successor(read, programme, moment, state, why):
    Rulebook.objects.update(effective_to=date(2026, 12, 31))

    assert (read("rulebooks", at(moment)).state, read("rulebooks", at(moment)).why) == (state, why)


def test_rules_are_told_by_programme_and_standing(read, programme):
    Rulebook.objects.update(effective_to=date(2026, 12, 31))
    programme.rulebooks.create(
        version=2, title="办法", short_title="办法", standing="published", effective_from=date(2027, 1, 1)
    )
    programme.rulebooks.create(version=3, title="办法", short_title="办法", standing="consultation")

    found = read("rulebooks", at("2026-12-01 09:00"))

    assert (found.value, found.state) == (1, State.OK)
    (line,) = [line.text for line in found.lines]
    assert line.startswith("东莞 · 数字化牵引单位　施行中：第 1 版（")
    assert "到 2026年12月31日）；将施行：第 2 版（2027年1月1日 起）；征求意见稿：第 3 版" in line
