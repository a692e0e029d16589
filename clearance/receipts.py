"""What a unit has to confirm before it is told it: an order, a hearing, that it was removed, that a decision was taken back
(docs/decisions/0065, 0075, 0077)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet, prefetch_related_objects

from cases import engine
from cases.errors import Refused
from cases.inbox import Receipt
from cases.models import Case
from cases.page import current_deadline
from cities.calendar.dates import local_day
from clearance import queries, serving
from clearance.letters import SERVING
from clearance.models import Service
from notices.models import Notice
from records.models import Letter
from records.words import full_day

# What has to reach the unit, since when, by case.
Owed = dict[UUID, datetime]


class InboxReceipts:
    def waiting(self, cases: Sequence[Case], at: datetime) -> dict[UUID, Receipt]:
        owed = {**_asked(cases), **_removed(cases), **_revoked(cases)}
        if not owed:
            return {}
        rows = [case for case in cases if case.pk in owed]
        prefetch_related_objects(rows, "deadlines", "measure")
        letters, making = _letters(owed), _in_the_making(owed)
        return {
            case.pk: Receipt(case, _what(case), letters[case.pk], _why_not(case, case.pk in making, at))
            for case in rows
            if case.pk in letters
        }

    def confirmed(self, receipt: Receipt, by: Any, at: datetime) -> None:
        with engine.locked(receipt.case.pk) as (case, _):
            if serving.owed_since(case) != receipt.letter.written_at:
                return
            try:
                with transaction.atomic():
                    serving.serve(case, how=Service.How.INBOX, served_on=local_day(at), by=by, at=at)
            except (Refused, IntegrityError):
                return  # as its page says


def _asked(cases: Iterable[Case]) -> Owed:
    """What is asked and of which no service is on record."""
    here = {case.pk: case for case in cases if queries.is_one(case) and serving.asks(case)}
    owed = {key: case.stage_since for key, case in here.items() if case.stage_since}
    for service in Service.objects.filter(case__in=here).select_related("stage") if here else ():
        since = owed.get(service.case_id)
        is_its_own = service.organisation_id == here[service.case_id].organisation_id
        if since and is_its_own and serving.is_of(service, since):
            del owed[service.case_id]
    return owed


def _removed(cases: Iterable[Case]) -> Owed:
    is_over = (Case.Status.CLOSED, queries.CLEARANCE)
    closed = [case.pk for case in cases if (case.status, case.procedure.kind) == is_over]
    return _ended(queries.unserved_removals(), closed)


def _revoked(cases: Iterable[Case]) -> Owed:
    return _ended(queries.unserved_revocations(), [case.pk for case in cases if queries.was_revoked(case)])


def _ended(unserved: QuerySet[Case], keys: list[UUID]) -> Owed:
    rows = unserved.filter(pk__in=keys) if keys else Case.objects.none()
    return {key: since for key, since in rows.values_list("pk", "closed_at") if since}


def _letters(owed: Owed) -> dict[UUID, Letter]:
    """The one by which each was told to its unit."""
    rows = Letter.objects.filter(case__in=owed, audience=Letter.Audience.UNIT, kind__in=SERVING)
    rows = rows.select_related("case")
    told = {}
    for letter in rows.order_by("pk"):
        assert letter.case is not None
        if (
            letter.written_at == owed[letter.case.pk]
            and letter.organisation_id == letter.case.organisation_id
        ):
            told[letter.case.pk] = letter
    return told


def _in_the_making(owed: Owed) -> set[UUID]:
    rows = Notice.objects.filter(case__in=owed, state=Notice.State.ISSUING)
    return {key for key, decided_at in rows.values_list("case", "decided_at") if decided_at >= owed[key]}


def _what(case: Case) -> str:
    if not serving.asks(case) or case.stage is None or case.stage.kind == serving.SERVES:
        return queries.served_as(case, None, case.closed_at)
    label = str(case.stage)
    return str(case.procedure) if label in str(case.procedure) else f"{case.procedure}，{label}"


def _why_not(case: Case, is_in_the_making: bool, at: datetime) -> str:
    if is_in_the_making:
        return serving.being_made(case)
    deadline = current_deadline(case) if serving.asks(case) else None
    over = serving.over(case, deadline, local_day(at)) if serving.asks(case) else None
    if over is None:
        return ""
    return f"要办的最后一天 {full_day(over)} 已经过了，由工作人员重新安排，安排好以后在这里确认收到。现在不用您做什么。"
