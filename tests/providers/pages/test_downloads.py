"""The list as a table to download."""

import csv
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from providers.models import Partnership
from tests.providers.codes import code
from tests.providers.conftest import FIRST, SECOND, moment
from tests.providers.pages.pages import JUST_BEFORE_MIDNIGHT, enter, page


def table(answer: Any) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(text[1:].splitlines()))


def test_csv_of_the_present(client, second_edition):
    answer = client.get(reverse("list_csv", args=["yanshi-units"]))

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="yanshi-units-2.csv"'
    first = [FIRST.code, FIRST.name, "2026-01-05"]
    assert table(answer) == [
        ["信用代码", "牵引单位", "入库日期", "行业", "合作伙伴信用代码", "合作伙伴"],
        [*first, "食品饮料", code(101), "样例物联技术有限公司"],
        [*first, "食品饮料", code(104), "演示包装自动化有限公司"],
        [*first, "纺织服装", code(101), "样例物联技术有限公司"],
        [SECOND.code, SECOND.name, "2026-01-06", "食品饮料", code(103), "虚构视觉检测有限公司"],
    ]


def test_csv_of_a_past_day(client, second_edition):
    rows = table(client.get(reverse("list_csv", args=["yanshi-units"]) + "?day=2026-05-09"))
    assert [row[4] for row in rows[1:]] == [code(101), code(102), code(101), code(103)]


def test_csv_keeps_an_industry_without_partners(client, second_edition):
    for row in Partnership.objects.current().filter(organisation__credit_code=code(103)):
        row.valid_to = moment("2026-06-01T00:00")
        row.save()
    rows = table(client.get(reverse("list_csv", args=["yanshi-units"])))
    assert rows[-1] == [SECOND.code, SECOND.name, "2026-01-06", "食品饮料", "", ""]


def test_csv_of_a_day_that_is_wrong(client, first_edition):
    answer = client.get(reverse("list_csv", args=["yanshi-units"]) + "?day=2027-01-01")
    assert answer.status_code == 400
    assert "还没到" in answer.content.decode()


@pytest.mark.parametrize("number", [1, 100])
def test_csv_takes_the_same_number_of_queries(client, programme, django_assert_num_queries, number):
    enter(programme, number)
    with django_assert_num_queries(3):
        table(client.get(reverse("list_csv", args=["yanshi-units"])))


def test_time_between_editions_shows_the_earlier(client, second_edition, stopped_clock):
    stopped_clock(JUST_BEFORE_MIDNIGHT - timedelta(microseconds=1))
    assert page(client).context["view"].edition.number == 1
