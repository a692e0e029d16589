"""Applications that came on paper and are entered by the office."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts import access
from cases import steps
from cases.errors import Problem, Refused
from cases.models import Case
from cases.queries import is_begun_by_office
from cities import built
from cities.models import Procedure, Programme
from cities.permissions import HANDLE_CASES
from cities.queries import rulebook_in_force
from providers import registry
from providers.models import Registration
from records.words import full_day


def registrations_for(user: Any) -> Any:
    """The units that stand in the lists this person handles."""
    programmes = access.programmes_for(user, HANDLE_CASES)
    rows = Registration.objects.current().filter(programme__in=programmes)
    return rows.select_related("organisation", "programme__city")


def procedures_for(programme: Programme, at: datetime) -> list[Procedure]:
    """What a unit can apply for now: in force, and of a kind that is built."""
    rulebook = rulebook_in_force(programme, at)
    rows = Procedure.objects.filter(rulebook=rulebook) if rulebook else Procedure.objects.none()
    return [row for row in rows if not built.awaits(row) and not is_begun_by_office(row)]


def drafts_online(registration: Registration) -> QuerySet[Case]:
    """What a unit has begun online and not submitted."""
    return Case.objects.filter(
        registration=registration, status=Case.Status.DRAFT, channel=Case.Channel.ONLINE
    )


def begin(
    registration: Registration,
    procedure: Procedure,
    received_on: date,
    *,
    ordered: bool = False,
    drop_draft: bool = False,
    by: Any,
    at: datetime,
) -> Case:
    """Begin to enter a paper application, or go on with the one begun. Raises Refused, so over the unit's own draft,
    unless the unit has agreed that it be dropped."""
    _refuse_too_early(registration, procedure, received_on)
    with transaction.atomic():
        registry.lock(
            registration.programme
        )  # so that the unit begins none between the look and the entering
        own = drafts_online(registration).filter(procedure__key=procedure.key).first()
        if own and not drop_draft:
            raise _own_draft(own)
        if own:
            steps.discard(own, by=by, at=at)
        case = steps.draft(
            procedure, registration, by=by, at=at, channel=Case.Channel.PAPER, received_on=received_on
        )
        case.received_on, case.ordered = received_on, ordered
        case.save()
        return case


def _refuse_too_early(registration: Registration, procedure: Procedure, received_on: date) -> None:
    """Nobody could apply before being in the list, nor under rules that did not bind yet."""
    rulebook = procedure.rulebook
    day, why = max(
        (registration.entered_on, f"{registration.organisation} {full_day(registration.entered_on)} 才入库"),
        (rulebook.begins, f"{rulebook} {full_day(rulebook.begins)} 才施行"),
    )
    if received_on < day:
        message = (
            f"收到日期 {full_day(received_on)} 太早：{why}。核对材料上的收文日期，改成 {full_day(day)} 或以后"
        )
        raise Refused(message, problems=[Problem("received_on", message)])


def _own_draft(own: Case) -> Refused:
    return Refused(
        f"{own.organisation} 自己在网上有一份“{own.procedure}”草稿（{full_day(own.created_at)} 建立），还没有提交，"
        "不能再录入一份。联系单位提交或删除它；单位同意不要的，勾选“删除单位网上的草稿”再录入。"
    )
