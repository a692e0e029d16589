from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from accounts import access, grants, roles
from accounts.derivation import derive
from accounts.models import Grant
from cities.models import City
from cities.permissions import DECIDE_CASES, HANDLE_CASES, OFFICE_PERMISSIONS, VIEW_CASES
from providers.permissions import MANAGE_MEMBERS, ORGANISATION_PERMISSIONS, VIEW_OWN

OFFICE = [name for name, _ in OFFICE_PERMISSIONS]
OWN = [name for name, _ in ORGANISATION_PERMISSIONS]
# A grant on the first reaches the others, and nothing else does.
REACH = {
    "city": {"city", "programme", "second_programme", "district"},
    "programme": {"programme"},
    "district": {"district"},
    "organisation": {"organisation"},
}
OBJECTS = [
    *("city", "programme", "second_programme", "district", "other_city", "other_programme"),
    *("organisation", "other_organisation"),
]


@pytest.mark.parametrize(
    ("role", "kind"), [(role, kind) for role, kinds in roles.TARGETS.items() for kind in kinds]
)
def test_may_is_what_the_role_says_on_what_the_grant_reaches(role, kind, request, stranger, give):
    objects = {name: request.getfixturevalue(name) for name in OBJECTS}
    give(stranger, role, objects[kind])

    held = {
        (name, permission)
        for name, obj in objects.items()
        for permission in OFFICE + OWN
        if access.may(stranger, permission, obj)
    }

    assert held == {(name, permission) for name in REACH[kind] for permission in roles.PERMISSIONS[role]}


def test_grant_on_a_city_reaches_its_programmes(
    stranger, city, programme, second_programme, other_programme, give
):
    give(stranger, roles.CLERK, city)

    assert set(access.programmes_for(stranger, HANDLE_CASES)) == {programme, second_programme}
    assert access.programme_or_404(stranger, HANDLE_CASES, slug="dn") == second_programme


def test_programmes_granted_twice_come_once(stranger, city, programme, give):
    give(stranger, roles.CLERK, city)
    give(stranger, roles.DECIDER, city)
    give(stranger, roles.CLERK, programme)

    assert list(access.programmes_for(stranger, VIEW_CASES)) == [programme]


def test_somewhere_is_where_there_is_a_programme(stranger, city, programme, give):
    empty = City.objects.create(slug="empty", name="空市", office="空市工作组")
    give(stranger, roles.CLERK, empty)
    assert not access.somewhere(stranger, HANDLE_CASES)

    give(stranger, roles.CLERK, city)
    assert access.somewhere(stranger, HANDLE_CASES)
    assert not access.somewhere(stranger, DECIDE_CASES)
    give(stranger, roles.DECIDER, programme)
    assert access.somewhere(stranger, DECIDE_CASES)

    stranger.is_active = False
    assert not access.somewhere(stranger, HANDLE_CASES)
    assert not access.somewhere(AnonymousUser(), HANDLE_CASES)


@pytest.mark.parametrize("who", ["other_clerk", "manager", "administrator", "stranger"])
def test_programme_is_not_there_for_strangers(who, request, programme):
    with pytest.raises(Http404):
        access.programme_or_404(request.getfixturevalue(who), VIEW_CASES, slug=programme.slug)


@pytest.mark.parametrize("who", ["other_manager", "clerk", "stranger"])
def test_organisation_is_not_there_for_strangers(who, request, organisation, registration):
    with pytest.raises(Http404):
        access.one_or_404(
            access.organisations_for(request.getfixturevalue(who), VIEW_OWN), pk=organisation.pk
        )


def test_organisation_is_there_for_its_people(manager, organisation):
    assert (
        access.one_or_404(access.organisations_for(manager, VIEW_OWN), credit_code="91990001MAQ000119X")
        == organisation
    )


@pytest.mark.parametrize("pk", ["abc", "", None, -1, 10**30, [], "1; DROP"])
def test_what_cannot_be_a_key_is_answered_like_a_stranger(pk, manager):
    with pytest.raises(Http404):
        access.one_or_404(access.organisations_for(manager, VIEW_OWN), pk=pk)


def test_wrong_permission_on_the_right_object_is_a_stranger(clerk, programme):
    assert access.programme_or_404(clerk, HANDLE_CASES, pk=programme.pk) == programme
    with pytest.raises(Http404):
        access.programme_or_404(clerk, DECIDE_CASES, pk=programme.pk)


def test_anonymous_holds_nothing(programme, organisation):
    nobody = AnonymousUser()

    assert list(access.programmes_for(nobody, VIEW_CASES)) == []
    assert list(access.organisations_for(nobody, VIEW_OWN)) == []
    assert access.may(nobody, VIEW_CASES, programme) is False


def test_account_out_of_use_holds_nothing(clerk, manager, programme, organisation):
    clerk.is_active = manager.is_active = False

    assert list(access.programmes_for(clerk, VIEW_CASES)) == []
    assert access.may(manager, MANAGE_MEMBERS, organisation) is False


def test_superuser_holds_what_is_granted_and_no_more(person, programme, second_programme, give):
    keeper = person("keeper", is_superuser=True, is_staff=True)
    assert access.may(keeper, VIEW_CASES, programme) is False

    give(keeper, roles.AUDITOR, programme)

    assert list(access.programmes_for(keeper, VIEW_CASES)) == [programme]


def test_grant_that_is_over_opens_nothing_though_no_sweep_came(stranger, programme, give, at, stopped_clock):
    give(stranger, roles.CLERK, programme, ends_at=at + timedelta(days=1))

    stopped_clock(at + timedelta(days=1, seconds=-1))
    assert access.may(stranger, VIEW_CASES, programme) is True
    assert access.somewhere(stranger, VIEW_CASES) is True
    stopped_clock(at + timedelta(days=1))
    assert access.may(stranger, VIEW_CASES, programme) is False
    assert access.somewhere(stranger, VIEW_CASES) is False


def test_grant_that_has_not_begun_opens_nothing(stranger, programme, at):
    Grant.objects.create(
        user=stranger, role=roles.CLERK, programme=programme, starts_at=at + timedelta(days=1), reason="演示"
    )
    derive(stranger, at)

    assert access.may(stranger, VIEW_CASES, programme) is False


def test_withdrawn_grant_opens_nothing(clerk, programme, at):
    grants.withdraw(clerk.grants.get(), at=at, by=None, reason="调离")

    assert access.may(clerk, VIEW_CASES, programme) is False


def test_programmes_for_is_one_query_however_many_grants(
    stranger, city, programme, second_programme, other_programme, give, django_assert_num_queries
):
    give(stranger, roles.CLERK, programme)
    with django_assert_num_queries(1):
        assert len(access.programmes_for(stranger, VIEW_CASES)) == 1

    for target in (city, second_programme, other_programme):
        give(stranger, roles.DECIDER, target)
    with django_assert_num_queries(1):
        assert len(access.programmes_for(stranger, VIEW_CASES)) == 3


def test_guardian_says_the_same(clerk, other_clerk, programme):
    """Apps below this one ask through Django's own `has_perm`."""
    assert clerk.has_perm("cities.handle_cases", programme) is True
    assert other_clerk.has_perm("cities.handle_cases", programme) is False
