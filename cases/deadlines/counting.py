"""Spans as rows give them, counted by the one calendar function."""

from datetime import date, datetime
from typing import Any

from django.utils.timezone import localtime

from cases import stages
from cases.errors import Refused
from cities import decisions
from cities.calendar import Calendar, CalendarMissing, CountingRuleSpec, Span, SpanError, span, until
from cities.models import Outcome, Stage
from records.words import full_day


def counted_span(row: Stage | Outcome, at: datetime) -> Span:
    """The span of a row from a moment, as the one calendar function counts it, with what the office has decided of it by
    then. Raises Refused where the text leaves it to the office and nothing was decided, or the calendar does not reach."""
    return span_of(decisions.settled(row, at), at)


def span_of(row: Stage | Outcome, at: datetime, calendar: Calendar | None = None) -> Span:
    """The span of a row that has been settled; a page that counts many brings the calendar it has read."""
    if isinstance(row, Stage) and row.last_day:
        return _until(row, row.last_day, at, calendar)
    if row.span_number is None or row.counting_rule is None:
        raise Refused(_unset(row))
    return span_or_refuse(row.span_number, row.counting_rule, at, calendar)


def _until(row: Stage, last_day: date, at: datetime, calendar: Calendar | None) -> Span:
    try:
        return until(last_day, at, calendar)
    except SpanError as over:
        raise Refused(f"{row.article}：“{row.label}”{over}。") from over


def span_or_refuse(number: int, rule: CountingRuleSpec, at: datetime, calendar: Calendar | None) -> Span:
    try:
        return span(number, rule, at, calendar)
    except (CalendarMissing, SpanError) as uncountable:
        raise Refused(f"算不出期限：{uncountable}") from uncountable


def _unset(row: Stage | Outcome) -> str:
    office = row.rulebook.programme.office_term
    unset = f"{row.article}没有规定“{row.label}”的天数，{office}也还没有确定。"
    if entered := decisions.waiting(row, "span"):
        day = full_day(localtime(entered.proposed_at).date())
        return f"{unset}{day} 登记的决定（{entered.wording.strip()}）须由另一人在“未写明的事项”中确认，确认后即可开始；不套用其他地方的天数。"
    return f"{unset}先由规则编辑在“未写明的事项”中登记决定，由另一人确认后即可开始；不套用其他地方的天数。"


def days_json(counted: Span) -> list[dict[str, Any]]:
    """The days one by one as pages show them."""
    return [
        {
            "date": day.date.isoformat(),
            "ordinal": day.ordinal,
            "mark": day.mark,
            "name": day.name,
            "note": day.note,
            "last": day.date == counted.closes_on,
        }
        for day in counted.days
    ]


def row_that_counts(stage: Stage, led_here: Outcome | None) -> Stage | Outcome:
    """Whose days a case has at a stage: those of the outcome that led there, if it gives any, else the stage's own. Where
    the days begin with an act of their own, no outcome gives them."""
    is_given = led_here and led_here.span_number and stages.kind_of(stage).counts_from_entry
    return led_here if led_here and is_given else stage


def has_span(row: Stage | Outcome) -> bool:
    """Whether its time is limited at all, by a number of days or by a last day that the text names."""
    by_day = isinstance(row, Stage) and (row.span_set_by_office or row.last_day)
    return bool(row.span_number or by_day)
