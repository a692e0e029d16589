from accounts import roles
from cities import permissions as office
from providers import permissions as provider

KEYS = {key for key, _ in roles.CHOICES}
NAMED = {name for name, _ in office.OFFICE_PERMISSIONS}
OWN = {name for name, _ in provider.ORGANISATION_PERMISSIONS}


def test_every_role_says_what_it_may_do_and_where():
    assert set(roles.PERMISSIONS) == set(roles.TARGETS) == KEYS


def test_every_permission_is_named_on_the_objects_its_role_is_granted_on():
    for role, targets in roles.TARGETS.items():
        named = OWN if targets == ("organisation",) else NAMED
        assert roles.PERMISSIONS[role] <= named, role


def test_who_grants_access_can_do_nothing_else():
    assert roles.PERMISSIONS[roles.ACCESS_ADMINISTRATOR] == {office.GRANT_ACCESS}


def test_the_auditor_reads_and_changes_nothing():
    assert roles.PERMISSIONS[roles.AUDITOR] == {office.VIEW_CASES, office.VIEW_RECORDS}


def test_only_the_managers_of_an_organisation_manage_its_people():
    assert [role for role in roles.PERMISSIONS if provider.MANAGE_MEMBERS in roles.PERMISSIONS[role]] == [
        roles.PROVIDER_MANAGER
    ]
