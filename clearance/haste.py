"""An order to part with a partner is carried out by a change, which is shown to the public first: a day before the end of that can be
named, and can hardly be kept."""

from datetime import date, datetime

from cases import deadlines
from cases.errors import Refused
from cases.models import Case
from cities.models import Stage
from cities.queries import rulebook_in_force
from clearance import queries
from clearance.models import RectificationOrder
from records.words import full_day


def sentence(case: Case, at: datetime) -> str:
    """For whoever names the day; empty where nothing is known to take its time."""
    found = _shown_until(case, at)
    if found is None:
        return ""
    stage, last = found
    return (
        f"变更要公示（{stage.article}），今天开始也到 {full_day(last)} 才结束，期限早于这一天的，单位来不及办"
    )


def too_short(case: Case, order: RectificationOrder) -> date | None:
    """The day on which the publicity of a change would have ended at the earliest, where the order runs out before it."""
    found = _shown_until(case, order.ordered_at)
    last = order.deadline.closes_on if order.deadline else None
    return found[1] if found and last and last < found[1] else None


def _shown_until(case: Case, at: datetime) -> tuple[Stage, date] | None:
    """The publicity that a change has to stand, with its last day if it began now."""
    if case.procedure.kind != queries.PARTNER_REMOVAL:
        return None
    rows = Stage.objects.filter(
        procedure__rulebook=rulebook_in_force(case.programme, at),
        procedure__kind="partner_change",
        kind="publicity",
    )
    for stage in rows.select_related("article", "counting_rule", "procedure__rulebook__programme"):
        try:
            return stage, deadlines.counted_span(stage, at).closes_on
        except Refused:
            continue  # nothing is known of how long it takes
    return None
