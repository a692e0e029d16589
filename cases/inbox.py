"""Reads of letters: those of an organisation for the people who act for it now, those of a desk for the one they went to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts import access
from providers.permissions import VIEW_OWN
from records.models import Letter, LetterDelivery


def letters_for(user: Any) -> QuerySet[Any]:
    """All that the organisations were told that somebody acts for now, also before he came, each with `is_unread`: it was
    sent to him and he has not opened it."""
    rows = Letter.objects.filter(_to_own_units(user))
    return _with_unread(rows.select_related("organisation", "case", "programme__city"), user)


def desk_letters_for(user: Any) -> QuerySet[Any]:
    """What somebody was told of his desk; his own alone, the same way."""
    return _with_unread(
        Letter.objects.filter(audience=Letter.Audience.STAFF, deliveries__person=user.pk), user
    )


@dataclass(frozen=True)
class Receipt:
    """What follows from having a letter, in sentences for its page; or why it cannot be confirmed yet."""

    words: str
    why_not: str = ""


class Receipts(Protocol):
    """What an app above knows of letters that serve something on a unit."""

    def asked(self, letter: Letter, at: datetime) -> Receipt | None:
        """None where nothing follows from opening it."""

    def confirmed(self, letter: Letter, by: Any, at: datetime) -> None:
        """Somebody who acts for the unit says that it is there. Twice is once."""


_receipts: list[Receipts] = []


def register_receipts(receipts: Receipts) -> None:
    _receipts.append(receipts)


def receipt(letter: Letter, at: datetime) -> Receipt | None:
    """What has to be confirmed before a letter is shown: what fetches pages ahead must not serve anything."""
    return next((found for one in _receipts if (found := one.asked(letter, at))), None)


def confirm(letter: Letter, user: Any, at: datetime) -> None:
    for one in _receipts:
        one.confirmed(letter, user, at)


def open_letter(letter: Letter, user: Any, at: datetime) -> None:
    """Who opens a letter has read it, each person for himself."""
    letter.deliveries.filter(person=user.pk, read_at=None).update(read_at=at)


def unread(user: Any) -> int:
    his = LetterDelivery.objects.filter(person=user.pk, read_at=None)
    return his.filter(_to_own_units(user, "letter__") | Q(letter__audience=Letter.Audience.STAFF)).count()


def of_case(case: Any) -> QuerySet[Letter]:
    """What its unit was told of it."""
    own = Letter.objects.filter(case=case, organisation=case.organisation_id)
    return own.filter(audience=Letter.Audience.UNIT)


def _with_unread(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
    unread_by_him = LetterDelivery.objects.filter(letter=OuterRef("pk"), person=user.pk, read_at=None)
    return rows.annotate(is_unread=Exists(unread_by_him))


def _to_own_units(user: Any, path: str = "") -> Q:
    own = access.organisations_for(user, VIEW_OWN)
    return Q(**{f"{path}audience": Letter.Audience.UNIT, f"{path}organisation__in": own})
