"""What happened to a unit is told on its pages, in the programme's own terms and with its case: to the unit what it was told of."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import Case
from cities.models import Programme
from providers import course
from tests.clearance.conftest import GUANGZHOU, filed, in_vain, ordered, served
from tests.conftest import NOW
from tests.rulebooks import load_other


@pytest.fixture
def programme(calendar: None) -> Programme:
    return load_other(GUANGZHOU)


@pytest.fixture
def pages(registration: Any) -> dict[str, str]:
    return {
        "organisation": reverse("admin:providers_organisation_change", args=[registration.organisation_id]),
        "registration": reverse("admin:providers_registration_change", args=[registration.pk]),
    }


def read(client: Any, user: Any, address: str) -> str:
    client.force_login(user)
    return str(client.get(address).content.decode())


@pytest.mark.parametrize("which", ["organisation", "registration"])
def test_office_reads_it_with_its_case(
    registration: Any, clerk: Any, decider: Any, client: Any, pages: Any, which: str
) -> None:
    case = served(ordered(registration, clerk, decider), clerk)
    said = read(client, clerk, pages[which])
    assert f"{case.programme.warning_term}：立案" in said
    assert f"{case.programme.warning_term}：责令第 1 次限期整改" in said
    assert "已送达" in said
    assert reverse("admin:cases_case_change", args=[case.pk]) in said


def test_programme_s_own_term_is_used(
    registration: Any, clerk: Any, decider: Any, client: Any, pages: Any
) -> None:
    ordered(registration, clerk, decider)
    Programme.objects.update(warning_term="函告提醒")
    said = read(client, clerk, pages["registration"])
    assert "函告提醒：立案" in said
    assert "通报批评：立案" not in said


def test_ways_to_leave_the_list_are_told_apart(
    registration: Any, clerk: Any, decider: Any, client: Any, pages: Any
) -> None:
    """What the text calls 取消资格 is no 清退."""
    in_vain(registration, clerk, decider)
    filed(registration, clerk, "rectification_overdue")
    said = read(client, clerk, pages["registration"])
    assert "取消牵引单位资格：立案" in said
    assert "清退：立案" not in said


def test_unit_reads_what_it_was_told_of_and_nothing_before(
    registration: Any, clerk: Any, decider: Any, provider: Any, client: Any, stopped_clock: Any
) -> None:
    stopped_clock(NOW)
    case = filed(registration, clerk, "bad_faith")
    assert "警示和退出的经过" not in read(client, provider, reverse("my"))
    case = served(ordered(registration, clerk, decider), clerk)
    said = read(client, provider, reverse("my"))
    assert "警示和退出的经过" in said
    assert "责令第 1 次限期整改" in said
    assert reverse("case", args=[case.pk]) in said


def test_staff_of_another_list_read_nothing_of_it(
    registration: Any, clerk: Any, decider: Any, other_clerk: Any, client: Any, pages: Any
) -> None:
    ordered(registration, clerk, decider)
    client.force_login(other_clerk)
    assert client.get(pages["registration"]).status_code == 404


def test_as_many_queries_for_many_steps_as_for_one(registration: Any, clerk: Any, decider: Any) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert course.steps([registration])
        return len(seen)

    served(ordered(registration, clerk, decider), clerk)
    few = asked()
    Case.objects.update(status="closed", result="completed", closed_at=NOW)
    served(ordered(registration, clerk, decider), clerk)
    assert asked() == few
