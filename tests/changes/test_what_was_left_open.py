"""What a text leaves open and a row answers: two at a time, one's own industry, the day a rolling year lets go."""

from datetime import date

import pytest

from cases import kinds, steps
from changes import queries
from changes.checks import filing, state
from changes.checks.question import Question
from changes.queries import Filed
from cities.models import Limit
from tests.conftest import NOW, UNITS, add


def single(case):
    return state.single(Question.of(case, NOW))


def catalogue():
    return ("add_item", {"item_code": "P-9", "item_name": "示例软件"})


@pytest.mark.parametrize(
    ("first", "second", "passed"), [("partners", "partners", False), ("partners", "items", True)]
)
def test_partners_and_catalogue_may_each_be_on_their_way(
    registration, apply, provider, clerk, first, second, passed
):
    of = {"partners": lambda: add("fresh", registration), "items": catalogue}
    steps.submit(apply(registration, provider, [of[first]()]), by=provider, at=NOW)
    check = single(apply(registration, provider, [of[second]()]))

    assert (check.passed, check.article) == (passed, "第十五条")
    assert ("正在办理" in check.message) is not passed


def test_second_application_of_one_kind_is_refused_by_an_article_whose_reading_says_so(
    registration, apply, provider
):
    """No text says it: the procedure that the refusal cites does, as our reading."""
    case = apply(registration, provider)
    asked = [one for one in case.procedure.interpretations if "能不能再提一件" in one["question"]]

    assert single(case).article == case.procedure.article.number
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("per", "industry", "verdict"),
    [
        ("partner", "smart-terminals", "fail"),
        ("partner", "food-beverage", "fail"),
        ("partner_industry", "smart-terminals", "pass"),
        ("partner_industry", "food-beverage", "fail"),
    ],
)
def test_lead_unit_is_barred_everywhere_or_in_its_own_industry(
    registration, second, apply, provider, per, industry, verdict
):
    Limit.objects.filter(measure="registrant_as_partner").update(per=per)
    second.entries.exclude(industry__key="food-beverage").delete()
    assert [one.industry.key for one in second.entries.all()] == ["food-beverage"]
    code, name = UNITS["second"]
    facts = {**add("fresh", registration, industry)[1], "partner_code": code, "partner_name": name}
    case = apply(registration, provider, [("add_partner", facts)])

    found = {check.key: check for check in kinds.of(case).state_checks(case, at=NOW)}
    assert found[f"registrant_as_partner:{code}"].state == verdict


@pytest.mark.parametrize(
    ("filed", "told"),
    [
        (date(2024, 2, 29), "2025年3月1日"),
        (date(2024, 2, 28), "2025年2月28日"),
        (date(2023, 3, 1), "2024年3月1日"),
        (date(2024, 8, 31), "2025年8月31日"),
    ],
)
def test_day_that_is_told_is_the_first_on_which_a_rolling_year_has_room(filed, told):
    limit = Limit(comparator="at_most", number=1, window="rolling")
    said = filing._again(limit, [Filed(None, filed, ())], filed)
    day = queries.leaves_window(limit, filed)

    assert said == f"{told} 起可以再申请"
    assert queries.window_start(limit, day) > filed
    assert queries.window_start(limit, date.fromordinal(day.toordinal() - 1)) <= filed


def test_more_than_were_allowed_have_to_leave_the_window_first():
    """The office has lowered the number: with three used and two allowed, the second of them must be gone."""
    used = [Filed(None, date(2026, month, 10), ()) for month in (2, 4, 6)]

    def told(number):
        return filing._again(
            Limit(comparator="at_most", number=number, window="rolling"), used, date(2026, 9, 1)
        )

    assert (told(3), told(2)) == ("2027年2月10日 起可以再申请", "2027年4月10日 起可以再申请")
    assert (told(1), told(0)) == ("2027年6月10日 起可以再申请", "次数用完，不能再申请")
