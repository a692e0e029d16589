"""Applications that came on paper and are entered by the office."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from accounts import access
from cases import steps
from cases.errors import Refused
from cases.models import Case
from cities import built
from cities.models import Procedure, Programme
from cities.permissions import HANDLE_CASES
from cities.queries import rulebook_in_force
from providers.models import Registration
from records.words import full_day

MOST_FOUND = 20


def registrations_for(user: Any) -> Any:
    """The units that stand in the lists this person handles."""
    programmes = access.programmes_for(user, HANDLE_CASES)
    rows = Registration.objects.current().filter(programme__in=programmes)
    return rows.select_related("organisation", "programme__city")


def search(user: Any, sought: str) -> Iterable[Registration]:
    """By part of the name or of the credit code; one more than the page shows says that there are more."""
    match = Q(organisation__name__icontains=sought) | Q(organisation__credit_code__icontains=sought)
    found: Iterable[Registration] = (
        registrations_for(user).filter(match).order_by("organisation__name", "pk")[: MOST_FOUND + 1]
    )
    return found


def procedures_for(programme: Programme, at: datetime) -> list[Procedure]:
    """What can be applied for now: in force, and of a kind that is built."""
    rulebook = rulebook_in_force(programme, at)
    rows = Procedure.objects.filter(rulebook=rulebook) if rulebook else Procedure.objects.none()
    return [procedure for procedure in rows if not built.awaits(procedure)]


def begin(
    registration: Registration,
    procedure: Procedure,
    received_on: date,
    *,
    ordered: bool = False,
    by: Any,
    at: datetime,
) -> Case:
    """Begin to enter a paper application, or go on with the one begun. Raises Refused, so over the unit's own draft."""
    own = Case.objects.filter(
        registration=registration,
        procedure__key=procedure.key,
        status=Case.Status.DRAFT,
        channel=Case.Channel.ONLINE,
    ).first()
    if own:
        raise Refused(
            f"{registration.organisation} 自己在网上有一份“{procedure}”草稿（{full_day(own.created_at)} 建立），"
            "不能再录入一份。联系单位提交或删除这份草稿。"
        )
    case = steps.draft(
        procedure, registration, by=by, at=at, channel=Case.Channel.PAPER, received_on=received_on
    )
    case.received_on, case.ordered = received_on, ordered
    case.save()
    return case
