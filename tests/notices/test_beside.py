"""The documents on pages of apps below, each where what it is about is shown."""

from typing import Any

import pytest

from cases.sweep import sweep
from notices import issuing, measures
from notices.asking import Wanted, announce
from notices.models import Notice
from publicity.models import PublicityPeriod
from tests.conftest import NOW, PARTNERS, UNITS
from tests.corrections.conftest import publish
from tests.corrections.test_restoring import LATER, LATEST, remove, undo
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


LIST, UNIT = f"/lists/{SLUG}/", f"/organisations/{UNITS['first'][0]}/"


@pytest.fixture
def cleared(
    wordings: Any, plain_files: Any, registration: Any, clerk: Any, decider: Any, stopped_clock: Any
) -> Notice:
    remove(registration, clerk, decider)
    stopped_clock(LATER)
    return Notice.objects.get(kind="clearance")


def link_to(notice: Notice) -> str:
    return f'<a href="/notices/{notice.code}/">清退公告（{notice.number}）'


def test_notice_of_a_removal_stands_beside_the_name_of_who_left(cleared, client):
    for page in (LIST, UNIT):
        assert link_to(cleared) in shown(client, page)


def test_notice_of_a_removal_that_was_undone_says_so(
    cleared, registration, clerk, decider, client, stopped_clock
):
    publish(undo(registration, clerk), decider, LATER)
    sweep(LATEST)
    stopped_clock(LATEST)

    assert link_to(cleared) not in shown(client, LIST)
    page = shown(client, UNIT)
    assert "已撤销" in page[page.index(link_to(cleared)) :][:300]


def test_removal_that_was_only_served_is_not_linked(cleared, client):
    Notice.objects.filter(pk=cleared.pk).update(is_public=False)

    ended = shown(client, LIST).split('id="ended"')[1].split("</table>")[0]
    assert UNITS["first"][1] in ended
    assert "/notices/" not in ended
