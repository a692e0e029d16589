"""Four eyes are two persons', whatever their accounts are called."""

import pytest

from accounts import grants, people, roles
from accounts.errors import Refused
from accounts.models import Grant
from accounts.same_person import accounts_of
from records.models import Event


@pytest.fixture
def pair(person):
    """Two accounts at one address."""
    one, other = person("one"), person("other")
    other.email = one.email.upper()
    other.save()
    return one, other


def test_one_address_is_one_person_whatever_its_case(pair, stranger):
    one, other = pair

    assert one.own_accounts() == other.own_accounts() == {one.pk, other.pk}
    assert stranger.own_accounts() == {stranger.pk}


def test_no_address_is_nobody_s(person):
    for name in ("one", "other"):
        nameless = person(name)
        nameless.email = ""
        nameless.save()

    assert nameless.own_accounts() == {nameless.pk}


def test_a_name_alone_says_nothing(person):
    one, other = person("one"), person("other")
    other.full_name = one.full_name
    other.save()

    assert one.acted_as([other.pk]) == ""


def test_declared_accounts_are_one_person_s_and_so_are_theirs(pair, stranger, administrator, at):
    one, other = pair
    people.declare_one(other, stranger, at=at, by=administrator, reason="本人说明")

    assert accounts_of([stranger.pk]) == {one.pk, other.pk, stranger.pk}
    event = Event.objects.get(verb="accounts_declared_one")
    assert (event.actor, event.data["reason"]) == (administrator, "本人说明")
    assert event.data["users"] == sorted([one.pk, other.pk, stranger.pk])
    assert event.summary == f"登记 {other.pk} 号和 {stranger.pk} 号账号为同一人的账号"


def test_declared_apart_are_two_again(stranger, clerk, administrator, at):
    people.declare_one(clerk, stranger, at=at, by=administrator, reason="本人说明")
    people.declare_apart(stranger, at=at, by=administrator, reason="登记错了")
    clerk.refresh_from_db()

    assert (stranger.own_accounts(), clerk.own_accounts()) == ({stranger.pk}, {clerk.pk})
    assert (
        Event.objects.get(verb="accounts_declared_apart").summary == f"解除 {stranger.pk} 号账号的同一人登记"
    )


@pytest.mark.parametrize(
    ("reason", "itself", "message"),
    [(" ", False, "怎么知道"), ("本人说明", True, "这个账号自己")],
)
def test_declaring_nonsense_is_refused(reason, itself, message, clerk, stranger, administrator, at):
    with pytest.raises(Refused, match=message):
        people.declare_one(clerk, clerk if itself else stranger, at=at, by=administrator, reason=reason)


def test_nobody_takes_his_own_accounts_apart(administrator, stranger, person, at):
    people.declare_one(administrator, stranger, at=at, by=person("second"), reason="本人说明")

    with pytest.raises(Refused, match="另一位授权管理员"):
        people.declare_apart(stranger, at=at, by=administrator, reason="不方便")


def test_a_refusal_names_the_account_and_how_it_is_known(pair, stranger):
    one, other = pair

    assert one.acted_as([one.pk, other.pk]) == "您"
    assert one.acted_as([None, other.pk]) == "您的另一个账号 other（邮箱相同）"
    assert one.acted_as([stranger.pk, None]) == one.acted_as([]) == ""


def test_asking_costs_one_query_where_there_is_no_second_account(clerk, stranger, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert clerk.acted_as([stranger.pk]) == ""
    with django_assert_num_queries(0):
        assert clerk.acted_as([None]) == ""


def test_who_grants_holds_nothing_else_by_another_account_either(pair, city, programme, give):
    one, other = pair
    give(one, roles.ACCESS_ADMINISTRATOR, city)

    with pytest.raises(
        Refused, match=r"另一个账号 one（邮箱相同）已是 演示市 的授权管理员，.*不兼任其他角色"
    ):
        give(other, roles.CLERK, programme)


def test_nobody_grants_to_his_own_other_account(administrator, person, other_city, at):
    second = person("second")
    second.email = administrator.email
    second.save()

    with pytest.raises(Refused, match="不能给您的另一个账号 second（邮箱相同）授权"):
        grants.grant(second, roles.CLERK, other_city, at=at, by=administrator, reason="图方便")


def test_the_last_administrator_does_not_leave_by_his_other_account(administrator, person, at):
    second = person("second")
    second.email = administrator.email
    second.save()

    with pytest.raises(Refused, match="唯一的授权管理员"):
        grants.withdraw(administrator.grants.get(), at=at, by=second, reason="离开")


@pytest.mark.parametrize("role", sorted(roles.KEEPERS))
def test_of_two_who_remove_each_other_one_stays(role, request, person, city, organisation, give, at):
    target = city if role == roles.ACCESS_ADMINISTRATOR else organisation
    one, other = person("one"), person("other")
    held = [give(user, role, target) for user in (one, other)]

    grants.withdraw(held[1], at=at, by=one, reason="先下手")
    with pytest.raises(Refused, match="唯一的"):
        grants.withdraw(held[0], at=at, by=other, reason="后下手")

    assert Grant.objects.active(at).get(role=role).user == one


def test_of_two_administrators_who_put_each_other_out_of_use_one_stays(person, city, give, at):
    one, other = person("one"), person("other")
    for user in (one, other):
        give(user, roles.ACCESS_ADMINISTRATOR, city)

    other.is_active = False
    people.alter(other, ["is_active"], reason="测试", at=at, by=one)
    one.is_active = False
    with pytest.raises(Refused, match="唯一的授权管理员，不能停用"):
        people.alter(one, ["is_active"], reason="测试", at=at, by=other)

    one.refresh_from_db()
    assert one.is_active is True


def test_the_keeper_of_the_machine_may_put_the_last_administrator_out_of_use(administrator, person, at):
    keeper = person("keeper", is_superuser=True)
    administrator.is_active = False

    assert people.alter(administrator, ["is_active"], reason="测试", at=at, by=keeper).is_active is False
