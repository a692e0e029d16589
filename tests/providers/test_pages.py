import csv
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cities.models import Programme
from providers import listing, registry
from providers.listed import ListedItem, ListedPartner, ListedUnit
from providers.models import ListEdition, OrganisationProfile, Partnership, Registration
from providers.operations import ListOperation
from tests.providers.codes import code
from tests.providers.conftest import FIRST, SECOND, moment

NOW = moment("2026-09-17T10:32")
JUST_BEFORE_MIDNIGHT = moment("2026-05-10T23:59:59")
REPLACE = ListOperation(
    "replace_partner",
    industry="food",
    partner_code=code(104),
    partner_name="演示包装自动化有限公司",
    leaving_code=code(102),
)


@pytest.fixture(autouse=True)
def clock_stands(stopped_clock):
    stopped_clock(NOW)


@pytest.fixture
def second_edition(unit):
    register = registry.lock(unit.programme)
    operations = [
        REPLACE,
        ListOperation("edit_item", item_code="P-01", item_name="排产软件", item_price="29,800 元／年"),
    ]
    return registry.publish(register, unit, operations, at=JUST_BEFORE_MIDNIGHT, kind=ListEdition.Kind.CHANGE)


def url(query: str = "") -> str:
    return reverse("list", args=["yanshi-units"]) + query


def page(client: Client, query: str = "", status: int = 200) -> Any:
    answer = client.get(url(query))
    assert answer.status_code == status
    return answer


def errors(answer: Any) -> list[str]:
    return [str(error) for found in answer.context["form"].errors.values() for error in found]


def partners_shown(answer: Any) -> list[str]:
    return [row["code"] for face in answer.context["units"] for row in face.snapshot["partners"]]


def enter(programme: Programme, number: int, partners: int = 2) -> ListEdition:
    """A list of so many units in a programme of their own."""
    units = [
        ListedUnit(
            code(1000 + place),
            f"示例{place}有限公司",
            date(2026, 1, 5),
            (("lead", "food"), ("lead", "textile")),
            partners=tuple(
                ListedPartner("food", code(5000 + n), f"样例{n}有限公司") for n in range(partners)
            ),
            items=(ListedItem("P-01", "排产软件"),),
        )
        for place in range(number)
    ]
    return registry.enter(registry.lock(programme), units, at=moment("2026-03-01T10:00"))


def test_present_list(client, second_edition):
    answer = page(client)

    assert [face.name for face in answer.context["units"]] == [FIRST.name, SECOND.name]
    assert partners_shown(answer) == [code(101), code(104), code(101), code(103)]
    text = answer.content.decode()
    assert "第 2 版，<time" in text
    assert "牵引单位 2 家，合作伙伴 4 家次" in text
    assert "过去的名单" not in text


@pytest.mark.parametrize(
    ("day", "number", "partner"),
    [("2026-03-01", 1, 102), ("2026-05-09", 1, 102), ("2026-05-10", 2, 104), ("2026-09-16", 2, 104)],
)
def test_day_means_its_end(client, second_edition, day, number, partner):
    answer = page(client, f"?day={day}")

    assert answer.context["view"].edition.number == number
    assert partners_shown(answer)[1] == code(partner)
    assert "24:00 时的名单" in answer.content.decode()


def test_row_published_in_the_last_microsecond_of_a_day_belongs_to_it(client, unit):
    last = listing.end_of(date(2026, 5, 10))
    assert last == moment("2026-05-10T23:59:59.999999")
    registry.publish(registry.lock(unit.programme), unit, [REPLACE], at=last, kind=ListEdition.Kind.CHANGE)

    assert partners_shown(page(client, "?day=2026-05-10"))[1] == code(104)


def test_row_published_at_midnight_belongs_to_the_day_that_begins(client, unit):
    midnight = moment("2026-05-11T00:00")
    registry.publish(
        registry.lock(unit.programme), unit, [REPLACE], at=midnight, kind=ListEdition.Kind.CHANGE
    )

    assert partners_shown(page(client, "?day=2026-05-10"))[1] == code(102)
    assert partners_shown(page(client, "?day=2026-05-11"))[1] == code(104)


def test_today_is_the_present(client, second_edition):
    assert page(client, "?day=2026-09-17").context["view"].is_present


def test_edition_is_shown_as_it_came_out(client, second_edition):
    answer = page(client, "?edition=1")

    assert partners_shown(answer)[1] == code(102)
    text = answer.content.decode()
    assert "2026年3月1日 10:00</time> 起，<time" in text
    assert "2026年5月10日 23:59</time> 止" in text
    assert "过去的名单" in text


def test_name_is_the_one_of_that_day(client, second_edition):
    renamed = moment("2026-06-01T09:00")
    organisation = Registration.objects.get(organisation__credit_code=FIRST.code).organisation
    old = organisation.profiles.get()
    old.valid_to = renamed
    old.save()
    OrganisationProfile.objects.create(
        credit_code=FIRST.code,
        organisation=organisation,
        name="示例新名科技有限公司",
        valid_from=renamed,
        recorded_at=renamed,
    )

    assert page(client, "?day=2026-05-31").context["units"][0].name == FIRST.name
    assert page(client, "?day=2026-06-01").context["units"][0].name == "示例新名科技有限公司"
    assert [face.name for face in page(client, "?q=新名").context["units"]] == ["示例新名科技有限公司"]


@pytest.mark.parametrize(
    ("query", "units"),
    [
        ("?q=范例", [SECOND.code]),
        ("?q=虚构视觉", [SECOND.code]),
        (f"?q={code(103)}", [SECOND.code]),
        (f"?q={code(1)[:8].lower()}", [FIRST.code, SECOND.code]),
        ("?q=样例物联", [FIRST.code]),
        ("?q=%20示例%20", [FIRST.code]),
        ("?q=没有的", []),
        ("?industry=textile", [FIRST.code]),
        ("?industry=food", [FIRST.code, SECOND.code]),
        ("?industry=textile&q=范例", []),
        ("?q=包装", [FIRST.code]),
        ("?q=包装&day=2026-05-09", []),
        ("?q=冷链&edition=1", [FIRST.code]),
    ],
)
def test_filters(client, second_edition, query, units):
    answer = page(client, query)

    assert [face.registration.organisation.credit_code for face in answer.context["units"]] == units
    assert answer.context["page"].paginator.count == len(units)


@pytest.mark.parametrize(
    ("query", "status", "sentence"),
    [
        ("?day=2026-09-18", 400, "2026年9月18日还没到，最晚看2026年9月17日的名单"),
        ("?day=9999-12-31", 400, "9999年12月31日还没到，最晚看2026年9月17日的名单"),
        ("?day=2026-02-28", 404, "2026年2月28日尚无名单；第 1 版于 2026年3月1日发布"),
        ("?day=0001-01-01", 404, "1年1月1日尚无名单；第 1 版于 2026年3月1日发布"),
        ("?day=2026-02-30", 400, "日期写成 2026-09-17 这样的年-月-日"),
        ("?day=yesterday", 400, "日期写成 2026-09-17 这样的年-月-日"),
        ("?edition=9", 404, "没有第 9 版，从下面列出的版本里选"),
        ("?edition=0", 400, "版本是 1、2、3 这样的数字"),
        ("?edition=" + "9" * 300, 400, "版本是 1、2、3 这样的数字"),
        ("?edition=1&day=2026-03-02", 400, "日期和版本只用一个：去掉其中之一"),
        ("?industry=metal", 400, "名单里没有这个行业，从列出的行业里选"),
        ("?page=0", 400, "页码是 1、2、3 这样的数字"),
        ("?page=x", 400, "页码是 1、2、3 这样的数字"),
        ("?page=2", 404, "没有第 2 页，一共 1 页"),
        ("?q=" + "长" * 61, 400, "最多查 60 个字，写短一些"),
    ],
)
def test_parameter_that_is_wrong(client, first_edition, query, status, sentence):
    answer = page(client, f"{query}&keep=1", status)

    assert errors(answer) == [sentence]
    assert sentence in answer.content.decode()
    assert "units" not in answer.context


def test_null_character_is_refused(client, first_edition):
    assert page(client, "?q=a%00b", 400).context["view"] is None


def test_form_is_kept_when_something_is_wrong(client, first_edition):
    text = page(client, "?q=示例&industry=food&day=2026-09-18", 400).content.decode()

    assert 'value="示例"' in text
    assert 'value="2026-09-18"' in text
    assert '<input type="hidden" name="industry" value="food">' in text


def test_list_before_its_first_edition(client, programme):
    assert "还没有发布过名单" in page(client).content.decode()
    assert errors(page(client, "?day=2026-09-01", 404)) == ["2026年9月1日尚无名单；至今还没有发布过名单"]


def test_unit_that_has_left_is_shown_apart(client, second_edition, unit):
    left = moment("2026-08-01T09:00")
    unit.valid_to = left
    unit.save()

    answer = page(client)
    assert [face.registration.organisation.credit_code for face in answer.context["units"]] == [SECOND.code]
    assert [row.name_then for row in answer.context["ended"]] == [FIRST.name]
    assert "2026年1月5日—2026年8月1日" in answer.content.decode()
    assert page(client, "?day=2026-07-31").context["ended"] == []


def test_pages_of_twenty(client, programme):
    enter(programme, 45)

    assert len(page(client).context["units"]) == 20
    assert len(page(client, "?page=3").context["units"]) == 5
    assert "?page=2" in page(client).content.decode()


@pytest.mark.parametrize("number", [1, 3, 100])
def test_list_takes_the_same_number_of_queries(client, programme, django_assert_num_queries, number):
    enter(programme, number)
    with django_assert_num_queries(12):
        page(client)
    with django_assert_num_queries(13):
        page(client, "?q=示例&industry=food")
    with django_assert_num_queries(14):
        page(client, "?day=2026-03-02")


def test_unknown_programme_is_not_found(client, first_edition):
    for name, arguments in (("list", []), ("list_csv", []), ("edition", [1]), ("unit", [FIRST.code])):
        assert client.get(reverse(name, args=["nothing", *arguments])).status_code == 404


def test_only_reading_is_allowed(client, first_edition):
    assert client.post(url()).status_code == 405


def test_lists_by_city(client, second_edition):
    text = client.get(reverse("lists")).content.decode()

    assert "2 <small>家</small>" in text
    assert "第 2 版" in text
    assert "合作伙伴 4 家次" in text


@pytest.mark.parametrize("number", [1, 3])
def test_lists_take_the_same_number_of_queries(client, programme, django_assert_num_queries, number):
    for place in range(number):
        other = type(programme).objects.create(
            city=programme.city,
            slug=f"p{place}",
            name=f"项目{place}",
            registrant_term="服务商",
            number_prefix=f"P{place}",
        )
        for key, name in (("food", "食品饮料"), ("textile", "纺织服装")):
            other.industries.create(key=key, name=name)
        enter(other, 2)
    with django_assert_num_queries(4):
        assert client.get(reverse("lists")).status_code == 200


def test_edition_page_tells_what_changed(client, second_edition):
    text = client.get(reverse("edition", args=["yanshi-units", 2])).content.decode()

    assert "<h1>第 2 版：<wbr>合作伙伴 ＋1 －1，目录 ～1</h1>" in text
    assert "<del>假想冷链数据有限公司</del>" in text
    assert "<ins>演示包装自动化有限公司</ins>" in text
    assert "价格：<del>36,000 元／年</del>" in text
    assert "价格：<ins>29,800 元／年</ins>" in text
    assert second_edition.digest in text
    assert reverse("edition", args=["yanshi-units", 1]) in text


def test_edition_page_of_an_import(client, first_edition):
    text = client.get(reverse("edition", args=["yanshi-units", 1])).content.decode()
    assert "之前没有版本可比" in text


def test_edition_that_there_is_not(client, first_edition):
    assert client.get(reverse("edition", args=["yanshi-units", 2])).status_code == 404


def unit_url(number: int = 1, query: str = "") -> str:
    return reverse("unit", args=["yanshi-units", code(number)]) + query


def test_unit_page(client, second_edition):
    answer = client.get(unit_url())

    assert [row["name"] for row in answer.context["face"].by_industry] == ["食品饮料", "纺织服装"]
    assert [(row["edition"].number, row["summary"]) for row in answer.context["history"]] == [
        (2, "合作伙伴 ＋1 －1，目录 ～1"),
        (1, "导入"),
    ]
    text = answer.content.decode()
    assert "29,800 元／年" in text
    assert "示例市" in text


def test_unit_page_of_another_unit_has_its_own_history(client, second_edition):
    answer = client.get(unit_url(2))
    assert [row["edition"].number for row in answer.context["history"]] == [1]


def test_unit_page_of_a_past_day(client, second_edition):
    answer = client.get(unit_url(query="?day=2026-05-09"))

    assert answer.context["face"].snapshot["items"][0]["price"] == "36,000 元／年"
    assert "当时在名单" in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "status"),
    [("?day=2026-02-01", 404), ("?day=2027-01-01", 400), ("?day=x", 400), ("?edition=7", 404)],
)
def test_unit_page_of_a_day_that_is_wrong(client, second_edition, query, status):
    answer = client.get(unit_url(query=query))

    assert answer.status_code == status
    assert "没有显示内容" in answer.content.decode()


def test_unit_page_of_a_day_before_it_entered(client, second_edition):
    Registration.objects.filter(organisation__credit_code=SECOND.code).update(
        valid_from=moment("2026-06-01T09:00")
    )
    answer = client.get(unit_url(2, "?day=2026-05-11"))

    assert answer.status_code == 404
    assert errors(answer) == [f"{SECOND.name}那天还不在名单"]


def test_unit_page_of_one_that_has_left(client, second_edition, unit):
    unit.valid_to = moment("2026-08-01T09:00")
    unit.save()

    text = client.get(unit_url()).content.decode()
    assert "已不在名单" in text
    assert "2026年8月1日 09:00" in text
    assert "当时在名单" in client.get(unit_url(query="?day=2026-07-31")).content.decode()


def test_unit_that_never_stood_there(client, first_edition):
    assert client.get(unit_url(101)).status_code == 404


@pytest.mark.parametrize("partners", [1, 3, 30])
def test_unit_page_takes_the_same_number_of_queries(client, programme, django_assert_num_queries, partners):
    enter(programme, 3, partners=partners)
    with django_assert_num_queries(20):
        client.get(unit_url(1001))


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
