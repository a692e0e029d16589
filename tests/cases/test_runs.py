"""What a sweep did stays on record: also one that found nothing, was killed, or lost its database."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from cases import runs, sweep, tasks
from cases.models import SweepRun
from tests.conftest import NOW, at

CLOSES = at("2026-10-04 00:00")


def test_sweep_is_recorded_with_what_it_did_and_how_long_it_took(case_in_publicity):
    runs.run(CLOSES)

    run = runs.last()
    assert (run.at, run.due, run.done, run.set_aside, run.left, run.trouble) == (CLOSES, 1, 1, 0, 0, "")
    assert 0 < run.seconds < 60


def test_case_that_was_set_aside_and_a_chore_that_failed_are_told_apart(case_in_publicity, monkeypatch):
    case_in_publicity.partner_change.delete()

    def refuse(at: object) -> None:
        raise RuntimeError("坏了")

    monkeypatch.setattr(sweep, "_chores", {"坏的": refuse})

    runs.run(CLOSES)

    run = runs.last()
    assert (run.due, run.done, run.set_aside, run.trouble) == (1, 0, 1, "没有做成：坏的")


def test_sweep_that_finds_nothing_is_recorded_in_three_queries(db):
    with CaptureQueriesContext(connection) as asked:
        runs.run(NOW)

    assert (runs.last().due, runs.last().has_ended) == (0, True)
    assert len([query for query in asked if "sweeprun" in query["sql"]]) == 3


def test_task_and_command_are_recorded(db, stopped_clock):
    tasks.sweep_due()
    call_command("sweep", verbosity=0)

    assert [run.at for run in SweepRun.objects.all()] == [NOW, NOW]


def test_last_sweep_is_the_one_that_began_last_whatever_the_clock_said(db):
    runs.run(NOW)
    runs.run(NOW - timedelta(hours=1))

    assert runs.last().at == NOW - timedelta(hours=1)


def test_sweep_that_was_killed_stays_as_it_began(db):
    runs.run(NOW)
    SweepRun.objects.create(at=NOW + timedelta(minutes=1))

    assert (runs.last().has_ended, runs.last_ended().at) == (False, NOW)


def test_record_keeps_a_week_of_rows(db, monkeypatch):
    monkeypatch.setattr(runs, "KEPT", 3)
    moments = [NOW + timedelta(minutes=number) for number in range(5)]

    for moment in moments:
        runs.run(moment)

    assert list(SweepRun.objects.order_by("pk").values_list("at", flat=True)) == moments[2:]


@pytest.mark.parametrize("query", ["_in_order", "_do_chores"])
def test_sweep_whose_database_goes_away_says_so_and_is_recorded(db, monkeypatch, query):
    def cut(*args: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(sweep, query, cut)

    report = runs.run(NOW)

    assert report.trouble == runs.last().trouble == "数据库没有应答，没有办完的由下一次办"
