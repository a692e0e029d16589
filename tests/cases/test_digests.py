"""One letter a working morning to each person at a desk, of all that waits there."""

import pytest
from django.core import mail

from accounts import grants, roles
from cases import deadlines, digests, engine, steps
from cases.deadlines import acts
from cases.models import Case, DeskMorning
from cases.sweep import sweep
from cities.models import CalendarYear
from publicity import steps as publicity_steps
from publicity.models import PublicityItem
from records.models import Letter, LetterDelivery
from tests.conftest import NOW, add, at, office
from tests.publicity.conftest import CONTACT, OBJECTOR, what

pytestmark = pytest.mark.django_db

MORNING = at("2026-09-18 08:00")  # a Friday; the case came on the 17th


@pytest.fixture
def told(stopped_clock):
    """The morning's letters, by who got each."""

    def write(moment):
        stopped_clock(moment)
        digests.write(moment)
        rows = LetterDelivery.objects.filter(letter__written_at=moment, letter__kind="desk")
        return {row.person.username: row.letter for row in rows.select_related("letter", "person")}

    return write


def test_case_that_has_come_is_told_to_who_works_at_its_desk(submitted_case, told, clerk, decider, auditor):
    letters = told(MORNING)

    assert list(letters) == ["clerk"]
    letter = letters["clerk"]
    assert letter.subject == "新到 1 件"
    assert f"{submitted_case}　示例智造科技有限公司　{submitted_case.procedure.title}" in letter.body
    assert letter.path == "/admin/cases/case/"
    assert (letter.audience, letter.programme, letter.organisation) == ("staff", None, None)


@pytest.mark.parametrize(
    ("moment", "writes"),
    [
        ("2026-09-18 07:59", False),
        ("2026-09-18 08:00", True),
        ("2026-09-18 23:59", True),
        ("2026-09-19 09:00", False),  # a Saturday
        ("2026-09-20 09:00", True),  # a Sunday worked for the days off in October
        ("2026-10-01 09:00", False),  # a day off
    ],
)
def test_only_on_the_morning_of_a_working_day(submitted_case, clerk, told, moment, writes):
    told(at(moment))
    assert DeskMorning.objects.exists() is writes


def test_no_calendar_no_letter(submitted_case, clerk, told):
    CalendarYear.objects.all().delete()
    assert told(MORNING) == {}


def test_once_a_morning_however_often_the_sweep_comes(submitted_case, clerk, told, apply, second, stranger):
    assert told(MORNING)
    steps.submit(apply(second, stranger, [add("other", second)]), by=stranger, at=MORNING)
    assert told(at("2026-09-18 08:01")) == {}
    assert Letter.objects.filter(kind="desk").count() == 1


def test_who_has_nothing_gets_nothing_and_is_not_asked_again(clerk, told, django_assert_num_queries):
    assert told(MORNING) == {}
    with django_assert_num_queries(1):
        digests.write(at("2026-09-18 08:01"))


def test_what_came_before_the_last_morning_is_not_new_again(submitted_case, clerk, told):
    told(MORNING)
    assert told(at("2026-09-21 08:00")) == {}


def test_after_days_without_a_worker_there_is_one_letter(submitted_case, clerk, told):
    told(at("2026-09-17 08:00"))
    assert told(at("2026-09-24 15:00"))["clerk"].subject == "新到 1 件"


@pytest.fixture
def due(submitted_case, decider):
    """Its desk's deadline ends on 10月16日; the ladder of 7, 3 and 1 working days before is 10月8日, 13 and 15."""
    with engine.locked(submitted_case.pk) as (case, _):
        deadlines.set_deadline(case, closes_on=at("2026-10-16 00:00").date(), article="第十五条", at=NOW)
        engine.reschedule(case)
    return submitted_case


@pytest.mark.parametrize(
    ("moment", "subject"),
    [
        ("2026-09-30 08:00", None),
        ("2026-10-08 08:00", "临近期限 1 件"),
        ("2026-10-13 08:00", "临近期限 1 件"),
        ("2026-10-16 08:00", "今天到期 1 件"),
        ("2026-10-19 08:00", "已逾期 1 件"),
        ("2026-10-20 08:00", "已逾期 1 件"),
    ],
)
def test_deadline_that_comes_near_or_passes(due, clerk, told, moment, subject):
    told(MORNING)
    letters = told(at(moment))
    assert (letters["clerk"].subject if letters else None) == subject
    if subject:
        assert "期限 2026年10月16日 24:00" in letters["clerk"].body


def test_ladder_is_the_offices(due, programme, clerk, told):
    told(MORNING)
    programme.reminder_days = []
    programme.save()
    assert told(at("2026-10-13 08:00")) == {}


def test_several_cases_are_one_letter_that_counts_them(due, clerk, told, apply, second, third, stranger):
    member = office("third", "钱办事", roles.PROVIDER_MANAGER, third.organisation)
    for unit, by, partner in ((second, stranger, "other"), (third, member, "cloud")):
        steps.submit(apply(unit, by, [add(partner, unit)]), by=by, at=at("2026-10-15 10:00"))
    DeskMorning.objects.create(day=at("2026-10-15 08:00").date(), written_at=at("2026-10-15 08:00"))

    letter = told(at("2026-10-16 08:00"))["clerk"]
    assert letter.subject.startswith("今天到期 1 件，")
    assert "新到 2 件" in letter.subject


def test_what_is_at_anothers_desk_or_anothers_own_is_not_told(
    submitted_case, clerk, decider, programme, told
):
    colleague = office("colleague", "周经办", roles.CLERK, programme)
    steps.assign(submitted_case, colleague, by=clerk, at=NOW)
    assert list(told(MORNING)) == ["colleague"]


def test_next_desk_is_told_when_it_comes_there(submitted_case, clerk, decider, told):
    told(MORNING)
    for material in submitted_case.materials.filter(replaced_at=None):
        steps.verify_seal(material, by=clerk, at=MORNING)
    steps.decide(submitted_case, "support", by=clerk, at=at("2026-09-18 10:00"), opinion="齐全")
    assert list(told(at("2026-09-20 08:00"))) == ["decider"]


def test_who_gets_it_follows_dated_grants(submitted_case, clerk, programme, told):
    later = office("later", "后来的", roles.CLERK, programme)
    held = later.grants.get()
    held.starts_at = at("2026-09-21 00:00")
    held.save()
    gone = office("gone", "走了的", roles.CLERK, programme)
    grants.withdraw(gone.grants.get(), at=NOW, by=clerk, reason="调走")
    assert list(told(MORNING)) == ["clerk"]


def test_clerk_of_another_city_is_told_nothing(submitted_case, clerk, other_clerk, told):
    assert list(told(MORNING)) == ["clerk"]


def test_objection_is_told_without_who_it_was(case_in_publicity, clerk, decider, told):
    publicity_steps.lodge(
        PublicityItem.objects.get(case=case_in_publicity), at=at("2026-09-29 09:00"), **what()
    )
    letter = told(at("2026-09-30 08:00"))["clerk"]
    assert "1 件异议没有处理完" in letter.body
    assert not {word for word in (OBJECTOR, CONTACT) if word in letter.body}


def test_set_aside_case_is_told(submitted_case, clerk, told):
    told(MORNING)
    with engine.locked(submitted_case.pk) as (case, _):
        engine.set_aside(case, "算不出来", at=MORNING)
    assert told(at("2026-09-20 08:00"))["clerk"].subject == "已搁置 1 件"


def test_held_deadline_presses_nobody(due, clerk, decider, told):
    told(MORNING)
    with engine.locked(due.pk) as (case, _):
        acts.hold(case, reason="等补充说明", by=decider, at=at("2026-10-09 09:00"))
    assert told(at("2026-10-19 08:00")) == {}


def test_sweep_mails_it(submitted_case, clerk, stopped_clock):
    stopped_clock(MORNING)
    assert sweep(MORNING).failed == []
    assert [one.subject for one in mail.outbox if one.to == [clerk.email]] == ["新到 1 件"]


def test_who_turned_the_mail_off_still_has_the_letter(submitted_case, clerk, stopped_clock):
    clerk.desk_mail = False
    clerk.save()
    stopped_clock(MORNING)
    sweep(MORNING)
    delivery = LetterDelivery.objects.get(person=clerk)
    assert (delivery.state, delivery.last_error) == ("not_needed", "本人不要邮件")
    assert [one for one in mail.outbox if one.to == [clerk.email]] == []


def test_who_has_left_the_desk_before_it_was_sent_gets_no_mail(submitted_case, clerk, decider, told):
    told(MORNING)
    grants.withdraw(clerk.grants.get(), at=MORNING, by=decider, reason="调走")
    sweep(at("2026-09-18 08:01"))
    assert LetterDelivery.objects.get(person=clerk).last_error == "已不在这里办事"


def test_letter_that_cannot_be_written_leaves_the_others_theirs(
    submitted_case, clerk, programme, told, monkeypatch
):
    office("another", "周经办", roles.CLERK, programme)
    first = digests.worklist.desk_of

    def desk_of(user):
        if user == clerk:
            raise ValueError
        return first(user)

    monkeypatch.setattr(digests.worklist, "desk_of", desk_of)
    assert list(told(MORNING)) == ["another"]


def test_many_are_named_to_a_number_and_counted(submitted_case, clerk, told, monkeypatch):
    monkeypatch.setattr(digests, "MOST_NAMED", 0)
    letter = told(MORNING)["clerk"]
    assert "还有 1 件，见待办" in letter.body
    assert Case.objects.get().number not in letter.body
