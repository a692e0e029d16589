from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts import grants
from cases import engine, steps
from cases.models import Case
from cases.sweep import register_chore, sweep
from publicity import steps as publicity_steps
from tests.conftest import NOW, add, at, review


def test_nothing_is_done_a_moment_before_the_last_day_is_over(case_in_publicity):
    assert sweep(at("2026-10-03 23:59:59.999999")).done == []
    assert engine.load(case_in_publicity.pk).stage.key == "publicity"


def test_sweep_that_comes_three_days_late_publishes_at_its_own_moment(case_in_publicity):
    sweep(at("2026-10-07 08:00"))

    case = engine.load(case_in_publicity.pk)
    assert case.result == Case.Result.PUBLISHED
    assert case.edition.published_at == at("2026-10-07 08:00")


def test_second_sweep_finds_nothing_to_do(case_in_publicity):
    first, second = sweep(at("2026-10-04 00:00")), sweep(at("2026-10-04 00:00"))

    assert (first.done, second.done) == ([case_in_publicity.number], [])
    assert case_in_publicity.programme.editions.count() == 2


def test_case_that_raises_is_set_aside_and_the_rest_go_on(case_in_publicity, apply, second, clerk, decider):
    good = apply(second, clerk, [add("other", second)], channel="paper", received_on=NOW.date())
    good = review(steps.submit(good, by=clerk, at=NOW), clerk, decider, NOW)
    publicity_steps.open_period(good, by=clerk, at=at("2026-09-28 10:00"))
    # A case whose frozen publicity is gone: what happens then no rule foresees.
    case_in_publicity.partner_change.delete()

    report = sweep(at("2026-10-04 00:00"))

    case = engine.load(case_in_publicity.pk)
    assert [number for number, _ in report.failed] == [case.number]
    assert report.done == [good.number]
    assert case.set_aside_at == at("2026-10-04 00:00")
    assert "has no partner_change" in case.set_aside_reason


def _refuse(*args, **kwargs):
    raise RuntimeError("坏了")


def test_case_that_cannot_even_be_set_aside_does_not_stop_the_rest(
    case_in_publicity, apply, second, clerk, decider, monkeypatch
):
    good = apply(second, clerk, [add("other", second)], channel="paper", received_on=NOW.date())
    good = review(steps.submit(good, by=clerk, at=NOW), clerk, decider, NOW)
    publicity_steps.open_period(good, by=clerk, at=at("2026-09-28 10:00"))
    case_in_publicity.partner_change.delete()
    monkeypatch.setattr(engine, "set_aside", _refuse)

    report = sweep(at("2026-10-04 00:00"))

    assert ([number for number, _ in report.failed], report.done) == (
        [case_in_publicity.number],
        [good.number],
    )


def test_grants_that_cannot_be_ended_do_not_stop_the_cases(case_in_publicity, monkeypatch):
    monkeypatch.setattr(grants, "expire", _refuse)

    report = sweep(at("2026-10-04 00:00"))

    assert report.done == [case_in_publicity.number]
    assert (report.failed, report.grants_ended) == ([("到期的授权", "坏了")], 0)


def test_chore_that_fails_stops_neither_the_cases_nor_the_other_chores(case_in_publicity, monkeypatch):
    done = []
    monkeypatch.setattr("cases.sweep._chores", {})
    register_chore("坏的", _refuse)
    register_chore("好的", done.append)

    report = sweep(at("2026-10-04 00:00"))

    assert (report.done, done) == ([case_in_publicity.number], [at("2026-10-04 00:00")])
    assert report.failed == [("坏的", "坏了")]


def test_command_reports_what_it_did(case_in_publicity, stopped_clock):
    stopped_clock(at("2026-10-04 00:00"))
    out = StringIO()

    call_command("sweep", stdout=out)

    assert "  已办 DG-2026-0001\n已办 1 件，搁置 0 件" in out.getvalue()


@pytest.mark.parametrize(
    ("argument", "reason"),
    [
        ("2026-10-05T00:00", "还没到的事不能先办"),
        ("x", "--at 是“x”，要写成 2026-10-04T00:00 这样的时刻"),
        ("2026-13-01T00:00", "要写成"),
        ("0001-01-01T00:00", "要写成"),
        ("0001-01-01T00:00+08:00", "要写成"),
    ],
)
def test_command_refuses_a_wrong_or_future_moment(db, stopped_clock, argument, reason):
    stopped_clock(at("2026-10-04 00:00"))

    with pytest.raises(CommandError, match=reason):
        call_command("sweep", at=argument)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--when", "x"], "不认识的参数：--when x。参数见 --help"),
        (["--at"], "--at 后面要写一个值。参数见 --help"),
    ],
)
def test_command_refuses_wrong_arguments_in_chinese(arguments, sentence):
    with pytest.raises(CommandError) as refused:
        call_command("sweep", *arguments)

    assert (refused.value.returncode, str(refused.value)) == (2, sentence)
