from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts import grants, people, roles
from accounts.derivation import derive
from accounts.errors import Refused
from accounts.models import CityPermission, Grant, OrganisationPermission, ProgrammePermission
from records.models import Event
from tests.records.personal import made

DAY = timedelta(days=1)


def held(table, user):
    return set(table.objects.filter(user=user).values_list("content_object", "permission__codename"))


def test_grant_writes_the_row_the_rights_and_the_event(administrator, stranger, programme, city, at):
    grant = grants.grant(stranger, roles.CLERK, programme, at=at, by=administrator, reason=" 接任经办 ")

    assert (grant.starts_at, grant.ends_at, grant.granted_by, grant.reason) == (
        at,
        None,
        administrator,
        "接任经办",
    )
    assert held(ProgrammePermission, stranger) == {
        (programme.pk, name) for name in roles.PERMISSIONS[roles.CLERK]
    }
    event = Event.objects.get(data__grant=grant.pk)
    assert (event.verb, event.actor, event.city, event.programme) == ("grant", administrator, city, programme)
    assert event.summary == f"授予 {stranger.pk} 号账号经办人：{programme}"


@pytest.mark.parametrize("role", [key for key, _ in roles.CHOICES])
@pytest.mark.parametrize("kind", ["city", "district", "programme", "organisation"])
def test_grant_takes_a_role_only_on_its_kind_of_object(role, kind, request, stranger, give):
    target = request.getfixturevalue(kind)

    if kind in roles.TARGETS[role]:
        assert give(stranger, role, target).target == target
    else:
        with pytest.raises(Refused, match=f"只能授予在.*{target} 是{roles.TARGET_WORDS[kind]}"):
            give(stranger, role, target)
        assert not Grant.objects.exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"reason": "  "}, "写明授权的理由"),
        ({"role": "emperor"}, "没有“emperor”这个角色"),
    ],
)
def test_grant_with_something_missing_says_what(change, message, stranger, programme, at):
    facts = {"role": roles.CLERK, "reason": "演示"} | change

    with pytest.raises(Refused, match=message):
        grants.grant(stranger, target=programme, at=at, by=None, **facts)


@pytest.mark.parametrize("reason", ["电话 13812341234", "身份证 {identity}", "手机一三八一二三四一二三四"])
def test_reason_is_sealed_for_good_and_holds_no_number_of_a_person(
    reason, person, programme, administrator, at
):
    given = reason.format(identity=made.identity(made.seeded(7)))
    user, facts = person("new"), {"at": at, "by": administrator, "reason": given}
    held = grants.grant(user, roles.CLERK, programme, at=at, by=administrator, reason="接任")
    acts = (
        lambda: grants.grant(user, roles.DECIDER, programme, **facts),
        lambda: grants.withdraw(held, **facts),
        lambda: people.declare_one(user, person("other"), **facts),
        lambda: people.declare_apart(user, **facts),
    )
    for act in acts:
        with pytest.raises(Refused, match="理由里不能有"):
            act()
    assert not Event.objects.filter(data__reason=given).exists()


@pytest.mark.parametrize("late", [timedelta(), -DAY])
def test_grant_that_ends_before_it_begins_is_refused(late, stranger, programme, give, at):
    with pytest.raises(Refused, match="已经过了"):
        give(stranger, roles.CLERK, programme, ends_at=at + late)


def test_grant_to_an_account_out_of_use_is_refused(person, programme, give):
    with pytest.raises(Refused, match="已停用"):
        give(person("gone", is_active=False), roles.CLERK, programme)


def test_the_same_grant_twice_is_refused(clerk, programme, give):
    with pytest.raises(Refused, match=r"自 2026年9月17日 起已是 .* 的经办人，不用再授"):
        give(clerk, roles.CLERK, programme)


def test_the_same_grant_twice_is_refused_by_the_database_too(clerk, programme, at):
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.create(user=clerk, role=roles.CLERK, programme=programme, starts_at=at, reason="抢先")


def test_the_same_grant_after_its_end_is_a_new_one(stranger, programme, give, at):
    first = give(stranger, roles.CLERK, programme, ends_at=at + DAY)
    second = give(stranger, roles.CLERK, programme, at=at + 2 * DAY)

    first.refresh_from_db()
    assert (first.ends_at, first.closed_at, second.starts_at) == (at + DAY, at + 2 * DAY, at + 2 * DAY)


@pytest.mark.parametrize("role", [roles.CLERK, roles.DECIDER, roles.ACCESS_ADMINISTRATOR])
def test_nobody_grants_himself_anything(role, administrator, city, at):
    with pytest.raises(Refused, match="不能给自己授权"):
        grants.grant(administrator, role, city, at=at, by=administrator, reason="图方便")


@pytest.mark.parametrize("alone", sorted(roles.ALONE))
@pytest.mark.parametrize("other", [roles.CLERK, roles.DECIDER, roles.RULEBOOK_EDITOR])
def test_who_grants_or_audits_has_no_other_role_in_the_city(
    alone, other, stranger, person, city, programme, give
):
    give(stranger, alone, city)
    with pytest.raises(Refused, match="不兼任其他角色"):
        give(stranger, other, programme)

    second = person("second")
    give(second, other, programme)
    with pytest.raises(Refused, match="不兼任其他角色"):
        give(second, alone, city)


def test_who_grants_in_one_city_may_be_a_clerk_in_another(administrator, other_city, give):
    assert give(administrator, roles.CLERK, other_city).city == other_city


def test_office_people_do_not_act_for_an_organisation(clerk, manager, organisation, programme, give):
    with pytest.raises(Refused, match="一个账号不能既为管理部门又为企业办事"):
        give(clerk, roles.PROVIDER_MEMBER, organisation)
    with pytest.raises(Refused, match="一个账号不能既为管理部门又为企业办事"):
        give(manager, roles.CLERK, programme)


def test_withdraw_ends_the_rights_at_once_and_keeps_the_row(clerk, administrator, programme, at):
    grant = grants.withdraw(clerk.grants.get(), at=at + DAY, by=administrator, reason="调离")

    assert (grant.ends_at, grant.closed_at, grant.ended_by, grant.end_reason) == (
        at + DAY,
        at + DAY,
        administrator,
        "调离",
    )
    assert held(ProgrammePermission, clerk) == set()
    clerk.refresh_from_db()
    assert clerk.is_staff is False
    event = Event.objects.get(verb="grant_withdrawn")
    assert (event.actor, event.data["reason"]) == (administrator, "调离")


def test_withdraw_leaves_what_another_grant_gives(clerk, city, programme, give, at):
    give(clerk, roles.DECIDER, programme)

    grants.withdraw(clerk.grants.get(role=roles.CLERK), at=at, by=None, reason="只审定")

    assert held(ProgrammePermission, clerk) == {
        (programme.pk, name) for name in roles.PERMISSIONS[roles.DECIDER]
    }


def test_withdraw_twice_or_without_a_reason_is_refused(clerk, at):
    grant = clerk.grants.get()
    with pytest.raises(Refused, match="写明收回的理由"):
        grants.withdraw(grant, at=at, by=None, reason=" ")
    grants.withdraw(grant, at=at, by=None, reason="调离")
    with pytest.raises(Refused, match="已经结束"):
        grants.withdraw(grant, at=at + DAY, by=None, reason="调离")


@pytest.mark.parametrize(
    ("who", "role", "where"),
    [
        ("manager", roles.PROVIDER_MANAGER, "organisation"),
        ("administrator", roles.ACCESS_ADMINISTRATOR, "city"),
    ],
)
def test_the_last_who_lets_others_in_cannot_remove_himself(who, role, where, request, person, give, at):
    last, target = request.getfixturevalue(who), request.getfixturevalue(where)
    gone = person("gone")
    give(gone, role, target)
    gone.is_active = False
    gone.save()

    with pytest.raises(Refused, match="唯一的"):
        grants.withdraw(last.grants.get(), at=at, by=last, reason="离开")

    give(person("next"), role, target)
    assert grants.withdraw(last.grants.get(), at=at, by=last, reason="离开").closed_at == at


def test_somebody_else_may_remove_the_last_manager(manager, administrator, at):
    assert grants.withdraw(manager.grants.get(), at=at, by=administrator, reason="企业来函").closed_at == at


def test_expire_carries_out_what_is_over_once_however_late(stranger, programme, give, at):
    grant = give(stranger, roles.CLERK, programme, ends_at=at + DAY)

    assert grants.expire(at + DAY - timedelta(seconds=1)) == 0
    assert grants.expire(at + 9 * DAY) == 1
    assert grants.expire(at + 9 * DAY) == 0

    grant.refresh_from_db()
    stranger.refresh_from_db()
    assert (grant.ends_at, grant.closed_at, stranger.is_staff) == (at + DAY, at + 9 * DAY, False)
    assert held(ProgrammePermission, stranger) == set()
    event = Event.objects.get(verb="grant_expired")
    assert (event.actor, event.actor_name) == (None, "系统")


def test_derive_mends_what_is_missing_and_what_is_too_much(clerk, stranger, programme, city, at):
    right = ProgrammePermission.objects.filter(user=clerk)
    wanted = set(right.values_list("permission", flat=True))
    row = right[0]
    ProgrammePermission.objects.create(user=stranger, permission=row.permission, content_object=programme)
    row.delete()

    derive(clerk, at)
    derive(stranger, at)

    assert set(right.values_list("permission", flat=True)) == wanted
    assert held(ProgrammePermission, stranger) == set()


@pytest.mark.parametrize(
    ("starts", "ends", "counts"),
    [
        (timedelta(), None, True),
        (-DAY, DAY, True),
        (-DAY, timedelta(), False),
        (DAY, None, False),
        (DAY, 2 * DAY, False),
        (-2 * DAY, -DAY, False),
    ],
)
def test_derive_counts_a_grant_from_its_beginning_to_its_end(starts, ends, counts, stranger, city, at):
    Grant.objects.create(
        user=stranger,
        role=roles.CLERK,
        city=city,
        starts_at=at + starts,
        ends_at=None if ends is None else at + ends,
        reason="演示",
    )

    derive(stranger, at)

    assert bool(held(CityPermission, stranger)) is counts
    assert stranger.is_staff is counts


def test_derive_takes_the_later_end_of_two_grants_of_one_right(stranger, programme, give, at):
    give(stranger, roles.CLERK, programme, ends_at=at + DAY)
    give(stranger, roles.DECIDER, programme, ends_at=at + 3 * DAY)
    ends = dict(
        ProgrammePermission.objects.filter(user=stranger).values_list("permission__codename", "ends_at")
    )

    assert (ends["handle_cases"], ends["view_cases"]) == (at + DAY, at + 3 * DAY)

    give(stranger, roles.NOTICE_ISSUER, programme)
    ends = dict(
        ProgrammePermission.objects.filter(user=stranger).values_list("permission__codename", "ends_at")
    )
    assert ends["view_cases"] is None


@pytest.mark.parametrize("role", [key for key, _ in roles.CHOICES])
def test_only_roles_of_the_office_open_the_admin(role, request, stranger, give):
    give(stranger, role, request.getfixturevalue(roles.TARGETS[role][0]))

    assert stranger.is_staff is (role in roles.OFFICE_ROLES)


def test_derive_leaves_the_keeper_of_the_machine_in_the_admin(person, at):
    keeper = person("keeper", is_superuser=True, is_staff=True)

    derive(keeper, at)

    assert keeper.is_staff is True


def test_derive_asks_as_often_for_one_grant_as_for_many(
    stranger, person, programme, second_programme, other_programme, give, at, django_assert_num_queries
):
    give(stranger, roles.CLERK, programme)
    many = person("many")
    for target in (programme, second_programme, other_programme):
        give(many, roles.CLERK, target)
        give(many, roles.DECIDER, target)

    for user in (stranger, many):
        ProgrammePermission.objects.filter(user=user).delete()
        # savepoint twice, the person, grants, permissions, four tables read, one filled
        with django_assert_num_queries(10):
            derive(user, at)
    assert held(OrganisationPermission, many) == set()
