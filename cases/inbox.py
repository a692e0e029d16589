"""Reads of the letters of an organisation, for the people who act for it now."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from accounts import access
from providers.permissions import VIEW_OWN
from records.models import Letter, LetterDelivery


def letters_for(user: Any) -> QuerySet[Any]:
    """All that the organisations were told that somebody acts for now, also before he came, each with `is_unread`: it was
    sent to him and he has not opened it."""
    own = access.organisations_for(user, VIEW_OWN)
    to_him = LetterDelivery.objects.filter(letter=OuterRef("pk"), person=user.pk, read_at=None)
    rows = Letter.objects.filter(organisation__in=own).select_related(
        "organisation", "case", "programme__city"
    )
    return rows.annotate(is_unread=Exists(to_him))


def unread(user: Any) -> int:
    own = access.organisations_for(user, VIEW_OWN)
    return LetterDelivery.objects.filter(person=user.pk, read_at=None, letter__organisation__in=own).count()


def of_case(case: Any) -> QuerySet[Letter]:
    return Letter.objects.filter(case=case)
