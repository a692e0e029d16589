"""Reads of letters: those of an organisation for the people who act for it now, those of a desk for the one they went to."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

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


# Told when somebody who acts for a unit has opened a letter to it.
Opened = Callable[[Letter, Any, datetime], None]
_opened: list[Opened] = []


def register_opened(opened: Opened) -> None:
    _opened.append(opened)


def open_letter(letter: Letter, user: Any, at: datetime) -> None:
    """Who opens a letter has read it, each person for himself."""
    letter.deliveries.filter(person=user.pk, read_at=None).update(read_at=at)
    for opened in _opened:
        opened(letter, user, at)


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
