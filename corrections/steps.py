"""What the office does to a correction before it is filed: begin it, from a ground found or of itself, and write it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from accounts import access
from cases import confidential, engine, grounds
from cases import steps as case_steps
from cases.errors import Refused
from cases.grounds import Opening
from cases.models import Case, GroundFound
from cities.models import Procedure, Programme
from cities.permissions import HANDLE_CASES
from corrections import checks, queries
from corrections.models import Correction, Operation
from corrections.words import action_name
from providers import registry
from providers.models import ListEdition, Registration
from providers.operations import Action


def opening(ground: GroundFound, at: datetime) -> Opening:
    """For the inbox of what was found."""
    if why := queries.why_none(ground.programme, at):
        return Opening("", why_not=why)
    address = reverse("admin:corrections_correction_add")
    return Opening("立案更正", f"{address}?ground={ground.pk}")


def begin(registration: Registration, *, by: Any, at: datetime, ground: GroundFound | None = None) -> Case:
    """Begin a correction of what is published of a unit, or go on with the draft there is, which takes up the ground too."""
    programme = registration.programme
    if not access.may(by, HANDLE_CASES, programme):
        raise Refused("更正由经办人发起，您没有这个角色。")
    procedure = queries.procedure_for(programme, at)
    if procedure is None:
        raise Refused(queries.why_none(programme, at))
    if registration.valid_to and Action.RESTORE_UNIT not in queries.actions(procedure):
        raise Refused(_not_done(procedure, Action.RESTORE_UNIT, programme))
    with transaction.atomic():
        registry.lock(programme)
        case = case_steps.draft(procedure, registration, by=by, at=at, channel=Case.Channel.OFFICE)
        if registration.valid_to:
            _begin_restoring(case.correction, registration, at)
        if ground:
            grounds.take_up(ground, case, by=by, at=at)
            _start_from(case.correction, ground)
        return case


def _begin_restoring(correction: Correction, registration: Registration, at: datetime) -> None:
    """Of a unit that has left there is nothing else to be put right."""
    correction.corrects = correction.corrects or queries.removed_by(registration)
    Operation.objects.get_or_create(correction=correction, action=Action.RESTORE_UNIT)
    _touch(correction, at)


def _start_from(correction: Correction, ground: GroundFound) -> None:
    correction.corrects = correction.corrects or ground.edition
    lines = [*filter(None, [correction.evidence]), f"{ground.source_label}：{ground.evidence}"]
    correction.evidence = "\n".join(lines)
    correction.save()


def save(case: Case, *, corrects: ListEdition | None, reason: str, evidence: str, at: datetime) -> None:
    """Keep what was typed, complete or not."""
    with _editable(case) as correction:
        confidential.refuse_telling([case], "reason", reason)
        correction.corrects, correction.reason, correction.evidence = corrects, reason, evidence
        _touch(correction, at)


def add_operation(case: Case, action: str, *, at: datetime, **facts: Any) -> Operation:
    """Put one more thing right. Raises Refused when it does not fit the list as it would then stand."""
    with _editable(case) as correction:
        case = correction.case
        if action not in queries.actions(case.procedure):
            raise Refused(_not_done(case.procedure, action, case.programme))
        operation = Operation(
            correction=correction, action=action, order=correction.operations.count(), **facts
        )
        together = [*queries.operations_of(case), operation.as_operation()]
        if wrong := checks.Question(case, at, together).misfit:
            raise Refused(wrong)
        operation.save()
        _touch(correction, at)
    return operation


def _not_done(procedure: Procedure, action: str, programme: Programme) -> str:
    return f"“{procedure}”不办“{action_name(action, programme)}”（{procedure.article}）。"


def remove_operation(operation: Operation, *, at: datetime) -> None:
    with _editable(operation.correction.case) as correction:
        operation.delete()
        _touch(correction, at)


def _touch(correction: Correction, at: datetime) -> None:
    correction.saved_at = at
    correction.save()


@contextmanager
def _editable(case: Case) -> Iterator[Correction]:
    """Under the case's lock: what is filed at the same moment is frozen with all of this in it, or with none."""
    with engine.locked(case.pk) as (case, _):
        if not case.is_editable:
            raise Refused(f"{case} 已经提交，不能再改。要改，由审定人退回。")
        yield case.correction
