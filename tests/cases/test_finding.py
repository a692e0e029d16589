"""A unit looked up by the office, by its own name or by that of one behind it."""

from typing import Any

import pytest
from django.urls import reverse

from cases import finding
from providers.models import Partnership, Registration
from tests.conftest import NOW, PARTNERS, UNITS

CODE, NAME = PARTNERS["cloud"]


def names(sought: str) -> list[tuple[str, list[str]]]:
    found = finding.search(Registration.objects.current(), sought)
    return [(one.unit.organisation.credit_code, one.behind) for one in found]


@pytest.mark.parametrize("sought", [NAME, NAME[:4], CODE])
def test_partner_leads_to_the_units_behind_which_it_stands(registration: Any, sought: str) -> None:
    assert names(sought) == [(UNITS["first"][0], [NAME])]


def test_partner_that_has_left_leads_nowhere(registration: Any) -> None:
    Partnership.objects.filter(organisation__credit_code=CODE).update(valid_to=NOW)
    assert names(NAME) == []


def test_own_name_is_not_called_a_partners(registration: Any) -> None:
    assert names(UNITS["first"][1]) == [(UNITS["first"][0], [])]


@pytest.mark.parametrize(
    "page", ["admin:clearance_measure_ground", "admin:corrections_correction_add", "admin:cases_case_paper"]
)
def test_pages_say_by_whom_it_was_found(registration: Any, clerk: Any, client: Any, page: str) -> None:
    client.force_login(clerk)
    told = client.get(reverse(page), {"q": CODE}).content.decode()
    assert f"{registration.programme.partner_term or '合作伙伴'}：{NAME}" in told
    assert UNITS["first"][1] in told


def test_lists_of_the_admin_are_searched_by_partner(
    registration: Any, third: Any, clerk: Any, client: Any
) -> None:
    client.force_login(clerk)
    for sought in (NAME, CODE):
        told = client.get(reverse("admin:providers_registration_changelist"), {"q": sought}).content.decode()
        assert UNITS["first"][1] in told
        assert UNITS["third"][1] not in told
