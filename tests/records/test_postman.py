"""Who sends letters is called when they are committed, once, and nothing hangs on whether anybody hears it."""

import pytest
from django.db import transaction

from cases import runs, tasks
from portal import celery_app
from records import letters, postman
from records.models import Letter, LetterDelivery
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def write(programme, organisation, provider):
    def put(number):
        what = {"kind": "received", "subject": "已收到", "body": "您好"}
        return letters.write(
            f"act:{number}", [provider], at=NOW, programme=programme, organisation=organisation, **what
        )

    return put


def test_called_once_for_all_letters_of_a_transaction(write, called, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(3):
            write(number)
        assert called == []
    assert called == [tasks.send_letters.name]


def test_not_called_where_nothing_was_written(write, called, django_capture_on_commit_callbacks):
    write(1)
    with django_capture_on_commit_callbacks(execute=True):
        assert write(1) is None
    assert called == []


def test_called_for_what_is_kept_of_a_transaction(write, called, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        with transaction.atomic():
            write(1)
            transaction.set_rollback(True)
        write(2)
    assert (called, Letter.objects.count()) == ([tasks.send_letters.name], 1)


def test_sweep_calls_nobody_and_sends_itself(
    case_in_publicity, called, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        runs.run(case_in_publicity.wake_at)
    assert called == []
    assert mailoutbox[-1].subject.startswith(f"{case_in_publicity} 已发布")


def test_act_stands_when_the_queue_is_gone(write, monkeypatch, django_capture_on_commit_callbacks):
    def refuse(*args, **options):
        raise ConnectionRefusedError

    monkeypatch.setattr(celery_app, "send_task", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        write(1)
    assert LetterDelivery.objects.get().state == "waiting"


def test_task_sends_what_waits(write, mailoutbox, stopped_clock):
    write(1)
    tasks.send_letters()
    assert [mail.subject for mail in mailoutbox] == ["已收到"]


def test_message_has_no_moment_of_its_own(write, monkeypatch, django_capture_on_commit_callbacks):
    """A letter is tried again by the sweep; a task that nobody took is void when that has come."""
    sent = []
    monkeypatch.setattr(celery_app, "send_task", lambda name, **options: sent.append(options))
    with django_capture_on_commit_callbacks(execute=True):
        write(1)
    assert sent == [{"expires": postman.SECONDS, "retry": False, "ignore_result": True}]
