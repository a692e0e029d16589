"""Letters before a grant ends by itself."""

from datetime import timedelta

import pytest

from accounts import grants, reminders, roles
from accounts.models import Grant
from cases.sweep import sweep
from records import letters, words
from records.models import Letter

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.fixture
def ending(stranger, programme, give, at) -> Grant:
    """It ends in thirty days."""
    return give(stranger, roles.CLERK, programme, ends_at=at + 30 * DAY)


def told():
    return [sorted(one.deliveries.values_list("person__username", flat=True)) for one in Letter.objects.all()]


def test_letter_is_written_seven_days_before_and_not_a_second_earlier(ending, administrator, at):
    assert (reminders.remind(at + 23 * DAY - SECOND), told()) == (0, [])
    assert (reminders.remind(at + 23 * DAY), told()) == (1, [["administrator", "stranger"]])
    letter = Letter.objects.get()
    assert words.full_closes(ending.ends_at) in letter.body
    assert "演示stranger 在 " in letter.body


def test_letter_is_written_once_however_often_and_late_the_sweep_runs(ending, administrator, at, mailoutbox):
    for moment in (
        at + 29 * DAY,
        at + 29 * DAY + SECOND,
        at + 30 * DAY - SECOND,
        at + 30 * DAY,
        at + 40 * DAY,
    ):
        reminders.remind(moment)
    letters.send_due(at + 40 * DAY)

    assert len(told()) == 1
    assert sorted(mail.to[0] for mail in mailoutbox) == ["administrator@example.com", "stranger@example.com"]


@pytest.mark.parametrize("why", ["withdrawn", "over", "out of use", "short"])
def test_no_letter_where_nothing_is_to_be_told(ending, why, stranger, administrator, programme, give, at):
    if why == "withdrawn":
        grants.withdraw(ending, at=at, by=administrator, reason="调离")
    if why == "out of use":
        stranger.is_active = False
        stranger.save()
    if why == "short":
        Grant.objects.filter(pk=ending.pk).update(ends_at=at + reminders.BEFORE)
    moments = {"over": at + 30 * DAY, "short": at + DAY}

    assert reminders.remind(moments.get(why, at + 25 * DAY)) == 0
    assert told() == []


def test_nobody_is_told_of_other_cities_or_twice(
    ending, stranger, administrator, city, other_city, person, give, at
):
    other = person("other_administrator")
    give(other, roles.ACCESS_ADMINISTRATOR, other_city)
    give(person("leaving"), roles.ACCESS_ADMINISTRATOR, city, ends_at=at + 28 * DAY)

    reminders.remind(at + 25 * DAY)

    assert sorted(told()) == [["administrator", "leaving"], ["administrator", "leaving", "stranger"]]


def test_grant_on_an_organisation_is_told_to_its_holder_alone(member, manager, administrator, at):
    member.grants.update(ends_at=at + 10 * DAY, starts_at=at - 30 * DAY)

    reminders.remind(at + 5 * DAY)

    assert told() == [["member"]]


def test_sweep_writes_it(ending, administrator, at):
    sweep(at + 24 * DAY)

    assert Letter.objects.filter(kind="grant_ends").count() == 1
