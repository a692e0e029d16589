"""Two at once who hand over, withdraw or put out of use: the one that gets the lock first wins. PostgreSQL."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import transaction

from accounts import grants, handovers, invitations, people, roles
from accounts.errors import Refused
from accounts.models import Grant, Invitation, User
from cities.models import City
from providers.models import Organisation
from tests.conftest import NOW, person
from tests.races import on_its_own_connection, waiters
from tests.servers import wait_until

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def give(name: str, role: str, target: Any) -> Grant:
    return grants.grant(person(name, name), role, target, at=NOW, by=None, reason="测试")


def race(hold: Callable[[], Any], *calls: Callable[[], Any]) -> list[str]:
    """Started while something is held that all of them wait for; what each was told, nothing if it was done."""

    def told(call: Callable[[], Any]) -> str:
        try:
            on_its_own_connection(call)
        except Refused as refusal:
            return str(refusal)
        return ""

    with ThreadPoolExecutor() as pool:
        with transaction.atomic():
            hold()
            begun = [pool.submit(told, call) for call in calls]
            wait_until(lambda: waiters() == len(calls), 20, lambda: f"{waiters()} wait")
        return sorted(one.result(20) for one in begun)


@pytest.fixture
def organisation(db: None) -> Organisation:
    return Organisation.objects.create(credit_code="91990001MAQ000119X", name="示例智造科技有限公司")


@pytest.fixture
def city(db: None) -> City:
    return City.objects.create(slug="demo", name="演示市", office="演示市工作专班")


def test_of_two_hand_overs_at_once_one_is_done(organisation):
    old = give("manager", roles.PROVIDER_MANAGER, organisation)
    members = [give(name, roles.PROVIDER_MEMBER, organisation).user for name in ("one", "other")]

    def to(member: User) -> Callable[[], Any]:
        return lambda: handovers.to_member(old, member, stays=False, by=old.user, at=NOW, reason="交接")

    told = race(lambda: Organisation.objects.select_for_update(no_key=True).get(), *map(to, members))

    assert told[0] == ""
    assert "已经交接、收回或到期" in told[1]
    assert Grant.objects.active(NOW).get(role=roles.PROVIDER_MANAGER).user in members


@pytest.mark.parametrize("role", sorted(roles.KEEPERS))
def test_of_two_who_withdraw_each_other_at_once_one_stays(role, organisation, city):
    target = city if role == roles.ACCESS_ADMINISTRATOR else organisation
    one, other = (give(name, role, target) for name in ("one", "other"))

    told = race(
        lambda: list(Grant.objects.select_for_update()),
        lambda: grants.withdraw(other, at=NOW, by=one.user, reason="先下手"),
        lambda: grants.withdraw(one, at=NOW, by=other.user, reason="后下手"),
    )

    assert told[0] == ""
    assert "唯一的" in told[1]
    assert Grant.objects.active(NOW).count() == 1


def test_of_two_who_put_each_other_out_of_use_at_once_one_stays(city):
    one, other = (give(name, roles.ACCESS_ADMINISTRATOR, city).user for name in ("one", "other"))

    def shut(whom: User, by: User) -> Callable[[], Any]:
        whom.is_active = False
        return lambda: people.alter(whom, ["is_active"], at=NOW, by=by, reason="测试")

    told = race(lambda: list(Grant.objects.select_for_update()), shut(other, one), shut(one, other))

    assert told[0] == ""
    assert "唯一的授权管理员，不能停用" in told[1]
    assert User.objects.filter(is_active=True).count() == 1


def test_of_two_invitations_at_once_to_one_address_one_stands(organisation):
    manager = give("manager", roles.PROVIDER_MANAGER, organisation).user

    def invite(role: str) -> Callable[[], Any]:
        facts = {"by": manager, "at": NOW, "base_url": "http://testserver/"}
        return lambda: invitations.invite(organisation, "new@example.com", role, **facts)

    told = race(
        lambda: Organisation.objects.select_for_update(no_key=True).get(),
        *map(invite, (roles.PROVIDER_MEMBER, roles.PROVIDER_MANAGER)),
    )

    assert told == ["", ""]
    assert Invitation.objects.pending(NOW).count() == 1


def test_of_many_invitations_at_once_no_more_go_out_than_may(organisation):
    manager = give("manager", roles.PROVIDER_MANAGER, organisation).user

    def invite() -> Any:
        facts = {"by": manager, "at": NOW, "base_url": "http://testserver/"}
        return invitations.invite(organisation, "new@example.com", roles.PROVIDER_MEMBER, **facts)

    told = race(
        lambda: Organisation.objects.select_for_update(no_key=True).get(),
        *[invite] * (invitations.MOST_TO_ONE + 1),
    )

    assert [bool(one) for one in told] == [False] * invitations.MOST_TO_ONE + [True]
    assert "明天再寄" in told[-1]
