"""The page of a case tells the office what else is open of its unit, as far as the reader may see it."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import roles
from cases import engine, grounds, others, steps
from cases.models import Case
from providers.models import Registration
from records import words
from tests.cases.desk.page import seen
from tests.clearance.conftest import begun, enter, filed
from tests.conftest import NOW, add, office

pytestmark = pytest.mark.django_db
HEAD = "同一单位的其他在办事项"
SINCE = f"{words.moment(NOW, words.local_day(NOW))} 起"


@pytest.fixture(autouse=True)
def clock_stands_at_now(stopped_clock: Any) -> None:
    return


def told(case: Case, user: Any) -> tuple[list[str], list[str]]:
    found = others.of(case, user)
    return ([str(one) for one in found.cases], [str(one) for one in found.grounds]) if found else ([], [])


def test_nothing_is_said_where_there_is_nothing(
    client: Any, submitted_case: Case, second: Registration, clerk: Any
) -> None:
    filed(second, clerk, "ground_fraud")
    enter(second, clerk, "ground_other")
    assert HEAD not in seen(client, clerk, submitted_case)


def test_other_cases_and_grounds_are_told_with_where_they_are_and_since_when(
    client: Any, submitted_case: Case, registration: Registration, clerk: Any, decider: Any
) -> None:
    measure, found = filed(registration, clerk, "ground_fraud"), enter(registration, clerk, "ground_other")
    said = seen(client, decider, submitted_case)
    note = said[said.index(HEAD) : said.index('id="checks"')]
    for told_of in (str(measure), str(measure.procedure), str(measure.stage), str(found), SINCE):
        assert told_of in note
    for address in (
        reverse("admin:cases_case_change", args=[measure.pk]),
        reverse("admin:cases_groundfound_change", args=[found.pk]),
    ):
        assert f'href="{address}"' in note
    assert str(submitted_case) not in note
    assert told(measure, decider)[0] == [str(submitted_case)]


def test_what_is_over_or_taken_up_is_not(
    submitted_case: Case, registration: Registration, clerk: Any, provider: Any
) -> None:
    found = enter(registration, clerk, "ground_other")
    grounds.set_aside(found, reason="核实过", by=clerk, at=NOW)
    measure = filed(registration, clerk, "ground_fraud")
    assert told(submitted_case, clerk) == ([str(measure)], [])
    steps.withdraw(submitted_case, by=provider, at=NOW, reason="不变了")
    assert told(measure, clerk) == ([], [])


def test_nobody_is_told_of_what_he_may_not_see(
    submitted_case: Case,
    registration: Registration,
    apply: Any,
    clerk: Any,
    auditor: Any,
    other_clerk: Any,
    provider: Any,
    client: Any,
) -> None:
    """What the office is writing is for clerks, a unit's own draft for itself."""
    apply(registration, provider, [add("other", registration)])
    begun(registration, clerk, "ground_fraud")
    enter(registration, clerk, "ground_other")
    assert told(submitted_case, clerk)[0] == ["草稿"]
    assert (told(submitted_case, auditor)[0], len(told(submitted_case, auditor)[1])) == ([], 1)
    assert told(submitted_case, other_clerk) == told(submitted_case, provider) == ([], [])
    client.force_login(provider)
    assert HEAD not in client.get(reverse("case", args=[submitted_case.pk])).content.decode()


def test_reviewer_of_a_district_is_told_of_no_grounds(
    submitted_case: Case, registration: Registration, clerk: Any, programme: Any
) -> None:
    enter(registration, clerk, "ground_other")
    place = programme.city.districts.create(name="演示区")
    reviewer = office("reviewer", "区里人", roles.DISTRICT_REVIEWER, place)
    assert told(submitted_case, reviewer) == ([], [])


def test_as_many_queries_however_much_there_is(
    submitted_case: Case, registration: Registration, clerk: Any
) -> None:
    def asked() -> int:
        case = engine.load(submitted_case.pk)
        with CaptureQueriesContext(connection) as read:
            now = others.of(case, clerk)
            assert now
            for one in now.cases:
                assert [str(one), str(one.procedure), str(one.programme), str(one.stage)]
            for found in now.grounds:
                assert [str(found), str(found.programme)]
        return len(read)

    filed(registration, clerk, "ground_fraud")
    enter(registration, clerk, "ground_other")
    few = asked()
    for _ in range(2):
        filed(registration, clerk, "ground_other")
        enter(registration, clerk, "ground_other")
    assert asked() == few
