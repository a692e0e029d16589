"""Which accounts were known to be one person's at a past moment: from what had been declared by then, as events tell it, and from
the addresses that the accounts had then. `same_person` says it of the present."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models.functions import Lower

from accounts.models import AddressChange, User
from accounts.same_person import SAME_ADDRESS
from records import words
from records.models import Event

DECLARED_ONE, DECLARED_APART = "accounts_declared_one", "accounts_declared_apart"


def accounts_then(people: Iterable[int | None], at: datetime) -> dict[int, str]:
    """Every account of these persons with how it was known to be theirs; nothing is said of those given."""
    declared = _declared(at)
    known = {pk: "" for pk in people if pk}
    fresh = set(known)
    while fresh:
        found = {other: how for pk in fresh for other, how in declared.get(pk, {}).items()}
        found |= dict.fromkeys(_at_the_addresses_of(fresh, at), SAME_ADDRESS)
        fresh = found.keys() - known.keys()
        known |= {pk: found[pk] for pk in fresh}
    return known


def _declared(at: datetime) -> dict[int, dict[int, str]]:
    """For each account those it was declared to be one with, and by whom and when."""
    groups: dict[int, dict[int, str]] = {}
    events = Event.objects.filter(verb__in=[DECLARED_ONE, DECLARED_APART], at__lte=at).order_by("at", "pk")
    for event in events:
        accounts = event.data["users"]
        for pk in accounts:
            for other in groups.pop(pk, {}) if event.verb == DECLARED_APART else ():
                groups[other].pop(pk)
        if event.verb == DECLARED_ONE:
            _put_together(groups, accounts, f"{words.second(event.at)}由 {event.actor_name} 登记")
    return groups


def _put_together(groups: dict[int, dict[int, str]], accounts: list[int], how: str) -> None:
    """Of two that were together already the earlier declaration stays said."""
    for pk in accounts:
        mine = groups.setdefault(pk, {})
        for other in accounts:
            if other != pk:
                mine.setdefault(other, how)


def _at_the_addresses_of(accounts: set[int], at: datetime) -> set[int]:
    addresses = {address for address in _addresses(accounts, at).values() if address}
    rows = User.objects.annotate(address=Lower("email")).filter(address__in=addresses)
    changed = AddressChange.objects.annotate(address=Lower("old_address")).filter(address__in=addresses)
    near = {*rows.values_list("pk", flat=True), *changed.values_list("user", flat=True)}
    return {pk for pk, address in _addresses(near, at).items() if address in addresses}


def _addresses(accounts: set[int], at: datetime) -> dict[int, str]:
    """In small letters, as they were: before the first change after the moment."""
    found = dict(User.objects.filter(pk__in=accounts).values_list("pk", Lower("email")))
    later = AddressChange.objects.filter(user__in=accounts, at__gt=at).order_by("-at", "-pk")
    return found | dict(later.values_list("user", Lower("old_address")))
