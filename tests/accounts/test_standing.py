"""Who could do what at a past moment."""

from datetime import timedelta
from importlib import import_module

from django.apps import apps

from accounts import grants, people, queries, roles, standing
from accounts.known_then import accounts_then
from accounts.models import Grant, Suspension
from records import words

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def asked(places, at):
    return standing.on(Grant.objects.all(), places, at)


def could(places, at):
    return {(row.grant.user.username, row.grant.role) for row in asked(places, at) if row.counts}


def test_a_grant_counts_from_its_first_second_to_just_before_its_end(clerk, programme, at):
    grants.withdraw(clerk.grants.get(), at=at + DAY, by=None, reason="调离")

    answers = [
        could([programme], moment) for moment in (at - SECOND, at, at + DAY - SECOND, at + DAY, at + 9 * DAY)
    ]
    assert answers == [set(), {("clerk", roles.CLERK)}, {("clerk", roles.CLERK)}, set(), set()]


def test_what_ended_earlier_on_the_day_is_told_until_its_evening(clerk, programme, at):
    grants.withdraw(clerk.grants.get(), at=at + SECOND, by=None, reason="调离")

    [row] = asked([programme], at + 2 * SECOND)
    assert (row.counts, row.ended_before, row.grant.end_reason) == (False, True, "调离")
    assert asked([programme], at + DAY) == []


def test_a_grant_that_ends_by_itself_counts_no_second_longer_though_the_sweep_is_late(
    stranger, programme, give, at
):
    give(stranger, roles.CLERK, programme, ends_at=at + DAY)

    assert could([programme], at + DAY - SECOND) == {("stranger", roles.CLERK)}
    assert could([programme], at + DAY) == set()


def test_a_grant_on_the_city_reaches_its_programmes_and_districts_and_no_other(
    stranger, city, programme, district, other_programme, organisation, give, at
):
    give(stranger, roles.DECIDER, city)
    expected = {("stranger", roles.DECIDER)}

    assert could([programme], at) == could([district], at) == could([city], at) == expected
    assert could([other_programme], at) == could([organisation], at) == set()


def test_an_account_out_of_use_could_do_nothing_meanwhile(clerk, administrator, programme, at):
    for moment, is_active in ((at + DAY, False), (at + 3 * DAY, True)):
        clerk.is_active = is_active
        people.alter(clerk, ["is_active"], reason="测试", at=moment, by=administrator)
    moments = (at + DAY - SECOND, at + DAY, at + 3 * DAY - SECOND, at + 3 * DAY)

    held = ("clerk", roles.CLERK)
    assert [held in could([programme], moment) for moment in moments] == [True, False, False, True]
    row = next(row for row in asked([programme], at + DAY) if row.grant.user == clerk)
    assert (row.out_of_use.by, row.out_of_use.ended_by) == (administrator, administrator)


def test_putting_an_account_out_of_use_twice_is_noted_once(clerk, administrator, at):
    for moment in (at, at + DAY):
        clerk.is_active = False
        people.alter(clerk, ["is_active"], reason="测试", at=moment, by=administrator)

    assert list(Suspension.objects.values_list("user", "starts_at", "ends_at")) == [(clerk.pk, at, None)]


def test_a_person_is_answered_for_by_all_his_accounts(clerk, person, city, give, at):
    second = person("second")
    second.email = clerk.email.upper()
    second.save()
    give(second, roles.EXPERT, city)

    found = standing.of_person(Grant.objects.all(), clerk, at)

    assert {row.grant.user.username for row in found} == {"clerk", "second"}


def test_the_answer_says_in_words_what_was_allowed(clerk, programme, at):
    [row] = asked([programme], at)

    assert row.allowed == ["查看事项", "经办事项", "邀请单位管理员"]


def test_reading_is_bounded_by_what_somebody_governs_or_audits(
    person, programme, other_programme, clerk, other_clerk, manager, registration, administrator, give
):
    auditor = person("auditor")
    give(auditor, roles.AUDITOR, programme)
    own = {"clerk", "manager", "administrator", "auditor"}

    for reader in (auditor, administrator):
        rows = queries.readable_grants(reader)
        assert set(rows.values_list("user__username", flat=True)) == own
    for nobody in (clerk, manager, other_clerk):
        assert not queries.readable_grants(nobody).exists()


def test_the_answer_asks_as_often_for_one_as_for_many(
    clerk, person, programme, give, at, django_assert_num_queries
):
    with django_assert_num_queries(2):
        [row.counts for row in asked([programme], at)]
    for number in range(3):
        give(person(f"more{number}"), roles.CLERK, programme)
    with django_assert_num_queries(2):
        assert sum(row.counts for row in asked([programme], at)) == 4


def test_suspensions_are_filled_from_what_events_tell(clerk, administrator, stranger, at, stopped_clock):
    fill = import_module("accounts.migrations.0005_fill_suspensions").fill
    for moment, is_active in ((at + DAY, False), (at + 2 * DAY, True), (at + 3 * DAY, False)):
        clerk.is_active = is_active
        people.alter(clerk, ["is_active"], reason="测试", at=moment, by=administrator)
    stranger.is_active = False
    stranger.save()
    kept = list(Suspension.objects.values_list("user", "starts_at", "ends_at", "by", "ended_by"))
    Suspension.objects.all().delete()
    stopped_clock(at + 9 * DAY)

    fill(apps, None)

    found = list(
        Suspension.objects.values_list("user", "starts_at", "ends_at", "by", "ended_by").order_by("pk")
    )
    assert found == [*kept, (stranger.pk, at + 9 * DAY, None, None, None)]


def accounts_of(user, at):
    return {
        row.grant.user.username: row.one_with for row in standing.of_person(Grant.objects.all(), user, at)
    }


def test_accounts_declared_one_count_from_then_until_they_are_declared_apart(
    clerk, stranger, administrator, city, give, at
):
    give(stranger, roles.EXPERT, city)
    people.declare_one(clerk, stranger, at=at + DAY, by=administrator, reason="本人说明")
    people.declare_apart(stranger, at=at + 3 * DAY, by=administrator, reason="登记错了")
    said = f"{words.second(at + DAY)}由 演示administrator 登记"

    for moment in (at, at + DAY - SECOND, at + 3 * DAY):
        assert accounts_of(clerk, moment) == {"clerk": ""}
    for moment in (at + DAY, at + 3 * DAY - SECOND):
        assert accounts_of(clerk, moment) == {"clerk": "", "stranger": said}
        assert accounts_of(stranger, moment) == {"stranger": "", "clerk": said}


def test_what_was_declared_of_three_holds_for_two_after_one_is_taken_out(
    clerk, stranger, person, administrator, at
):
    third = person("third")
    people.declare_one(clerk, stranger, at=at, by=administrator, reason="本人说明")
    people.declare_one(stranger, third, at=at + DAY, by=administrator, reason="本人说明")
    people.declare_apart(stranger, at=at + 2 * DAY, by=administrator, reason="登记错了")

    assert set(accounts_then([third.pk], at + DAY)) == {clerk.pk, stranger.pk, third.pk}
    assert set(accounts_then([third.pk], at + 2 * DAY)) == {clerk.pk, third.pk}
    assert set(accounts_then([stranger.pk], at + 2 * DAY)) == {stranger.pk}


def test_one_address_is_one_person_while_it_is_one(clerk, person, administrator, city, give, at):
    second = person("second")
    give(second, roles.EXPERT, city)
    second.email = clerk.email
    people.alter(second, ["email"], at=at + DAY, by=administrator)
    second.email = "elsewhere@example.com"
    people.alter(second, ["email"], at=at + 2 * DAY, by=administrator)

    found = [accounts_of(clerk, moment) for moment in (at, at + DAY, at + 2 * DAY)]
    assert found == [{"clerk": ""}, {"clerk": "", "second": "邮箱相同"}, {"clerk": ""}]
