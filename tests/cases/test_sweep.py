from datetime import timedelta
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import grants
from cases import engine
from cases.models import Case
from cases.sweep import register_chore, sweep, wake
from cities.frozen import Frozen
from cities.models import Outcome
from publicity import steps as publicity_steps
from publicity.models import PublicityPeriod
from publicity.stage import Publicity
from tests.conftest import NOW, add, at, review, submitted

CLOSED = at("2026-10-04 00:00")


def test_nothing_is_done_a_moment_before_the_last_day_is_over(case_in_publicity):
    assert sweep(at("2026-10-03 23:59:59.999999")).done == []
    assert engine.load(case_in_publicity.pk).stage.key == "publicity"


def test_sweep_that_comes_three_days_late_publishes_at_its_own_moment(case_in_publicity):
    sweep(at("2026-10-07 08:00"))

    case = engine.load(case_in_publicity.pk)
    assert case.result == Case.Result.PUBLISHED
    assert case.edition.published_at == at("2026-10-07 08:00")


def test_what_a_long_sweep_does_is_dated_by_the_clock_that_goes_on(case_in_publicity, monkeypatch):
    minutes = iter(range(20, 60))
    told = []
    monkeypatch.setattr("cases.sweep._chores", {"某事": told.append})
    sweep(CLOSED, lambda: CLOSED + timedelta(minutes=next(minutes)))
    sweep(CLOSED, lambda: CLOSED - timedelta(hours=1))  # put back meanwhile
    assert engine.load(case_in_publicity.pk).edition.published_at == CLOSED + timedelta(minutes=20)
    assert told[0] > CLOSED + timedelta(minutes=20)
    assert told[1] == CLOSED


def test_what_is_not_due_by_the_truth_is_only_put_off(case_in_publicity):
    later = CLOSED + timedelta(days=1)
    PublicityPeriod.objects.update(closes_at=later)

    report = sweep(CLOSED)

    case = engine.load(case_in_publicity.pk)
    assert (report.due, report.done, report.failed) == (1, [], [])
    assert (case.stage.key, case.wake_at) == ("publicity", later)


def test_second_sweep_finds_nothing_to_do(case_in_publicity):
    first, second = sweep(at("2026-10-04 00:00")), sweep(at("2026-10-04 00:00"))

    assert (first.done, second.done) == ([case_in_publicity.number], [])
    assert case_in_publicity.programme.editions.count() == 2


def test_second_case_of_a_sweep_takes_few_statements(
    case_in_publicity, apply, second, clerk, decider, django_assert_max_num_queries
):
    other = apply(second, clerk, [add("other", second)], channel="paper", received_on=NOW.date())
    other = review(submitted(other, by=clerk, at=NOW), clerk, decider, NOW)
    publicity_steps.open_period(other, by=clerk, at=at("2026-09-28 10:00"))
    rules, closed = Frozen(), at("2026-10-04 00:00")
    wake(case_in_publicity.pk, closed, case_in_publicity.programme_id, rules)

    with django_assert_max_num_queries(46):  # of them some twenty write
        assert wake(other.pk, closed, other.programme_id, rules)


def test_case_that_raises_is_set_aside_and_the_rest_go_on(case_in_publicity, apply, second, clerk, decider):
    good = apply(second, clerk, [add("other", second)], channel="paper", received_on=NOW.date())
    good = review(submitted(good, by=clerk, at=NOW), clerk, decider, NOW)
    publicity_steps.open_period(good, by=clerk, at=at("2026-09-28 10:00"))
    # A case whose frozen publicity is gone: what happens then no rule foresees.
    case_in_publicity.partner_change.delete()

    report = sweep(at("2026-10-04 00:00"))

    case = engine.load(case_in_publicity.pk)
    assert [number for number, _ in report.failed] == [case.number]
    assert report.done == [good.number]
    assert case.set_aside_at == at("2026-10-04 00:00")
    assert "has no partner_change" in case.set_aside_reason


def test_case_set_aside_is_tried_again_after_growing_pauses_and_then_waits_for_a_person(case_in_publicity):
    case_in_publicity.partner_change.delete()
    closed = at("2026-10-04 00:00")
    # Every minute around the tries, every hour in the long pause: a sweep does whatever is due by then.
    minutes = sorted({*range(160), *range(160, 16 * 60, 60), *range(870, 880)})

    tried = [moment for number in minutes if sweep(moment := closed + timedelta(minutes=number)).failed]

    case = engine.load(case_in_publicity.pk)
    pauses = [later - earlier for earlier, later in pairwise(tried)]
    assert pauses == [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720)]
    assert (case.set_aside_at, case.set_aside_tries, case.try_again_at) == (closed, 6, None)
    assert (case.stage.key, case.wake_at) == ("publicity", closed)
    told = list(case.events.filter(verb="set_aside").order_by("pk").values_list("summary", flat=True))
    assert len(told) == 6
    assert told[0].startswith("自动办理第 1 次失败，已搁置，2026年10月4日 00:01 再试：")
    assert told[5].startswith("自动办理第 6 次失败，已搁置，不再自动重试：")
    assert not case.events.filter(verb="retry").exists()


def test_case_that_can_be_done_again_is_done_by_itself(case_in_publicity):
    rows = Outcome.objects.filter(effect=Outcome.Effect.REGISTRY)
    keys = list(rows.values_list("pk", flat=True))
    rows.update(effect=Outcome.Effect.NONE)
    sweep(at("2026-10-04 00:00"))
    Outcome.objects.filter(pk__in=keys).update(effect=Outcome.Effect.REGISTRY)

    too_soon, in_time = sweep(at("2026-10-04 00:00:59")), sweep(at("2026-10-04 00:01"))

    case = engine.load(case_in_publicity.pk)
    assert (too_soon.due, in_time.done) == (0, [case.number])
    assert (case.result, case.set_aside_at, case.set_aside_tries) == (Case.Result.PUBLISHED, None, 0)
    verbs = list(case.events.order_by("pk").values_list("verb", "summary"))[-4:]
    assert [verb for verb, _ in verbs] == [
        "set_aside",
        "retry",
        "publicity.unopposed",
        "publication.published",
    ]
    assert verbs[1][1] == "系统第 1 次自动重试"


def test_case_taken_up_by_hand_is_tried_at_once_and_begins_anew(case_in_publicity, clerk):
    case_in_publicity.partner_change.delete()
    sweep(at("2026-10-04 00:00"))
    sweep(at("2026-10-04 00:01"))
    with engine.locked(case_in_publicity.pk) as (case, _):
        engine.take_up_again(case, by=clerk, at=at("2026-10-04 00:02"))

    report = sweep(at("2026-10-04 00:02"))

    case = engine.load(case_in_publicity.pk)
    assert [number for number, _ in report.failed] == [case.number]
    assert (case.set_aside_tries, case.try_again_at) == (1, at("2026-10-04 00:03"))


def test_case_that_moves_on_by_hand_is_no_longer_set_aside(case_in_publicity, provider):
    engine.set_aside(case_in_publicity, "坏了", at=at("2026-10-01 00:00"))

    engine.end(case_in_publicity, Case.Result.WITHDRAWN, by=provider, at=NOW, verb="withdraw", summary="撤回")

    case = engine.load(case_in_publicity.pk)
    assert (case.set_aside_at, case.set_aside_tries, case.try_again_at) == (None, 0, None)


def first_table(statement: str) -> str:
    return statement.partition(" FROM ")[2].partition(" ")[0]


def test_what_is_due_is_asked_once_with_no_more_for_what_is_set_aside(case_in_publicity):
    engine.set_aside(case_in_publicity, "坏了", at=at("2026-10-04 00:00"))

    with CaptureQueriesContext(connection) as asked:
        report = sweep(at("2026-10-04 00:00"))

    assert report.due == 0
    of_cases = [query["sql"] for query in asked if first_table(query["sql"]) == '"cases_case"']
    assert of_cases == [asked[0]["sql"]]


def test_log_says_which_case_and_where_but_not_what_was_said(case_in_publicity, monkeypatch, caplog):
    def name_somebody(*args: object, **kwargs: object) -> None:
        raise ValueError("王异议 13800001111")

    monkeypatch.setattr(Publicity, "due", name_somebody)

    sweep(at("2026-10-04 00:00"))

    line = next(record for record in caplog.records if record.levelname == "ERROR")
    assert f"case {case_in_publicity.number} raised in the sweep" in line.getMessage()
    assert "in name_somebody" in line.getMessage()
    assert "ValueError" in line.getMessage()
    assert "13800001111" not in caplog.text.replace('raise ValueError("王异议 13800001111")', "")


def _refuse(*args, **kwargs):
    raise RuntimeError("坏了")


def test_case_that_cannot_even_be_set_aside_does_not_stop_the_rest(
    case_in_publicity, apply, second, clerk, decider, monkeypatch
):
    good = apply(second, clerk, [add("other", second)], channel="paper", received_on=NOW.date())
    good = review(submitted(good, by=clerk, at=NOW), clerk, decider, NOW)
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
