"""A real worker, and beat, with Redis between them, on the test database and a clock of their own."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import redis
from celery.beat import PersistentScheduler
from django.db import transaction
from django.utils import timezone

from cases import engine
from cases.models import Case
from portal.celery import app
from providers.models import ListEdition, Partnership
from records import clock
from tests.conftest import at
from tests.races import database_url, waiters
from tests.servers import ROOT, Running, clean_environment, running, wait_until

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

A_MINUTE_LATE = at("2026-10-04 00:01")


@pytest.fixture
def environment(settings: Any, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Of processes on the test database, whose clock stands a minute after the end of 2026-10-03."""
    settings.CLOCK_FILE = tmp_path / "clock.json"
    clock.shift_to(A_MINUTE_LATE)
    broker = os.environ["BROKER_URL"]
    redis.Redis.from_url(broker).flushdb()
    yield clean_environment(
        DATABASE_URL=database_url(),
        BROKER_URL=broker,
        PORTAL_VAR=str(tmp_path / "var"),
        PORTAL_CLOCK_FILE=str(settings.CLOCK_FILE),
    )
    redis.Redis.from_url(broker).flushdb()


@pytest.fixture
def worker(environment: dict[str, str], tmp_path: Path) -> Callable[..., AbstractContextManager[Running]]:
    def start(name: str, processes: int = 1) -> AbstractContextManager[Running]:
        command = f"celery -A portal worker --concurrency {processes} --loglevel INFO"
        return running(command, environment, tmp_path / name)

    return start


def call_sweep(environment: dict[str, str]) -> None:
    command = ["celery", "-A", "portal", "call", "cases.tasks.sweep_due"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)


def away_for_an_hour(schedule: Path) -> str:
    """The file that a beat leaves which last sent its tasks an hour ago."""
    scheduler = PersistentScheduler(app, schedule_filename=str(schedule))
    scheduler.schedule["sweep"].last_run_at = timezone.now() - timedelta(hours=1)
    scheduler.close()
    return str(schedule)


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
