"""The documents on pages of apps below, each where what it is about is shown."""

from typing import Any

import pytest

from cases.sweep import sweep
from notices import issuing, measures
from notices.asking import Wanted, announce
from notices.models import Notice
from publicity.models import PublicityPeriod
from tests.conftest import NOW, PARTNERS, UNITS
from tests.notices.conftest import PUBLISHED
from tests.notices.test_asking import SAYS

SLUG = "dongguan-lead-units"


@pytest.fixture
def announced(wordings: Any, case_in_publicity: Any, plain_files: Any, stopped_clock: Any) -> Notice:
    sweep(PUBLISHED)
    issuing.carry_out(PUBLISHED)
    stopped_clock(PUBLISHED)
    return Notice.objects.get(kind="change")


def shown(client: Any, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return str(response.content.decode())


@pytest.mark.parametrize(
    "address",
    [
        f"/lists/{SLUG}/units/{UNITS['first'][0]}/",
        f"/lists/{SLUG}/editions/2/",
        f"/organisations/{UNITS['first'][0]}/",
        f"/organisations/{PARTNERS['fresh'][0]}/",
    ],
)
def test_pages_of_the_unit_its_new_partner_and_the_edition_lead_to_the_document(announced, client, address):
    assert f'<a href="/notices/{announced.code}/">{announced.title}</a>' in shown(client, address)


@pytest.mark.parametrize(
    "address",
    [
        f"/lists/{SLUG}/units/{UNITS['second'][0]}/",
        f"/lists/{SLUG}/editions/1/",
        f"/organisations/{PARTNERS['shared'][0]}/",
    ],
)
def test_pages_of_others_do_not(announced, client, address):
    assert announced.title not in shown(client, address)


def test_publicity_leads_to_what_announced_it_and_not_to_its_result(announced, client):
    page = shown(client, f"/publicity/{PublicityPeriod.objects.get().pk}/")

    assert f"/notices/{Notice.objects.get(kind='publicity').code}/" in page
    assert f"/notices/{announced.code}/" not in page


def test_organisation_is_not_shown_what_was_only_served(
    wordings, approved_case, clerk, client, plain_files, stopped_clock
):
    wanted = Wanted(measures.CLEARANCE, [approved_case], SAYS, is_public=False)
    notice = announce(wanted, by=clerk, at=NOW)
    issuing.carry_out(NOW)

    assert notice is not None
    assert notice.title not in shown(client, f"/organisations/{UNITS['first'][0]}/")
