"""A real worker, and beat, with Redis between them, on the test database and a clock of their own."""

import os
import signal
from datetime import timedelta

import pytest
from django.db import transaction

from cases import engine
from cases.models import Case
from providers.models import ListEdition, Partnership
from tests.races import waiters
from tests.servers import running, wait_until
from tests.services.workers import A_MINUTE_LATE, away_for_an_hour, call_sweep

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def test_beat_and_worker_close_what_is_due_and_publish_it(case_in_publicity, worker, environment, tmp_path):
    schedule = away_for_an_hour(tmp_path / "schedule")
    beat = f"celery -A portal beat --loglevel INFO --schedule {schedule}"

    with worker("worker") as working, running(beat, environment, tmp_path / "beat") as beating:
        beating.wait_for("Sending due task sweep")
        working.wait_for("succeeded in")

    case = engine.load(case_in_publicity.pk)
    assert (case.status, case.result) == (Case.Status.CLOSED, Case.Result.PUBLISHED)
    assert case.edition.number == 2
    assert A_MINUTE_LATE <= case.edition.published_at < A_MINUTE_LATE + timedelta(minutes=2)
    assert case.events.values_list("verb", "actor_name").first() == ("publication.published", "系统")


def test_worker_killed_in_the_middle_of_a_case_loses_and_doubles_nothing(many_due, worker, environment):
    cases = many_due(4)
    programme = cases[0].programme

    with worker("killed") as first:
        first.wait_for(" ready.")
        with transaction.atomic():
            # Edition 3 is ours for now: whoever writes another waits for us, with its partner already on the list.
            ListEdition.objects.create(
                programme=programme,
                number=3,
                published_at=A_MINUTE_LATE,
                kind="change",
                summary="",
                digest="",
            )
            call_sweep(environment)
            wait_until(lambda: waiters() == 1, 20, lambda: first.output)
            os.killpg(first.process.pid, signal.SIGKILL)
            first.process.wait()
            transaction.set_rollback(True)
    published = [case.pk for case in cases if engine.load(case.pk).result == Case.Result.PUBLISHED]
    partners = Partnership.objects.count()

    with worker("second") as second:
        second.wait_for(" ready.")
        call_sweep(environment)
        second.wait_for("succeeded in")

    assert (published, partners) == ([cases[0].pk], 1)
    assert sorted(engine.load(case.pk).edition.number for case in cases) == [2, 3, 4, 5]
    assert list(ListEdition.objects.values_list("number", flat=True).order_by("number")) == [1, 2, 3, 4, 5]
    assert Partnership.objects.count() == 4


def test_two_processes_that_sweep_at_once_publish_every_case_once(many_due, worker, environment):
    cases = many_due(6)

    with worker("both", processes=2) as both:
        both.wait_for(" ready.")
        with transaction.atomic():
            Case.objects.select_for_update().get(pk=cases[0].pk)
            call_sweep(environment)
            call_sweep(environment)
            wait_until(lambda: waiters() == 2, 20, lambda: both.output)
        wait_until(lambda: both.output.count("succeeded in") == 2, 30, lambda: both.output)

    assert [engine.load(case.pk).edition.number for case in cases] == [2, 3, 4, 5, 6, 7]
    assert ListEdition.objects.count() == 7
    assert Partnership.objects.count() == 6
