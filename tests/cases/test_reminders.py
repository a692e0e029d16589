"""Reminders on the days that the office set, counted in working days; one letter however many days were missed."""

import pytest

from cases import deadlines, engine, steps
from cases.models import Case
from cases.reminders import remind
from cases.sweep import sweep
from cities.models import CalendarYear, Procedure
from records.models import Letter
from tests.conftest import NOW, add, at, submitted

pytestmark = pytest.mark.django_db

# Counted back from 10月16日, with the holidays of 1 to 7 October off and Saturday the 10th worked:
# 1 is 10月15日, 3 is 10月13日, 7 is 10月8日.
LAST_DAY = at("2026-10-16 09:00").date()


@pytest.fixture
def case(submitted_case, clerk):
    return steps.decide(submitted_case, "return", by=clerk, at=NOW, opinion="补决议", named_day=LAST_DAY)


def ladder(programme, *days):
    programme.reminder_days = list(days)
    programme.save()


def reminders():
    return list(Letter.objects.filter(kind="reminder").order_by("pk").values_list("key", flat=True))


def steps_told():
    return [int(key.rpartition(":")[2]) for key in reminders()]


def days_told(first, last):
    """The days of October on which a reminder was written, with the sweep at nine each morning."""
    told = []
    for day in range(first, last + 1):
        moment = at(f"2026-10-{day:02} 09:00")
        if remind(moment):
            told.append(day)
    return told


def test_each_day_of_the_ladder_has_its_letter(case, programme):
    assert programme.reminder_days == [7, 3, 1]
    assert days_told(1, 20) == [8, 13, 15]
    assert steps_told() == [7, 3, 1]


def test_letter_says_what_until_when_and_what_is_left(case):
    remind(at("2026-10-13 09:00"))
    letter = Letter.objects.get(kind="reminder")

    assert letter.subject == "DG-2026-0001 补正 2026年10月16日 24:00 到期，还有 3 天"
    assert "补正期限 2026年9月17日 至 2026年10月16日 24:00" in letter.body
    assert "补决议" in letter.body
    assert (letter.path, letter.action) == (f"/changes/{case.pk}/", "去补正")
    assert letter.article == case.deadlines.get(state="running").article


def test_rows_of_the_programme_decide_on_which_days(case, programme):
    ladder(programme, 5, 2)
    assert days_told(1, 20) == [10, 14]


def test_empty_ladder_reminds_nobody(case, programme):
    ladder(programme)
    assert days_told(1, 20) == []


def test_outage_over_three_days_of_the_ladder_is_made_up_for_with_one_letter(case):
    report = sweep(at("2026-10-15 20:00"))
    assert report.failed == []
    assert steps_told() == [1]
    assert remind(at("2026-10-16 23:59")) == 0


def test_outage_over_two_days_leaves_the_third(case):
    assert remind(at("2026-10-14 09:00")) == 1
    assert days_told(14, 20) == [15]
    assert steps_told() == [3, 1]


def test_none_is_written_twice(case):
    moment = at("2026-10-13 09:00")
    assert [remind(moment), remind(moment), remind(at("2026-10-13 23:59"))] == [1, 0, 0]


def test_none_comes_after_the_end(case):
    assert remind(at("2026-10-17 00:00")) == 0


@pytest.mark.parametrize("state", ["held", "void", "met"])
def test_deadline_that_does_not_run_reminds_nobody(case, state):
    deadline = case.deadlines.get(state="running")
    deadline.state = state
    deadline.save()
    assert days_told(9, 16) == []


def test_corrected_application_is_not_reminded(case, provider):
    submitted(engine.load(case.pk), by=provider, at=at("2026-10-12 09:00"))
    assert days_told(13, 16) == []


def test_days_that_run_for_nobody_to_do_anything_remind_no_provider(case_in_publicity):
    assert case_in_publicity.deadlines.get(state="running").closes_on == at("2026-10-03 09:00").date()
    assert remind(at("2026-10-02 09:00")) == 0


def test_step_that_lies_before_the_beginning_is_passed_over(submitted_case, programme, clerk):
    """Sent back on Thursday until Tuesday the 22nd. Sunday the 20th is worked: four working days before is that Thursday."""
    day = at("2026-09-22 09:00").date()
    steps.decide(submitted_case, "return", by=clerk, at=NOW, opinion="补决议", named_day=day)
    ladder(programme, 4)
    assert [remind(at(f"2026-09-{day} 09:00")) for day in (18, 21)] == [0, 0]
    ladder(programme, 4, 3)
    assert [remind(at(f"2026-09-{day} 09:00")) for day in (17, 18, 21)] == [0, 1, 0]


def test_moved_last_day_has_a_ladder_of_its_own(case):
    remind(at("2026-10-15 09:00"))
    deadline = case.deadlines.get(state="running")
    deadline.closes_on, deadline.closes_at = at("2026-10-23 09:00").date(), at("2026-10-24 00:00")
    deadline.save()
    assert days_told(16, 23) == [16, 20, 22]
    assert steps_told() == [1, 7, 3, 1]


def test_span_that_is_counted_again_to_the_same_day_reminds_nobody_twice(case):
    moment = at("2026-10-13 09:00")
    remind(moment)
    deadline = case.deadlines.get(state="running")
    deadlines.end_deadline(engine.load(case.pk), at=moment, state="void")
    deadline.pk, deadline.state = None, "running"
    deadline.save()
    assert remind(moment) == 0
    assert days_told(14, 16) == [15]


def test_without_a_calendar_nobody_is_reminded_and_the_sweep_goes_on(case):
    CalendarYear.objects.all().delete()
    assert sweep(at("2026-10-13 09:00")).failed == []
    assert reminders() == []


def test_case_that_cannot_be_reminded_does_not_stop_the_rest(case, apply, second, stranger, clerk):
    other = submitted(apply(second, stranger, [add("other", second)]), by=stranger, at=NOW)
    steps.decide(other, "return", by=clerk, at=NOW, opinion="补决议", named_day=LAST_DAY)
    # A procedure of a kind that nobody carries out any more: where to correct it cannot be said.
    Procedure.objects.filter(pk=other.procedure_id).update(kind="gone")
    Case.objects.filter(pk=case.pk).update(procedure=twin(case.procedure))

    assert remind(at("2026-10-13 09:00")) == 1
    assert Letter.objects.get(kind="reminder").case == case


def twin(procedure):
    """The same procedure once more, which the change above does not touch."""
    found = Procedure.objects.get(pk=procedure.pk)
    found.pk, found.key, found.kind = None, "twin", "partner_change"
    Procedure.objects.bulk_create([found])
    return found
