"""A letter that asks something of a unit serves it once somebody of the unit confirms that it is there."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from cases import deadlines, engine
from cases.errors import Refused
from cases.inbox import Receipt
from cases.models import Case
from cities.calendar.dates import local_day
from clearance import queries
from clearance.models import Service
from clearance.serving import awaits, owed_since, passed, serve, what, why_not_yet
from records.models import Letter
from records.words import full_day


def _until(case: Case) -> str:
    """The last day as it is now: it may have been put right since the letter was written."""
    deadline = deadlines.open_of(case)
    return f"期限到 {full_day(deadline.closes_on)} 为止，以这一天为准。" if deadline else ""


class InboxReceipts:
    """The letter that asks: whoever acts for the unit says that it is there."""

    def asked(self, letter: Letter, at: datetime) -> Receipt | None:
        """What can be served by a letter no more is only read: its last day is over, and the clerk is asked what to do."""
        case = letter.case
        if case is None or not _is_to_be_served(case, letter) or passed(case, local_day(at)):
            return None
        said = f"现向您单位送达{what(case)}（{case.procedure}，{case}）。{_until(case)}按“确认收到并查看”以后才显示内容，"
        return Receipt(f"{said}并记为 {full_day(local_day(at))} 收到。", why_not_yet(case))

    def confirmed(self, letter: Letter, by: Any, at: datetime) -> None:
        if letter.case is None or not _is_to_be_served(letter.case, letter):
            return
        with engine.locked(letter.case.pk) as (case, _):
            if not _is_to_be_served(case, letter):
                return
            try:
                with transaction.atomic():
                    serve(case, how=Service.How.INBOX, served_on=local_day(at), by=by, at=at)
            except (Refused, IntegrityError):
                return  # as its page says


def _is_to_be_served(case: Case, letter: Letter) -> bool:
    """Not whom the order only concerns: they were told of it."""
    is_its_own = queries.is_one(case) and letter.organisation_id == case.organisation_id
    return is_its_own and letter.written_at == owed_since(case) and awaits(case)
