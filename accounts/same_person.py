"""Which accounts are one person's, as far as it can be known: they were declared so, or they have one mail address, by which
whoever reads that mailbox can log in as either. A name alone says nothing."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from records.reads import shared

SAME_ADDRESS, DECLARED = "邮箱相同", "已登记为同一人"


def accounts_of(people: Iterable[int | None]) -> set[int]:
    """Every account of these persons, those given among them. One query where nobody has a second."""
    known = {pk for pk in people if pk}
    while known and (found := set(_beside(known).values_list("pk", flat=True))) != known:
        known = found
    return known


@shared
def own_accounts(person: Any) -> set[int]:
    """See `User.own_accounts`."""
    return accounts_of([person.pk])


def acted_as(person: Any, earlier: Iterable[int | None]) -> str:
    """See `User.acted_as`."""
    hands = {pk for pk in earlier if pk}
    if person.pk in hands:
        return "您"
    if not hands or not (others := own_accounts(person) & hands):
        return ""
    other = get_user_model().objects.get(pk=min(others))
    return f"您的另一个账号 {other.username}（{how(person, other)}）"


def how(one: Any, other: Any) -> str:
    """How it is known that two accounts of one person are."""
    is_one_address = bool(one.email) and one.email.lower() == other.email.lower()
    return SAME_ADDRESS if is_one_address else DECLARED


def _beside(known: set[int]) -> QuerySet[Any]:
    rows = get_user_model().objects.annotate(address=Lower("email"))
    these = rows.filter(pk__in=known)
    declared = these.exclude(one_person=None).values("one_person")
    addresses = these.exclude(email="").values("address")
    return rows.filter(Q(pk__in=known) | Q(one_person__in=declared) | Q(address__in=addresses))
