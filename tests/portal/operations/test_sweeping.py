from datetime import timedelta

import pytest

from cases.models import SweepRun
from records import clock
from records.probes import State
from tests.conftest import at

CLOSED = at("2026-10-04 00:00")


@pytest.mark.parametrize(
    ("minutes", "state"), [(0, State.OK), (4, State.OK), (5, State.WARN), (15, State.RED), (9999, State.RED)]
)
def test_what_is_due_and_nobody_does_turns_red(read, case_in_publicity, minutes, state):
    found = read("oldest_due", CLOSED + timedelta(minutes=minutes))

    assert (found.value, found.state) == (minutes * 60, state)


def test_wait_is_told_in_minutes_of_the_machine(read, case_in_publicity, settings, tmp_path):
    """A minute on this site is a day: beat cannot come more often than each minute."""
    settings.CLOCK_FILE = tmp_path / "clock.json"
    clock.run_at(1440)

    found = read("oldest_due", CLOSED + timedelta(days=2))

    assert (found.value, found.state, found.shown) == (120, State.OK, "2 分钟")


def test_nothing_due(read, case_in_publicity):
    assert read("oldest_due", at("2026-10-03 23:59")).shown == "没有"


def test_site_that_never_swept_says_so(read):
    assert (read("last_sweep", CLOSED).shown, read("last_sweep", CLOSED).state) == ("没有记录", State.WARN)
    assert read("sweep_time", CLOSED).shown == "没有记录"


@pytest.mark.parametrize(("minutes", "state"), [(1, State.OK), (5, State.WARN), (15, State.RED)])
def test_sweep_that_stays_away_turns_red(read, minutes, state):
    SweepRun.objects.create(at=CLOSED, seconds=0.5)

    found = read("last_sweep", CLOSED + timedelta(minutes=minutes))

    assert (found.value, found.state) == (minutes * 60, state)


@pytest.mark.parametrize(("seconds", "state"), [(59, State.OK), (60, State.WARN), (300, State.RED)])
def test_sweep_that_takes_long_turns_red(read, seconds, state):
    SweepRun.objects.create(at=CLOSED, seconds=seconds)
    SweepRun.objects.create(at=CLOSED)  # still at work

    assert (read("sweep_time", CLOSED).value, read("sweep_time", CLOSED).state) == (seconds, state)


@pytest.mark.parametrize(("minutes", "state"), [(1, State.OK), (5, State.WARN), (60, State.RED)])
def test_worker_that_died_before_the_clock_was_set_back_is_seen(read, db, minutes, state):
    """Its last run is still to come."""
    SweepRun.objects.create(at=CLOSED + timedelta(minutes=minutes), seconds=1)

    found = read("last_sweep", CLOSED)

    assert found.state == state
    assert bool(found.why) == (state != State.OK)
