"""What a district sees."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404

from accounts import grants, roles
from cases import engine, people, steps
from cases.access import FILE, OFFICE, VIEW, WITHDRAW, case_or_404
from cases.models import Case
from cases.worklist import LATER, ME, OTHERS, desk_of, grouped, open_cases
from tests.cases.district.places import a_district, placed, recommended, verified
from tests.conftest import NOW, at, person, submitted

LATER_ON = at("2026-09-18 09:00")


def sees(user: Any, case: Case) -> set[str]:
    purposes = {"view": VIEW, "file": FILE, "withdraw": WITHDRAW, "office": OFFICE}
    found = set()
    for name, purpose in purposes.items():
        try:
            found.add(name) if case_or_404(user, case.pk, purpose) else None
        except Http404:
            continue
    return found


def listed(user: Any) -> dict[str, str]:
    desk = desk_of(user)
    return {case.number: case.group for case in grouped(open_cases(desk), desk, ME, NOW)}


def test_case_at_the_districts_desk_waits_for_its_reviewer(district_case, reviewer, other_reviewer, clerk):
    assert (sees(reviewer, district_case), sees(other_reviewer, district_case)) == ({"view", "office"}, set())
    assert listed(reviewer) == {district_case.number: LATER}
    assert listed(other_reviewer) == {}
    assert listed(clerk) == {district_case.number: OTHERS}


def test_case_that_has_left_the_desk_is_still_read(district_case, reviewer, other_reviewer):
    recommended(district_case, reviewer)

    assert (sees(reviewer, district_case), sees(other_reviewer, district_case)) == ({"view", "office"}, set())
    assert (listed(reviewer), listed(other_reviewer)) == ({district_case.number: OTHERS}, {})


def test_case_sent_back_by_the_district_is_still_read(district_case, reviewer):
    steps.decide(
        district_case, "return", by=reviewer, at=NOW, opinion="补", named_day=at("2026-09-25").date()
    )

    assert sees(reviewer, district_case) == {"view", "office"}


@pytest.mark.parametrize("programme", [a_district(after="review", requires="choice")], indirect=True)
def test_case_that_has_not_come_to_the_desk_yet_is_not_there(apply, eastern, provider, clerk, reviewer):
    case = submitted(apply(eastern, provider), by=provider, at=NOW)
    assert (sees(reviewer, case), listed(reviewer)) == (set(), {})

    steps.decide(verified(case, clerk), "support", by=clerk, at=NOW)
    assert (sees(reviewer, case), listed(reviewer)) == ({"view", "office"}, {case.number: LATER})


def test_draft_is_not_there_for_the_district(apply, eastern, provider, reviewer):
    draft = apply(eastern, provider)

    assert (sees(reviewer, draft), listed(reviewer)) == (set(), {})


def test_case_of_a_unit_that_moved_is_its_new_districts(district_case, registration, west, reviewer, request):
    placed(registration, west)
    newcomer = request.getfixturevalue("other_reviewer")

    assert (sees(reviewer, district_case), sees(newcomer, district_case)) == (set(), {"view", "office"})
    assert list(people.workers(engine.load(district_case.pk))) == [newcomer]


def test_grant_that_is_over_opens_nothing_before_any_sweep(district_case, east, stopped_clock):
    short = person("short", "暂代")
    grants.grant(
        short,
        roles.DISTRICT_REVIEWER,
        east,
        at=NOW,
        by=None,
        reason="暂代",
        ends_at=NOW + timedelta(hours=1),
    )
    assert sees(short, district_case) == {"view", "office"}

    stopped_clock(NOW + timedelta(hours=1))
    assert (sees(short, district_case), listed(short)) == (set(), {})


def test_reviewer_is_staff_as_long_as_the_grant_stands(reviewer):
    assert reviewer.is_staff
    grants.withdraw(reviewer.grants.get(), at=LATER_ON, by=None, reason="调离")
    reviewer.refresh_from_db()
    assert not reviewer.is_staff
