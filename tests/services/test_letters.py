"""Two who send at once. PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail

from cases.sweep import sweep
from records import letters
from records.models import LetterDelivery
from tests.conftest import NOW
from tests.races import on_its_own_connection

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def at_once(*calls):
    with ThreadPoolExecutor() as pool:
        return [one.result(60) for one in [pool.submit(on_its_own_connection, call) for call in calls]]


def test_two_senders_at_once_send_each_letter_once(programme, organisation, provider, settings):
    settings.EMAIL_BACKEND = "tests.mailboxes.Slow"
    what = {"kind": "received", "programme": programme, "organisation": organisation, "body": "您好"}
    for number in range(6):
        letters.write(f"act:{number}", [provider], at=NOW, subject=f"第 {number} 封", **what)

    sent = at_once(*[lambda: letters.send_due(NOW)] * 3)

    assert sum(sent) == 6
    assert sorted(message.subject for message in mail.outbox) == [f"第 {number} 封" for number in range(6)]
    assert set(LetterDelivery.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_two_sweeps_at_once_mail_the_receipt_once(submitted_case, settings):
    settings.EMAIL_BACKEND = "tests.mailboxes.Slow"

    reports = at_once(*[lambda: sweep(NOW)] * 2)

    assert [report.failed for report in reports] == [[], []]
    assert len(mail.outbox) == 1
