"""What a request causes in a real worker stands in the worker's log under the id of that request."""

import re

import pytest

from portal import celery_app, logs
from records import clock
from records.models import Letter, LetterDelivery
from tests.conftest import person
from tests.servers import wait_until
from tests.services.workers import call_sweep

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

GIVEN = "0f5c7a1e9b3d4c2a8e6f1b2c3d4e5f60"
ANOTHER = "b2f1c9d07a3e4e11a5d6c7b8a9f0e1d2"
ADDRESS = "chen@example.org"


@pytest.fixture
def called():
    """The tasks go where they go."""


@pytest.fixture
def at_work(worker, environment):
    with worker("worker", LOG_LEVEL="INFO") as one:
        one.wait_for(" ready.")
        yield one


def whose(one, said):
    """The ids of the lines that say this."""
    return re.findall(rf"\[([^\]]+)\]: {said}", one.output)


def wait_for_letter(one, number):
    wait_until(lambda: whose(one, f"letter {number} sent"), 30, lambda: one.output)


def test_letter_leaves_at_once_under_the_id_of_the_request_that_wrote_it(client, at_work):
    person("chen", "陈办事")
    client.post("/password/reset/", {"email": ADDRESS}, headers={"X-Request-ID": GIVEN})

    delivery = LetterDelivery.objects.get()
    wait_for_letter(at_work, delivery.pk)
    delivery.refresh_from_db()
    assert delivery.state == "sent"
    assert whose(at_work, f"letter {delivery.pk} sent") == [GIVEN]
    assert whose(at_work, r"Task cases\.tasks\.send_letters\[[^\]]+\] succeeded") == [GIVEN]
    assert ADDRESS not in at_work.output


def test_sweep_has_the_id_of_who_sent_it_and_otherwise_its_own(at_work, environment):
    who = person("chen", "陈办事")
    facts = {"audience": Letter.Audience.ACCOUNT, "kind": "plain", "subject": "信", "body": "您好"}
    for number, given in enumerate((GIVEN, ANOTHER)):
        letter = Letter.objects.create(key=str(number), written_at=clock.now(), **facts)
        due = LetterDelivery.objects.create(letter=letter, person=who, next_attempt_at=clock.now())
        logs.enter(given)
        celery_app.send_task("cases.tasks.sweep_due")
        logs.leave()
        wait_for_letter(at_work, due.pk)
        assert whose(at_work, f"letter {due.pk} sent") == [given]

    call_sweep(environment)
    swept = r"Task cases\.tasks\.sweep_due\[([^\]]+)\] succeeded"
    wait_until(lambda: len(re.findall(swept, at_work.output)) == 3, 30, lambda: at_work.output)
    whose_and_which = whose(at_work, swept)
    own = whose_and_which[2][1]
    assert [of for of, _ in whose_and_which] == [GIVEN, ANOTHER, own]
