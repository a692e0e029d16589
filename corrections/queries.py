"""Reads of corrections."""

from datetime import datetime

from django.db.models import Q, QuerySet

from cases.models import Case
from cities import keys
from cities.models import Procedure, Programme
from cities.queries import rulebook_in_force
from providers import listing, returning
from providers.models import ListEdition, Registration
from providers.operations import Action, ListOperation

KIND = "correction"  # of cities.keys.PROCEDURE_KINDS


def operations_of(case: Case) -> list[ListOperation]:
    return [row.as_operation() for row in case.correction.operations.select_related("industry")]


def actions(procedure: Procedure) -> list[str]:
    """The operations a procedure takes; a row that names none takes all."""
    return [
        one for one in keys.operations_of(KIND) if not procedure.operations or one in procedure.operations
    ]


def procedure_for(programme: Programme, at: datetime) -> Procedure | None:
    """How the rules in force have a list corrected; None where they do not say, or none are in force."""
    rulebook = rulebook_in_force(programme, at)
    rows = Procedure.objects.filter(rulebook=rulebook, kind=KIND) if rulebook else Procedure.objects.none()
    return rows.select_related("article", "rulebook__programme").first()


def restores(case: Case) -> bool:
    """Whether it takes a unit back onto the list."""
    return case.correction.operations.filter(action=Action.RESTORE_UNIT).exists()


def correctable(programmes: QuerySet[Programme]) -> QuerySet[Registration]:
    """The units of these lists, and those that were removed from them and have not come back."""
    rows = Registration.objects.filter(Q(valid_to__isnull=True) | returning.can_come_back())
    return rows.filter(programme__in=programmes).select_related("organisation", "programme__city")


def removed_by(registration: Registration) -> ListEdition | None:
    """The edition by which a unit left."""
    if registration.valid_to is None:
        return None
    return registration.programme.editions.filter(published_at=registration.valid_to).first()


def removal_of(registration: Registration) -> Case | None:
    """The case that decided it; None where that was not done here."""
    edition = removed_by(registration)
    rows = Case.objects.filter(edition=edition, registration=registration) if edition else Case.objects.none()
    return rows.select_related("procedure__article").first()


def left_by(registration: Registration) -> str:
    """In the word of what the unit had left by."""
    terms = (one.procedure.term for one in registration.removals.all())
    return next(terms, "") or registration.programme.clearance_term


def restoring(registration: Registration) -> Case | None:
    """The case that takes a unit back that has left, open or published."""
    rows = Case.objects.filter(registration=registration, submitted_at__isnull=False)
    rows = rows.filter(correction__operations__action=Action.RESTORE_UNIT)
    return rows.filter(Q(status=Case.Status.OPEN) | Q(result=Case.Result.PUBLISHED)).last()


def stopped_by_removal(registration: Registration) -> list[Case]:
    """What was open of the unit then and ended with it."""
    rows = Case.objects.filter(registration=registration, result=Case.Result.STOPPED)
    return list(rows.filter(closed_at=registration.valid_to).order_by("number"))


def why_none(programme: Programme, at: datetime) -> str:
    """Why nothing can be corrected in a programme; empty where it can."""
    if procedure_for(programme, at):
        return ""
    rulebook = rulebook_in_force(programme, at)
    if rulebook is None:
        return f"{programme}现在没有施行中的规则，名单只作存档，不在平台上更正。发现有误的，由{programme.authority}另行公告。"
    return f"{rulebook}没有写更正名单的程序，不能立案。要更正的，由规则编辑先在规则里加上这个程序。"


def editions_of(registration: Registration) -> list[ListEdition]:
    """Those that say something of the unit, the newest first."""
    return [row["edition"] for row in listing.history(registration)]
