import json
import os
import subprocess
import sys
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as site
from django.utils import timezone

from records import clock
from tests.conftest import at

SECOND = timedelta(seconds=1)


@pytest.fixture
def clock_file(settings, tmp_path):
    settings.CLOCK_FILE = tmp_path / "deep" / "clock.json"
    return settings.CLOCK_FILE


def test_clock_without_a_file_is_the_machines():
    assert clock.offset() == timedelta()
    assert abs(clock.now() - timezone.now()) < SECOND
    assert str(clock.now().tzinfo) == "Asia/Shanghai"


def test_clock_without_a_file_cannot_be_set():
    with pytest.raises(RuntimeError, match="没有设置可调的时钟"):
        clock.shift_to(at("2026-09-17 10:32"))


def test_file_that_is_not_there_yet_shifts_nothing(clock_file):
    assert clock.offset() == timedelta()


def test_clock_is_set_and_runs_on(clock_file):
    clock.shift_to(at("2026-09-17 10:32"))
    first = clock.now()
    assert timedelta() <= first - at("2026-09-17 10:32") < SECOND
    assert clock.now() > first
    assert clock.today().isoformat() == "2026-09-17"


def test_clock_is_set_again_forward_and_back(clock_file):
    for moment in ("2027-01-01 00:00", "2024-03-27 09:00"):
        clock.shift_to(at(moment))
        assert timedelta() <= clock.now() - at(moment) < SECOND


def test_another_process_reads_the_same_file(clock_file, tmp_path):
    clock.shift_to(at("2031-01-01 09:00"))
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import django; django.setup(); from records import clock; print(clock.now().year)",
        ],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings", "PORTAL_CLOCK_FILE": str(clock_file)},
        cwd=site.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "2031"


def test_file_changed_by_another_process_is_read_again(clock_file):
    clock.shift_to(at("2026-09-17 10:32"))
    clock.now()
    clock_file.write_text(json.dumps({"offset_seconds": 3600}))
    assert clock.offset() == timedelta(hours=1)


def test_production_has_no_clock_file(tmp_path):
    production = {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PORTAL_PRODUCTION": "true",
        "SECRET_KEY": "x" * 60,
        "PORTAL_VAR": str(tmp_path),
        "PATH": os.environ["PATH"],
    }
    told = subprocess.run(
        [sys.executable, "-c", "from django.conf import settings; print(settings.CLOCK_FILE)"],
        env=production,
        cwd=site.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "None"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"offset_seconds": null}',
        '{"offset_seconds": "a"}',
        '{"offset_seconds": NaN}',
        '{"offset_seconds": 1e300}',
        '{"offset_seconds": 1e12}',
        '{"offset_seconds": 0, "speed": 0, "since": 0}',
        '{"offset_seconds": 0, "speed": 1.5, "since": 0}',
        '{"offset_seconds": 0, "speed": 86401, "since": 0}',
        '{"offset_seconds": 0, "speed": 60}',
        "\x00",
    ],
)
def test_file_that_says_no_time_is_named_with_what_to_do(clock_file, content):
    clock_file.parent.mkdir()
    clock_file.write_text(content)

    with pytest.raises(clock.ClockFileBroken) as broken:
        clock.now()

    assert str(broken.value) == (
        f"时钟文件 {clock_file} 读不出来：删去这个文件，"
        "再用 manage.py clock --set 2026-09-17T10:32 这样的命令重新拨时间"
    )


REAL = at("2026-11-20 08:00")
DAY_A_MINUTE = 1440


def test_fast_clock_walks_a_day_a_minute(clock_file):
    with time_machine.travel(REAL, tick=False) as real:
        clock.shift_to(at("2026-09-17 10:32"), speed=DAY_A_MINUTE)
        assert (clock.now(), clock.speed()) == (at("2026-09-17 10:32"), DAY_A_MINUTE)

        real.shift(timedelta(minutes=6))
        assert clock.now() == at("2026-09-23 10:32")


def test_fast_clock_changes_its_pace_without_a_jump(clock_file):
    with time_machine.travel(REAL, tick=False) as real:
        clock.shift_to(at("2026-09-17 10:32"))
        seen = [clock.now()]
        for speed in (DAY_A_MINUTE, 60, 1):
            clock.run_at(speed)
            assert clock.now() == seen[-1]
            real.shift(timedelta(minutes=1))
            seen.append(clock.now())

    assert seen[1:] == [at("2026-09-18 10:32"), at("2026-09-18 11:32"), at("2026-09-18 11:33")]


def test_clock_set_anew_keeps_its_pace(clock_file):
    with time_machine.travel(REAL, tick=False) as real:
        clock.run_at(60)
        clock.shift_to(at("2026-10-01 09:00"))
        real.shift(timedelta(minutes=1))

        assert clock.now() == at("2026-10-01 10:00")


@pytest.mark.parametrize("back", [timedelta(seconds=2), timedelta(hours=1)])
def test_fast_clock_never_runs_backwards_when_the_machines_does(clock_file, back):
    """Two seconds back would be 48 minutes at this pace."""
    with time_machine.travel(REAL, tick=False) as real:
        clock.run_at(DAY_A_MINUTE)
        real.shift(timedelta(minutes=5))
        before = clock.now()
        real.shift(-back)

        assert clock.now() == before


def test_fast_clock_set_back_by_hand_goes_back(clock_file):
    with time_machine.travel(REAL, tick=False):
        clock.run_at(DAY_A_MINUTE)
        clock.now()
        clock.shift_to(at("2026-09-01 09:00"))

        assert clock.now() == at("2026-09-01 09:00")


def test_fast_clock_that_is_forgotten_stands_where_days_can_be_counted(clock_file):
    with time_machine.travel(REAL, tick=False) as real:
        clock.run_at(clock.FASTEST)
        real.shift(timedelta(days=365))

        assert clock.now() == clock.LAST_MOMENT
        assert clock.today().year == 2099


@pytest.mark.parametrize("speed", [0, -1, 86_401])
def test_clock_does_not_run_at(clock_file, speed):
    with pytest.raises(ValueError, match="times as fast"):
        clock.run_at(speed)


def test_clock_without_a_file_has_one_pace():
    with pytest.raises(RuntimeError, match="没有设置可调的时钟"):
        clock.run_at(60)
    assert clock.speed() == 1


def test_clock_stopped_in_a_block_stands_however_fast_the_sites_runs(clock_file):
    with time_machine.travel(REAL, tick=False) as real:
        clock.run_at(DAY_A_MINUTE)
        with clock.stopped_at(at("2026-09-17 10:32")):
            real.shift(timedelta(minutes=5))
            assert clock.now() == at("2026-09-17 10:32")
