import json
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError

from cases import steps
from cases.models import Case
from cases.tasks import sweep_due
from records import clock
from tests.conftest import at

REAL = at("2026-11-20 08:00")


@pytest.fixture(autouse=True)
def real_time():
    with time_machine.travel(REAL, tick=False):
        yield


@pytest.fixture
def clock_file(settings, tmp_path) -> Path:
    """A demonstration site, whose clock stands at 2026-09-17 10:32."""
    settings.CLOCK_FILE = tmp_path / "clock.json"
    clock.shift_to(at("2026-09-17 10:32"))
    return settings.CLOCK_FILE


def run(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("clock", *arguments, stdout=out)
    return out.getvalue().splitlines()


def refusal(*arguments: str) -> tuple[int, str]:
    with pytest.raises(CommandError) as refused:
        run(*arguments)
    return refused.value.returncode, str(refused.value)


def test_clock_without_arguments_tells_both_times(clock_file):
    assert run() == ["本站时间：2026年9月17日 10:32（周四）", "实际时间：2026年11月20日 08:00（周五）"]


def test_clock_of_a_site_that_keeps_real_time():
    assert run() == ["本站时间：2026年11月20日 08:00（周五）"]


@pytest.mark.parametrize(
    ("step", "moment"),
    [("6d", "2026-09-23 10:32"), ("3h", "2026-09-17 13:32"), ("30m", "2026-09-17 11:02")],
)
def test_clock_moves_forward(clock_file, step, moment):
    run("--forward", step)

    assert clock.now() == at(moment)


def test_clock_says_where_it_came_from_and_what_happens_next(clock_file):
    assert run("--forward", "6d") == [
        "本站时间：2026年9月23日 10:32（周三）",
        "原为：2026年9月17日 10:32（周四）",
        "到时的事项由系统在一分钟内办理。",
    ]


@pytest.mark.parametrize("written", ["2026-10-01T09:00", "2026-10-01T09:00+08:00", "2026-10-01T01:00Z"])
def test_clock_is_set_to_a_moment_in_the_sites_zone(clock_file, written):
    run("--set", written)

    assert clock.now() == at("2026-10-01 09:00")


def test_clock_set_back_says_that_nothing_is_undone(clock_file):
    assert run("--set", "2026-09-01T09:00")[-1] == "时钟往回拨了，已经办过的事不会撤销。"
    assert clock.now() == at("2026-09-01 09:00")


def test_clock_runs_on_from_where_it_was_set(clock_file):
    run("--set", "2026-10-01T09:00")

    with time_machine.travel(at("2026-11-20 08:05"), tick=False):
        assert clock.now() == at("2026-10-01 09:05")


def test_clock_of_a_site_without_a_clock_file_is_not_moved():
    sentence = "这个站点没有设置可调的时钟（PORTAL_CLOCK_FILE），时间不能改。"

    assert refusal("--forward", "6d") == (1, sentence)
    assert clock.now() == REAL


@pytest.mark.parametrize("step", ["6", "d", "-6d", "0d", "6 d", "1w", "1.5h", "99999d", "٦d", ""])
def test_clock_refuses_a_step_that_is_none(clock_file, step):
    before = clock_file.read_text()

    assert refusal(f"--forward={step}") == (
        2,
        f"--forward 是“{step}”，要写成 6d（天）、3h（小时）或 30m（分钟）",
    )
    assert clock_file.read_text() == before


@pytest.mark.parametrize("written", ["tomorrow", "2026-13-01T09:00", "2026-02-30", ""])
def test_clock_refuses_a_moment_that_is_none(clock_file, written):
    assert refusal(f"--set={written}") == (
        2,
        f"--set 是“{written}”，要写成 2026-10-01T09:00 这样的时刻",
    )


@pytest.mark.parametrize("written", ["1999-12-31", "2100-01-01", "9999-12-31T23:59"])
def test_clock_refuses_a_year_far_away(clock_file, written):
    before = clock_file.read_text()

    assert refusal("--set", written) == (
        2,
        f"不能拨到 {written[:4]} 年：只能在 2000 年到 2099 年之间",
    )
    assert clock_file.read_text() == before


def test_clock_forward_into_a_year_far_away(clock_file):
    run("--set", "2099-12-31T09:00")

    assert refusal("--forward", "1d") == (2, "不能拨到 2100 年：只能在 2000 年到 2099 年之间")


def test_clock_refuses_two_wishes_at_once(clock_file):
    assert refusal("--forward", "6d", "--set", "2026-10-01T09:00") == (
        2,
        "--forward 和 --set 不能一起用：写其中一个",
    )


def test_clock_file_keeps_the_offset_alone(clock_file):
    run("--set", "2026-11-20T09:00")

    assert json.loads(clock_file.read_text()) == {"offset_seconds": 3600.0}


@pytest.mark.parametrize("command", ["clock", "sweep"])
def test_command_on_a_broken_clock_file_says_so_in_one_sentence(clock_file, command, db):
    clock_file.write_text("{")

    with pytest.raises(CommandError, match=r"^时钟文件 .+ 读不出来：删去这个文件"):
        call_command(command)


def test_clock_runs_faster_from_where_it_stands(clock_file):
    assert run("--speed", "1440") == [
        "本站时间：2026年9月17日 10:32（周四）",
        "快慢：按实际时间的 1440 倍走（1 分钟走 1 天）",
        "到时的事项由系统在一分钟内办理。",
    ]
    with time_machine.travel(REAL + timedelta(minutes=2), tick=False):
        assert run()[0] == "本站时间：2026年9月19日 10:32（周六）"
        assert run("--speed", "1") == [
            "本站时间：2026年9月19日 10:32（周六）",
            "到时的事项由系统在一分钟内办理。",
        ]
    with time_machine.travel(REAL + timedelta(minutes=3), tick=False):
        assert clock.now() == at("2026-09-19 10:33")


def test_clock_is_set_and_made_faster_at_once(clock_file):
    run("--set", "2026-10-01T09:00", "--speed", "60")

    with time_machine.travel(REAL + timedelta(minutes=1), tick=False):
        assert clock.now() == at("2026-10-01 10:00")


@pytest.mark.parametrize("speed", ["0", "-2", "1.5", "86401", "100000", "fast", "٦", ""])
def test_clock_refuses_a_speed_that_is_none(clock_file, speed):
    assert refusal(f"--speed={speed}") == (2, f"--speed 是“{speed}”，要写成 1 到 86400 的整数")
    assert clock.speed() == 1


def test_clock_of_a_site_without_a_clock_file_is_not_made_faster():
    assert refusal("--speed", "60")[0] == 1


def test_banner_says_how_fast_the_clock_runs(clock_file, client, db):
    told = "这里的时间是 2026年9月17日 10:32"
    assert f"{told}，在此办理" in client.get("/publicity/").content.decode()

    run("--speed", "1440")

    page = client.get("/publicity/").content.decode()
    assert f"{told}，按实际时间的 1440 倍走（1 分钟走 1 天），在此办理" in page


def test_events_and_history_follow_a_fast_clock(clock_file, apply, registration, provider):
    """Six minutes of the machine are six days of the site, for whatever is written then."""
    draft = apply(registration, provider)
    run("--speed", "1440")
    with time_machine.travel(REAL + timedelta(minutes=6), tick=False):
        case = steps.submit(draft, by=provider, at=clock.now())
        moment = at("2026-09-23 10:32")

        assert case.submitted_at == moment
        assert case.events.first().at == moment
        assert case.history.latest().history_date == moment
        assert case.stage_since == moment


def test_sweep_on_a_fast_clock_closes_what_is_due_by_it(clock_file, case_in_publicity):
    run("--set", "2026-10-03T10:00", "--speed", "1440")
    sweep_due()
    assert Case.objects.get(pk=case_in_publicity.pk).status == Case.Status.OPEN

    with time_machine.travel(REAL + timedelta(minutes=1), tick=False):
        sweep_due()

        closed = Case.objects.select_related("edition").get(pk=case_in_publicity.pk)
        assert (closed.status, closed.edition.published_at) == (Case.Status.CLOSED, at("2026-10-04 10:00"))


def test_rehearsals_say_the_same_on_a_fast_clock(clock_file, transactional_db):
    """Each act of a rehearsal has a moment of its own, whatever the site's clock does meanwhile."""
    run("--speed", "86400")
    scene = "tests/programmes/rehearsals/one-class.yaml"
    out = StringIO()
    call_command("rehearse", scene, stdout=out)
    assert out.getvalue().splitlines()[-1].endswith(" passed, 0 failed")
