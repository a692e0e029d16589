"""After an outage: what was set aside for one reason, and the letters that failed, taken up again at once."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import steps
from cases.admin.again import Group
from cases.models import Case
from records.models import Event, LetterDelivery
from tests.conftest import NOW, add
from tests.publicity.pages.moments import text

pytestmark = pytest.mark.django_db

PAGE, WORKLIST = reverse("admin:cases_case_again"), reverse("admin:cases_case_changelist")
GONE, OURS = "OperationalError：（13800000000）server closed", "RuntimeError：no answer"


@pytest.fixture
def three(apply, registration, second, third, provider, stopped_clock) -> list[Case]:
    """Two set aside by the database, one by a fault of ours."""
    cases = [
        steps.submit(apply(unit, provider, [add(who, unit)]), by=provider, at=NOW)
        for unit, who in ((registration, "fresh"), (second, "other"), (third, "other"))
    ]
    for case, reason in zip(cases, (GONE, GONE, OURS), strict=True):
        aside = {"set_aside_at": NOW, "set_aside_reason": reason, "set_aside_tries": 6, "wake_at": NOW}
        Case.objects.filter(pk=case.pk).update(**aside)
    return cases


@pytest.fixture
def desk(client, clerk):
    client.force_login(clerk)
    return client


def keys(page: str) -> list[str]:
    return re.findall(r'name="reason" value="(\w+)"', page)


def test_all_of_one_reason_are_taken_up_again_and_no_other(desk, three, clerk):
    page = desk.get(PAGE).content.decode()
    assert "重新办理这 2 件" in page
    assert "重新办理这 1 件" in page
    assert "13800000000" not in page
    first, _ = keys(page)

    said = text(desk.post(PAGE, {"what": "cases", "reason": first}, follow=True))

    assert "2 件已重新交给系统" in said
    assert [Case.objects.get(pk=case.pk).set_aside_at for case in three] == [None, None, NOW]
    taken = Event.objects.filter(verb="retry")
    assert {(event.case_id, event.actor_id) for event in taken} == {(case.pk, clerk.pk) for case in three[:2]}


def test_page_that_is_out_of_date_takes_nothing_up(desk, three):
    assert "0 件已重新交给系统" in text(desk.post(PAGE, {"what": "cases", "reason": "x"}, follow=True))
    assert desk.post(PAGE, {"what": "all"}).status_code == 404
    assert Case.objects.filter(set_aside_at=NOW).count() == 3


def test_all_letters_that_failed_are_sent_again(desk, stranger, three, clerk):
    """Of two units; nobody acts for the third."""
    deliveries = LetterDelivery.objects.all()
    deliveries.update(state="failed", attempts=6, next_attempt_at=None)
    assert "重新寄这 2 封" in desk.get(PAGE).content.decode()

    said = text(desk.post(PAGE, {"what": "letters"}, follow=True))

    assert "2 封信已重新排进寄信的队，2 人" in said
    assert list(deliveries.values_list("state", "attempts")) == [("waiting", 0)] * 2
    assert Event.objects.filter(verb="letter.retry", actor=clerk).count() == 2
    assert "重新寄这" not in desk.get(PAGE).content.decode()


def test_worklist_leads_there_only_where_something_waits(desk, three):
    page = desk.get(WORKLIST).content.decode()
    assert "3 件被系统搁置，查明原因后可以一起重新办理" in page
    assert f'href="{PAGE}"' in page

    Case.objects.update(set_aside_at=None)
    assert f'href="{PAGE}"' not in desk.get(WORKLIST).content.decode()


@pytest.mark.parametrize(
    ("who", "status"), [("clerk", 200), ("auditor", 404), ("decider", 404), ("stranger", 404)]
)
def test_page_is_for_who_handles_cases(client, three, request, who, status):
    client.force_login(request.getfixturevalue(who))
    answers = [client.get(PAGE), client.post(PAGE, {"what": "letters"})]

    assert [one.status_code for one in answers] == [status, 302 if status == 200 else status]


def test_other_city_neither_sees_nor_takes_up(client, three, other_clerk):
    client.force_login(other_clerk)
    assert keys(client.get(PAGE).content.decode()) == []

    client.post(PAGE, {"what": "cases", "reason": Group(GONE, 2, []).key})
    assert Case.objects.filter(set_aside_at=NOW).count() == 3


def test_page_takes_as_many_queries_for_two_cases_as_for_one(desk, three):
    Case.objects.filter(pk=three[1].pk).update(set_aside_at=None)
    desk.get(PAGE)
    with CaptureQueriesContext(connection) as one:
        desk.get(PAGE)
    Case.objects.filter(pk=three[1].pk).update(set_aside_at=NOW)
    with CaptureQueriesContext(connection) as two:
        desk.get(PAGE)
    assert len(two) == len(one)
