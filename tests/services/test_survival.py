"""Sweeps that survive: whatever happens to the worker, to Redis, to the database or to the clock, every due case is published
once, in editions that follow one another, and a case that raises holds nobody up."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import redis
from django.db import connection, transaction

from cases import engine
from cases.models import Case, SweepRun
from changes.models import Operation, PartnerChange
from cities.models import Programme
from providers import listed, queries, registry
from providers.models import ListEdition
from publicity.models import PublicityItem
from records import clock
from records.models import Event
from tests.conftest import NOW, at
from tests.races import waiters
from tests.servers import Running, free_port, running, wait_until
from tests.services.workers import A_MINUTE_LATE, away_for_an_hour, call_sweep

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

Worker = Callable[..., AbstractContextManager[Running]]
Due = Callable[[int], list[Case]]


def published() -> int:
    return ListEdition.objects.count() - 1


def ended() -> int:
    return SweepRun.objects.exclude(seconds=None).count()


def wait_for_editions(count: int, one: Running, seconds: float = 60) -> None:
    wait_until(lambda: published() >= count, seconds, lambda: f"{published()} published\n{one.output}")


def wait_for_sweeps(count: int, one: Running, seconds: float = 60) -> None:
    wait_until(lambda: ended() >= count, seconds, lambda: f"{ended()} sweeps, {published()}\n{one.output}")


def assert_each_published_once(programme: Programme, count: int) -> None:
    """Nothing lost, nothing twice."""
    assert Case.objects.filter(status=Case.Status.CLOSED, result=Case.Result.PUBLISHED).count() == count
    assert not Case.objects.exclude(wake_at=None).exists()
    assert not PublicityItem.objects.filter(released_at=None).exists()
    assert sorted(Case.objects.values_list("edition__number", flat=True)) == list(range(2, count + 2))
    for verb in ("publicity.unopposed", "publication.published"):
        told = Event.objects.filter(verb=verb).values_list("case", flat=True)
        assert len(told) == len(set(told)) == count
    assert_chained(programme, count + 1)


def assert_chained(programme: Programme, count: int) -> None:
    """Consecutive numbers, rising moments, each digest over the one before, and as long as the list is."""
    editions = list(ListEdition.objects.order_by("number"))
    assert [edition.number for edition in editions] == list(range(1, count + 1))
    for before, edition in pairwise(editions):
        content = [programme.slug, edition.number, edition.published_at.timestamp(), edition.kind]
        assert edition.published_at > before.published_at
        assert edition.digest == listed.fingerprint(before.digest, [*content, edition.changes])
    assert editions[-1].counts == queries.counts(programme, editions[-1].published_at)


def kill(one: Running) -> None:
    os.killpg(one.process.pid, signal.SIGKILL)
    one.process.wait()


def test_worker_killed_in_the_middle_of_500(programme, due_in_bulk: Due, worker: Worker, environment):
    due_in_bulk(500)

    with worker("killed") as first:
        first.wait_for(" ready.")
        call_sweep(environment)
        wait_for_editions(20, first)
        kill(first)
    until_then = published()
    with worker("second") as second:
        second.wait_for(" ready.")
        call_sweep(environment)
        wait_for_sweeps(1, second, 240)

    assert 20 <= until_then < 500
    assert_each_published_once(programme, 500)
    killed, whole = SweepRun.objects.order_by("pk")
    assert (killed.has_ended, whole.trouble) == (False, "")
    assert whole.due == whole.done == 500 - until_then


@contextmanager
def redis_of_our_own(port: int, log: Path) -> Iterator[Running]:
    command = f"redis-server --port {port} --bind 127.0.0.1 --save '' --appendonly no --dir {log.parent}"
    with running(command, os.environ, log) as server:
        server.wait_for("Ready to accept connections")
        yield server


def test_redis_emptied_then_stopped_and_started_again(
    programme, due_in_bulk: Due, worker: Worker, environment, tmp_path
):
    due_in_bulk(60)
    port = free_port()
    address = f"redis://127.0.0.1:{port}/0"
    ours = {**environment, "BROKER_URL": address}

    with ExitStack() as stack:
        with redis_of_our_own(port, tmp_path / "redis") as server:
            call_sweep(ours)
            redis.Redis.from_url(address).flushall()
            at_work = stack.enter_context(worker("worker", BROKER_URL=address))
            at_work.wait_for(" ready.")
            assert SweepRun.objects.count() == 0
            call_sweep(ours)
            wait_for_editions(3, at_work)
            server.stop(signal.SIGKILL)
        in_the_middle = published()
        wait_for_sweeps(1, at_work)
        with redis_of_our_own(port, tmp_path / "redis again"):
            call_sweep(ours)
            wait_for_sweeps(2, at_work)
            kill(at_work)

    assert 3 <= in_the_middle < 60
    assert_each_published_once(programme, 60)
    assert list(SweepRun.objects.order_by("pk").values_list("due", "done")) == [(60, 60), (0, 0)]


def cut_other_connections() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])


def test_database_connection_cut_in_the_middle(programme, due_in_bulk: Due, worker: Worker, environment):
    due_in_bulk(40)

    with worker("worker") as at_work:
        at_work.wait_for(" ready.")
        call_sweep(environment)
        wait_for_editions(5, at_work)
        assert cut_other_connections() >= 1
        wait_for_sweeps(1, at_work)
        call_sweep(environment)
        wait_for_sweeps(2, at_work)

    cut, next_one = SweepRun.objects.order_by("pk")
    assert (cut.due, cut.done, cut.left, cut.set_aside, cut.trouble) == (40, 39, 1, 0, "")
    assert (next_one.due, next_one.done) == (1, 1)
    assert_each_published_once(programme, 40)


def test_two_beats_and_three_workers_at_once(
    programme, due_in_bulk: Due, worker: Worker, environment, tmp_path
):
    due_in_bulk(40)

    with ExitStack() as stack:
        workers = [stack.enter_context(worker(f"worker{number}")) for number in range(3)]
        for one in workers:
            one.wait_for(" ready.")
        with transaction.atomic():
            # Until we let go, whoever sweeps has read that all 40 are due and waits.
            registry.lock(programme)
            call_sweep(environment)
            for number in range(2):
                schedule = away_for_an_hour(tmp_path / f"schedule{number}")
                beat = f"celery -A portal beat --loglevel INFO --schedule {schedule}"
                stack.enter_context(running(beat, environment, tmp_path / f"beat{number}"))
            wait_until(lambda: waiters() >= 2, 60, lambda: workers[0].output)
        wait_for_sweeps(3, workers[0])

    assert_each_published_once(programme, 40)
    runs = SweepRun.objects.all()
    assert sum(run.done for run in runs) == 40
    assert [(run.set_aside, run.left) for run in runs] == [(0, 0)] * 3


def test_clock_that_jumps_back_an_hour(programme, due_in_bulk: Due, worker: Worker, environment):
    due_in_bulk(40)

    clock.shift_to(at("2026-10-04 00:31"))
    with worker("killed") as first:
        first.wait_for(" ready.")
        call_sweep(environment)
        wait_for_editions(5, first)
        kill(first)
    before = published()
    with worker("second") as second:
        second.wait_for(" ready.")
        clock.shift_to(at("2026-10-03 23:31"))
        call_sweep(environment)
        wait_for_sweeps(1, second)
        not_yet_due = published()
        clock.shift_to(A_MINUTE_LATE)
        call_sweep(environment)
        wait_for_sweeps(2, second)

    assert (before, not_yet_due) == (before, before)
    assert 5 <= before < 40
    assert_each_published_once(programme, 40)
    last = ListEdition.objects.latest("number")
    # Later than the edition before it, which the clock had dated half an hour ahead.
    assert at("2026-10-04 00:31") < last.published_at < at("2026-10-04 00:32")
    runs = SweepRun.objects.exclude(seconds=None).order_by("pk")
    assert [run.due for run in runs] == [0, 40 - before]


def test_case_whose_effect_raises(programme, due_in_bulk: Due, worker: Worker, environment, clerk):
    bad = due_in_bulk(12)[5]
    # What was filed is gone: what happens then no rule foresees.
    bad.partner_change.delete()

    with worker("worker") as at_work:
        at_work.wait_for(" ready.")
        for sweeps, minutes in ((1, 1), (2, 2), (3, 3)):
            clock.shift_to(at("2026-10-04 00:00") + timedelta(minutes=minutes, seconds=5 * minutes))
            call_sweep(environment)
            wait_for_sweeps(sweeps, at_work)
        aside = engine.load(bad.pk)
        _mend(bad)
        engine.take_up_again(aside, by=clerk, at=clock.now())
        call_sweep(environment)
        wait_for_sweeps(4, at_work)

    runs = SweepRun.objects.order_by("pk").values_list("due", "done", "set_aside")
    assert list(runs) == [(12, 11, 1), (1, 0, 1), (0, 0, 0), (1, 1, 0)]
    assert f"case {bad.number} raised in the sweep: 已搁置，2026年10月4日 00:02 再试" in at_work.output
    assert list(bad.events.order_by("pk").values_list("verb", flat=True))[-5:] == [
        "set_aside",
        "set_aside",
        "retry",
        "publicity.unopposed",
        "publication.published",
    ]
    assert_each_published_once(programme, 12)


def _mend(case: Case) -> None:
    change = PartnerChange.objects.create(case=case, reason="补充能力", truthful=True, saved_at=NOW)
    Operation.objects.create(
        change=change, action=Operation.Action.ADD_ITEM, item_code="P-01", item_name="示例排产软件"
    )
