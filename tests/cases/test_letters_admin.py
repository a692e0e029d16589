"""Letters as the office sees them: whether they arrived, and sent again by hand."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from records import letters
from records.models import Event, LetterDelivery
from tests.conftest import NOW
from tests.publicity.pages.moments import text

pytestmark = pytest.mark.django_db

LIST = reverse("admin:records_letter_changelist")


@pytest.fixture
def letter(submitted_case):
    return submitted_case.letters.get()


@pytest.fixture
def failed(letter):
    letter.deliveries.update(state="failed", attempts=6, next_attempt_at=None, last_error="TimeoutError")
    return letter


@pytest.fixture
def desk(client, clerk, stopped_clock):
    client.force_login(clerk)
    return client


def page_of(letter):
    return reverse("admin:records_letter_change", args=[letter.pk])


def again(letter):
    return reverse("admin:records_letter_send_again", args=[letter.pk])


def test_list_says_how_each_fared(desk, letter, programme, organisation, provider):
    what = {"kind": "received", "programme": programme, "organisation": organisation, "body": ""}
    letters.write("nobody", [], at=NOW, subject="没人收的", **what)
    said = text(desk.get(LIST))
    assert "等着寄 1 人" in said
    assert "没有人可收" in said


@pytest.mark.parametrize(("state", "count"), [("failed", 1), ("sent", 0), ("nobody", 0)])
def test_list_is_narrowed_by_how_they_fared(desk, failed, state, count):
    assert len(desk.get(LIST, {"state": state}).context["cl"].result_list) == count


@pytest.mark.parametrize(("read_at", "count"), [(None, 1), (NOW, 0)])
def test_letter_to_nobody_with_an_address_is_found_with_those_to_nobody(desk, letter, read_at, count):
    LetterDelivery.objects.update(state="not_needed", read_at=read_at)
    assert len(desk.get(LIST, {"state": "nobody"}).context["cl"].result_list) == count


def test_page_shows_the_text_and_names_and_no_address(desk, failed, provider):
    page = desk.get(page_of(failed)).content.decode()
    assert "您单位申请的" in page
    assert provider.display_name in page
    assert provider.email not in page


def test_nothing_is_edited(desk, letter):
    assert desk.post(page_of(letter), {"subject": "改"}).status_code == 404
    letter.refresh_from_db()
    assert letter.subject.startswith("DG-2026-0001 已收到")


def test_failed_letter_is_sent_again_by_the_clerk(desk, failed, clerk):
    assert "重新寄出" in desk.get(page_of(failed)).content.decode()
    answer = desk.post(again(failed), follow=True)
    assert "已重新排进寄信的队，1 人" in text(answer)

    delivery = LetterDelivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.next_attempt_at) == ("waiting", 0, NOW)
    event = Event.objects.get(verb="letter.retry")
    assert (event.actor, event.case) == (clerk, failed.case)
    assert letters.send_due(NOW) == 1


def test_letter_that_waits_or_went_is_not_sent_again(desk, letter):
    assert "重新寄出" not in desk.get(page_of(letter)).content.decode()
    assert "没有要重新寄的" in text(desk.post(again(letter), follow=True))
    letters.send_due(NOW)
    desk.post(again(letter))
    assert LetterDelivery.objects.get().state == "sent"


def test_sending_again_stays_in_the_office(client, desk, failed, provider):
    desk.post(again(failed))
    client.force_login(provider)
    assert "重新寄信" not in text(client.get(reverse("case", args=[failed.case_id])))


@pytest.mark.parametrize("who", ["auditor", "decider"])
def test_reader_sees_it_and_sends_nothing(client, failed, who, request):
    client.force_login(request.getfixturevalue(who))
    page = client.get(page_of(failed))
    assert page.status_code == 200
    assert "重新寄出" not in page.content.decode()
    assert client.post(again(failed)).status_code == 404
    assert LetterDelivery.objects.get().state == "failed"


@pytest.mark.parametrize("who", ["other_clerk", "provider", "stranger"])
def test_stranger_finds_nothing(client, failed, who, request):
    client.force_login(request.getfixturevalue(who))
    assert client.get(page_of(failed)).status_code == 404
    assert client.post(again(failed)).status_code == 404
    if who == "other_clerk":
        assert not client.get(LIST).context["cl"].result_list


def test_fixed_queries_with_one_and_three_letters(desk, letter, programme, organisation, provider):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(LIST).status_code == 200
        return len(queries)

    one = asked()
    what = {"kind": "received", "programme": programme, "organisation": organisation, "body": ""}
    for number in (1, 2):
        letters.write(f"more:{number}", [provider], at=NOW, subject="又一封", case=letter.case, **what)
    assert asked() == one
