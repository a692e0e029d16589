"""The list of a day, its filters and its pages."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from providers import listing, registry
from providers.models import ListEdition, OrganisationProfile, Registration
from tests.providers.codes import code
from tests.providers.conftest import FIRST, SECOND, moment
from tests.providers.pages.pages import REPLACE, enter, errors, page, url


def partners_shown(answer: Any) -> list[str]:
    return [row["code"] for face in answer.context["units"] for row in face.snapshot["partners"]]


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
    assert [row.name_then for row, _ in answer.context["ended"]] == [FIRST.name]
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
    with django_assert_num_queries(15):
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
