"""Reads of corrections."""

from datetime import datetime

from cases.models import Case
from cities import keys
from cities.models import Procedure, Programme
from cities.queries import rulebook_in_force
from providers import listing
from providers.models import ListEdition, Registration
from providers.operations import ListOperation

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
