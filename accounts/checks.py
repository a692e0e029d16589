"""Yes or no; nothing is written."""

from datetime import datetime

from accounts import access, queries, roles
from accounts.models import Grant, User
from cities.permissions import INVITE_PROVIDERS, VIEW_RECORDS
from providers.models import Organisation, Registration
from providers.permissions import MANAGE_MEMBERS
from records.reads import shared


def may_invite(user: User, organisation: Organisation, role: str) -> bool:
    """An organisation's manager invites its people; the office of a programme it stands in, its managers."""
    if role not in roles.PROVIDER_ROLES:
        return False
    if access.may(user, MANAGE_MEMBERS, organisation):
        return True
    return role == roles.PROVIDER_MANAGER and is_office_of(user, organisation)


def is_office_of(user: User, organisation: Organisation) -> bool:
    """Whether somebody invites managers for a programme in whose list the organisation stands."""
    programmes = access.programmes_for(user, INVITE_PROVIDERS)
    standing = Registration.objects.current().filter(organisation=organisation, programme__in=programmes)
    return standing.exists()


@shared
def administers_access(user: access.Person) -> bool:
    """A superuser does before there is any city."""
    return user.is_active and (user.is_superuser or queries.governed_cities(user).exists())


def may_ask_who_could(user: access.Person) -> bool:
    """Who administers access in some city, or reads the records of some programme."""
    return administers_access(user) or access.somewhere(user, VIEW_RECORDS)


def may_alter_person(user: User, person: User, at: datetime) -> bool:
    """Somebody else, no keeper of the machine, and nobody who also acts where this user grants nothing."""
    if person == user or (person.is_superuser and not user.is_superuser):
        return False
    elsewhere = (
        Grant.objects.active(at)
        .filter(user=person)
        .exclude(pk__in=queries.governed_grants(user).values("pk"))
    )
    return not elsewhere.exists()
