"""A case that is moved to a later version: its stage, its days, its checks."""

from datetime import date

import pytest

from cases import deadlines, engine, steps
from cases.models import Case, CheckRun, Deadline
from cases.sweep import sweep
from publicity import steps as publicity_steps
from records.models import Event
from tests.cases.repin.moving import FIVE, NEXT, THREE, WHY, days, moved
from tests.conftest import NOW, at, review
from tests.rulebooks import limit, load_next, stage


def test_nothing_moves_by_itself_when_the_version_comes_into_force(submitted_case, newer):
    sweep(NEXT)

    case = engine.load(submitted_case.pk)
    assert (case.rulebook.version, case.procedure.rulebook.version) == (1, 1)


def test_case_goes_on_at_the_same_stage_of_the_newer_version(submitted_case, newer, decider):
    since = submitted_case.stage_since

    case = moved(submitted_case, newer, decider)
    assert {case.rulebook, case.procedure.rulebook, case.stage.rulebook} == {newer}
    assert (case.stage.key, case.stage.procedure, case.stage_since) == ("review", case.procedure, since)
    assert (case.waiting_for, case.number) == ("clerk", submitted_case.number)


def test_running_span_is_counted_again_from_its_own_beginning(submitted_case, newer, decider):
    case = moved(submitted_case, newer, decider)

    new, old = case.deadlines.all().order_by("-pk")
    assert (old.state, old.closes_on, old.done_at) == (Deadline.State.VOID, date(2026, 9, 21), NEXT)
    assert (new.state, new.closes_on, new.number) == (Deadline.State.RUNNING, date(2026, 9, 23), 5)
    assert new.started_at == old.started_at == NOW
    assert new.stage == case.stage


def test_span_that_is_held_stays_held(submitted_case, newer, decider):
    deadlines.hold_deadline(submitted_case, by=decider, at=NOW, reason="台风")

    case = moved(submitted_case, newer, decider)
    assert [row.state for row in case.deadlines.order_by("-pk")] == [Deadline.State.HELD, Deadline.State.VOID]


def test_span_that_was_held_is_counted_again_with_its_ledger(submitted_case, newer, decider):
    """Held and resumed on 9月18日, which does not count."""
    for change in (deadlines.hold_deadline, deadlines.resume_deadline):
        change(submitted_case, by=decider, at=at("2026-09-18 08:30"), reason="台风")

    case = moved(submitted_case, newer, decider)
    [deadline] = case.deadlines.filter(state=Deadline.State.RUNNING)
    assert (deadline.closes_on, [one.kind for one in deadline.changes.all()]) == (
        date(2026, 9, 24),
        ["hold", "resume"],
    )
    assert "改为 2026年9月20日 至 2026年9月24日 24:00，5 个工作日" in Event.objects.get(verb="repin").summary


def test_event_lists_every_date_with_its_article(submitted_case, newer, decider):
    moved(submitted_case, newer, decider)

    event = Event.objects.get(verb="repin")
    assert event.summary == (
        f"由第 1 版改按第 2 版办理：{WHY}。“经办审核”由 {THREE}（第十五条（二））改为 {FIVE}（第十五条（二））。"
    )
    assert (event.actor, event.at, event.case, event.article) == (
        decider,
        NEXT,
        submitted_case,
        "第十五条（二）",
    )
    assert (event.data["from"], event.data["to"], event.data["reason"]) == (1, 2, WHY)
    [dates] = event.data["dates"]
    assert (dates["before"]["text"], dates["before"]["article"]) == (THREE, "第十五条（二）")
    assert (dates["after"]["text"], dates["after"]["article"]) == (FIVE, "第十五条（二）")


@pytest.mark.parametrize("programme", [lambda content: None], indirect=True)
def test_publicity_that_was_told_to_the_public_keeps_its_days(case_in_publicity, decider, clerk, tmp_path):
    longer = load_next(tmp_path, days(7, "publicity", "calendar_next"), moves_open_cases=True)

    case = moved(case_in_publicity, longer, decider, at("2026-09-30 09:00"))
    period = case.publicity_items.get().period
    [deadline] = case.deadlines.filter(state__in=Deadline.OPEN)
    assert (period.closes_on, deadline.closes_on) == (date(2026, 10, 3), date(2026, 10, 3))
    assert (case.waiting_for, case.wake_at) == ("system", period.closes_at)
    assert (
        "“公示”已经公告，仍为 2026年9月29日 至 2026年10月3日 24:00，5 天（第十五条（三）），"
        "不改为 2026年9月29日 至 2026年10月5日 24:00，7 天（第十五条（三））。"
    ) in Event.objects.get(verb="repin").summary

    sweep(period.closes_at)
    assert engine.load(case.pk).result == Case.Result.PUBLISHED


@pytest.mark.parametrize("programme", [lambda content: None], indirect=True)
def test_publicity_that_has_not_begun_takes_the_new_days(approved_case, clerk, decider, tmp_path):
    longer = load_next(tmp_path, days(7, "publicity", "calendar_next"), moves_open_cases=True)

    case = moved(approved_case, longer, decider)
    period = publicity_steps.open_period(case, by=clerk, at=at("2026-09-28 10:00"))
    assert period.closes_on == date(2026, 10, 5)


@pytest.mark.parametrize(
    "programme", [lambda content: stage(content, "publicity").update(release="confirmed")], indirect=True
)
def test_objection_on_paper_still_takes_the_moved_case_back(case_in_publicity, clerk, decider, tmp_path):
    """Its period was opened under the version before; the case returns into publicity as the newer one has it."""
    newer = load_next(
        tmp_path,
        lambda content: stage(content, "publicity").update(release="confirmed"),
        moves_open_cases=True,
        version=2,
    )
    moved(case_in_publicity, newer, decider, at("2026-10-01 09:00"))
    sweep(at("2026-10-04 00:00"))
    waiting = engine.load(case_in_publicity.pk)
    assert waiting.stage.key == "publication"

    publicity_steps.lodge(
        waiting.publicity_items.get(),
        at=at("2026-10-08 09:00"),
        by=clerk,
        received_on=date(2026, 9, 30),
        person="individual",
        name="王异议",
        contact="13800001111",
        matter="与实际不符",
    )
    case = engine.load(waiting.pk)
    assert (case.stage.key, case.stage.procedure) == ("publicity", case.procedure)
    assert case.deadlines.get(state=Deadline.State.HELD).closes_on == date(2026, 10, 3)


def test_checks_are_asked_again_and_kept(submitted_case, decider, tmp_path):
    """The filing checks of the day it was filed, the state as it is now; the desk goes by their answers."""
    none = load_next(
        tmp_path, lambda content: limit(content, "changes_per_window").update(number=0), moves_open_cases=True
    )

    case = moved(submitted_case, none, decider)
    runs = case.check_runs.filter(moment=CheckRun.Moment.REPIN)
    assert {run.purpose for run in runs} == {"filing", "state"}
    [allowance] = [check for check in steps.filing_checks(case) if check.key == "changes_per_window"]
    assert allowance.state == "fail"
    assert "?version=2#" in allowance.article_url


def test_four_eyes_still_know_who_gave_an_opinion_before(submitted_case, newer, clerk, decider):
    """Back at the approval's own desk, whoever decided there before may decide again; the other desk's clerk may not."""
    case = review(submitted_case, clerk, decider, NOW)
    publicity_steps.send_back(case, by=clerk, at=NOW, reason="内容要改")
    case = moved(case, newer, decider)

    assert case.stage.key == "approval"
    assert steps.decide(case, "approve", by=decider, at=NEXT, opinion="同意").stage.key == "publicity"


def test_moved_case_is_published_by_the_newer_rules(submitted_case, newer, clerk, decider):
    case = moved(submitted_case, newer, decider)
    review(case, clerk, decider, NEXT)
    period = publicity_steps.open_period(engine.load(case.pk), by=clerk, at=at("2026-09-28 10:00"))
    sweep(period.closes_at)

    assert engine.load(case.pk).result == Case.Result.PUBLISHED


def test_case_is_moved_again_by_a_later_version(submitted_case, newer, decider, tmp_path):
    moved(submitted_case, newer, decider)
    third = load_next(tmp_path, days(8), moves_open_cases=True, version=3, effective_from="2026-09-19")

    case = moved(submitted_case, third, decider, at("2026-09-19 09:00"))
    assert case.deadlines.get(state=Deadline.State.RUNNING).number == 8
    assert Event.objects.filter(verb="repin").count() == 2
