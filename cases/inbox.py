"""Reads of letters: those of an organisation for the people who act for it now, those of a desk for the one they went to."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts import access
from providers.permissions import VIEW_OWN
from records.models import Letter, LetterDelivery


def letters_for(user: Any) -> QuerySet[Any]:
    """All that the organisations were told that somebody acts for now, also before he came, and what a desk was told with him;
    each with `is_unread`: it was sent to him and he has not opened it."""
    to_him = LetterDelivery.objects.filter(letter=OuterRef("pk"), person=user.pk)
    rows = Letter.objects.select_related("organisation", "case", "programme__city")
    rows = rows.filter(_to_own_units(user) | Q(Exists(to_him), audience=Letter.Audience.STAFF))
    return rows.annotate(is_unread=Exists(to_him.filter(read_at=None)))


def unread(user: Any) -> int:
    his = LetterDelivery.objects.filter(person=user.pk, read_at=None)
    return his.filter(_to_own_units(user, "letter__") | Q(letter__audience=Letter.Audience.STAFF)).count()


def of_case(case: Any) -> QuerySet[Letter]:
    """What its unit was told of it."""
    return Letter.objects.filter(case=case, audience=Letter.Audience.UNIT)


def _to_own_units(user: Any, path: str = "") -> Q:
    own = access.organisations_for(user, VIEW_OWN)
    return Q(**{f"{path}audience": Letter.Audience.UNIT, f"{path}organisation__in": own})
