import shutil
from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.utils import timezone

from portal.celery import app
from portal.operations.broker import opened
from portal.version import version
from records import clock
from records.probes import State, readings
from tests.conftest import NOW, at


@pytest.mark.parametrize(
    ("red", "warn", "state"), [(1, 2, State.OK), (1, 10**12, State.WARN), (10**12, 10**12, State.RED)]
)
def test_disk_that_fills_up(read, settings, tmp_path, red, warn, state):
    settings.VAR, settings.DISK_RED_MB, settings.DISK_WARN_MB = tmp_path, red, warn

    assert read("disk", NOW).state == state
    assert read("disk", NOW).value > 0


def test_disk_of_the_uploads_counts_too(read, settings, tmp_path, monkeypatch):
    settings.VAR, settings.PRIVATE_FILES_ROOT = tmp_path, tmp_path / "uploads"
    (tmp_path / "uploads").mkdir()
    free = {tmp_path: 10**12, tmp_path / "uploads": 10**8}
    monkeypatch.setattr(shutil, "disk_usage", lambda place: SimpleNamespace(free=free[place]))

    assert (read("disk", NOW).value, read("disk", NOW).state) == (10**8, State.RED)


def test_tables_older_than_the_code(read, older_tables):
    assert (read("migrations", NOW).value, read("migrations", NOW).state) == (0, State.OK)

    older_tables()

    assert read("migrations", NOW).state == State.RED
    assert read("migrations", NOW).value >= 1


@pytest.fixture
def folder_broker(settings, tmp_path):
    """A queue of this test's own."""
    folders = {name: str(tmp_path / name) for name in ("messages", "control")}
    for folder in folders.values():
        (tmp_path / folder).mkdir()
    settings.CELERY_BROKER_URL = "filesystem://localhost"
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": folders["messages"],
        "data_folder_out": folders["messages"],
        "control_folder": folders["control"],
    }


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_queue_nobody_takes_from(read, folder_broker):
    for wanted, state in ((0, State.OK), (9, State.OK), (10, State.WARN), (60, State.RED)):
        with opened() as broker:
            queue = broker.SimpleQueue(app.conf.task_default_queue)
            while read("queue", NOW).value < wanted:
                queue.put({})
            queue.close()
        assert (read("queue", NOW).value, read("queue", NOW).state) == (wanted, state)


def test_queue_of_this_run_can_be_asked(read):
    assert read("queue", NOW).value >= 0


def test_queue_that_cannot_be_reached_is_red_and_the_rest_is_read(db, settings, nobody_listens):
    settings.CELERY_BROKER_URL = nobody_listens

    found = {probe.key: reading for probe, reading in readings(NOW)}

    assert (found["queue"].state, found["queue"].shown) == (State.RED, "读不出来")
    assert "127.0.0.1" not in found["queue"].why
    assert found["disk"].shown != "读不出来"


def test_version_is_that_of_the_project(read):
    assert read("version", NOW).label == version()
    assert read("version", NOW).shown.startswith(f"{version()}（Python 3.")


def test_servers_are_told_without_where_they_are(read, settings):
    settings.CELERY_BROKER_URL = "redis://user:secret-word@queue.example.org/0"

    found = read("servers", NOW)

    assert "redis" in found.shown
    assert not any(word in found.shown for word in ("secret-word", "queue.example.org"))


def test_clock_that_was_moved_is_red_only_where_time_is_real(read, settings, tmp_path):
    assert (read("clock", NOW).shown, read("clock", NOW).value) == ("实际时间", 0)

    settings.CLOCK_FILE = tmp_path / "clock.json"
    clock.shift_to(timezone.now() + timedelta(days=3), speed=60)
    found = read("clock", at("2026-09-17 10:32"))
    assert found.state == State.OK
    assert found.shown == "本站 2026年9月17日 10:32，按实际时间的 60 倍走（1 分钟走 1 小时）"
    assert found.value > 2 * 24 * 3600

    settings.PRODUCTION = True
    assert read("clock", NOW).state == State.RED


@pytest.mark.parametrize(("seconds", "state"), [(0, State.OK), (20, State.WARN), (120, State.RED)])
def test_machine_and_database_that_tell_different_times(read, seconds, state):
    with time_machine.travel(timezone.now() + timedelta(seconds=seconds)):
        assert read("machine_clock", NOW).state == state
