"""What the applicant does to a draft, or to what was sent back for correction."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from cases import engine
from cases import steps as case_steps
from cases.errors import Refused
from cases.models import Case
from cases.operations.words import in_own_terms
from changes import offered
from changes.models import Operation, PartnerChange
from changes.queries import operations_of
from providers import snapshots
from providers.queries import snapshot
from providers.snapshots import StaleOperation


class WrittenElsewhere(Refused):
    """The words were changed in another window since this one was opened."""


def words_of(change: PartnerChange) -> str:
    """A fingerprint of what is written, to tell whether it has changed."""
    return hashlib.sha256(f"{change.reason}\0{change.explanation}".encode()).hexdigest()


def save(case: Case, *, reason: str, explanation: str, truthful: bool, at: datetime, seen: str = "") -> None:
    """Keep what was typed, complete or not: a draft is never lost. `seen` is what the words were when the typing began."""
    with _editable(case) as change:
        is_new = (reason, explanation) != (change.reason, change.explanation)
        if seen and is_new and seen != words_of(change):
            raise WrittenElsewhere(
                "这份草稿刚被他人或在别处改过，您这次填写的内容还没有保存。与下面已保存的对照，再按一次就按您填写的保存"
            )
        change.reason, change.explanation, change.truthful, change.saved_at = (
            reason,
            explanation,
            truthful,
            at,
        )
        change.save()


def add_operation(case: Case, action: str, *, at: datetime, **facts: Any) -> Operation:
    """Put one more operation into the change. Raises Refused when it does not fit the list as it would then stand,
    or when the procedure takes no such operation."""
    with _editable(case) as change:
        if why := offered.refusal(change.case.procedure, action):
            raise Refused(why)
        operation = Operation(change=change, action=action, order=change.operations.count(), **facts)
        registration = change.case.registration
        assert registration is not None
        try:
            snapshots.after(
                snapshot(registration, at), [*operations_of(change.case), operation.as_operation()]
            )
        except StaleOperation as stale:
            raise Refused(in_own_terms(stale.message, change.case.programme)) from stale
        operation.save()
        _touch(change, at)
    return operation


def remove_operation(operation: Operation, *, at: datetime) -> None:
    with _editable(operation.change.case) as change:
        operation.delete()
        _touch(change, at)


def _touch(change: PartnerChange, at: datetime) -> None:
    change.saved_at = at
    change.save()


@contextmanager
def _editable(case: Case) -> Iterator[PartnerChange]:
    """Under the case's lock: what is filed at the same moment is frozen with all of this in it, or with none."""
    with engine.locked(case.pk) as (case, _):
        if not case.is_editable:
            raise Refused(f"{case} 已经提交，不能再改。要改，联系工作人员退回补正。")
        case_steps.refuse_ended(case)
        yield case.partner_change
