"""What is still to be done when a unit has left the list: listed on its closed case, and ticked off one by one."""

from datetime import date, datetime
from typing import Any

from django.urls import reverse

from cases.desk import Waiting
from cases.errors import Problem, Refused
from cases.models import Case
from cities.calendar.dates import local_day
from clearance import documents, fallen, queries
from clearance.models import Followup
from records import events
from records.words import full_day

LONGEST = 300


def begin(case: Case, at: datetime) -> None:
    """In the transaction that takes the unit off: each line of what was written by hand becomes one, and so does an announcement that
    is made elsewhere, for want of a wording here."""
    lines = [line.strip() for line in case.measure.afterwards.splitlines()]
    for line in filter(None, [*lines, documents.announced_elsewhere(case)]):
        Followup.objects.create(case=case, what=line[:LONGEST], entered_at=at)


def takes(case: Case) -> bool:
    """Whether the case has taken its unit off the list."""
    return (
        case.procedure.kind == queries.CLEARANCE
        and case.status == Case.Status.CLOSED
        and case.edition_id is not None
    )


def add(case: Case, what: str, *, by: Any, at: datetime) -> Followup:
    """One that turns up later; the case is locked."""
    followup = Followup.objects.create(case=case, what=what.strip()[:LONGEST], entered_at=at, entered_by=by)
    _tell(case, f"列出后续事项：{followup}", by=by, at=at)
    return followup


def finish(case: Case, followup: Followup, done_on: date, note: str, *, by: Any, at: datetime) -> None:
    """The case is locked: nobody else ticks it off meanwhile."""
    followup.refresh_from_db()
    if followup.done_on:
        raise Refused(f"“{followup}”已登记为 {full_day(followup.done_on)} 办好。")
    assert case.closed_at is not None
    begun = local_day(case.closed_at)
    if not begun <= done_on <= local_day(at):
        wrong = f"办好的日期在 {full_day(begun)} 移出之后，不晚于今天"
        raise Refused(f"{wrong}。", problems=[Problem("done_on", wrong, case.procedure.article.number)])
    followup.done_on, followup.note = done_on, note.strip()[:LONGEST]
    followup.done_at, followup.done_by = at, by
    followup.save()
    _tell(case, f"后续事项已办：{followup}（{full_day(done_on)}）", by=by, at=at)


def open_of(case: Case) -> list[Followup]:
    return list(case.followups.filter(done_on=None))


def waits(programmes: list[int], today: date) -> list[Waiting]:
    """What is left when a case is closed: that its unit was told of a removal or a revocation, and what was listed."""
    unserved = queries.unserved_removals().filter(programme__in=programmes).count()
    untold = queries.unserved_revocations().filter(programme__in=programmes).count()
    open_ones = Followup.objects.filter(case__programme__in=programmes, done_on=None).count()
    page = reverse("admin:clearance_measure_changelist")
    found = [
        Waiting(f"{unserved} 件移出还没有登记送达", f"{page}?owed=unserved", unserved),
        Waiting(f"{untold} 件撤销还没有登记送达", f"{page}?owed=untold", untold),
    ]
    listed = Waiting(f"移出以后还有后续事项 {open_ones} 项没有办完", f"{page}?owed=open")
    return [*(one for one in found if one.late), *([listed] if open_ones else []), *_fallen(programmes)]


def _fallen(programmes: list[int]) -> list[Waiting]:
    said = "{} 移出所依据的责令已撤销，看要不要更正"
    return [
        Waiting(said.format(case), reverse("admin:cases_case_change", args=[case.pk]))
        for case in fallen.removals(programmes)
    ]


def _tell(case: Case, summary: str, *, by: Any, at: datetime) -> None:
    """For the office alone, as `cases.page` has it."""
    events.record(
        "measure.followup",
        summary,
        at=at,
        by=by,
        article=case.procedure.article.number,
        case=case,
        programme=case.programme,
        organisation=case.organisation,
    )
