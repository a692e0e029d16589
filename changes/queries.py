"""Reads that the checks and the provider's pages share: what has been applied for, and who stands behind whom."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import FilteredRelation, Q, QuerySet
from django.utils import timezone

from cases.models import Case
from changes.models import Operation
from cities.calendar import add_months
from cities.models import Limit, Procedure, Programme
from providers.models import Organisation, Registration
from providers.operations import ListOperation
from providers.queries import current_partnerships, standing_of


def operations_of(case: Case) -> list[ListOperation]:
    rows = Operation.objects.filter(change=case.pk).select_related("industry")
    # Where what was filed is gone this raises: it must not pass for a change of nothing.
    return [row.as_operation() for row in rows or case.partner_change.operations.all()]


def operations_of_each(cases: Iterable[Case]) -> dict[UUID, list[ListOperation]]:
    """The same of several, by the key of each; one query."""
    cases = list(cases)
    found: dict[UUID, list[ListOperation]] = defaultdict(list)
    for row in Operation.objects.filter(change__in=[case.pk for case in cases]).select_related("industry"):
        found[row.change_id].append(row.as_operation())
    return {case.pk: found[case.pk] or operations_of(case) for case in cases}


@dataclass(frozen=True)
class Filed:
    """An earlier application, as limits count it."""

    case: Case
    on: date
    subjects: tuple[str, ...]


def earlier(registration: Registration, procedure_key: str, limit: Limit, *, but: Case | None) -> list[Filed]:
    """The earlier applications that a limit counts, oldest first; never the case itself."""
    cases = Case.objects.filter(
        registration__in=standing_of(registration),
        procedure__key=procedure_key,
        submitted_at__isnull=False,
    )
    if but:
        cases = cases.exclude(pk=but.pk)
    if limit.counts == Limit.Counts.APPROVED:
        cases = cases.filter(result=Case.Result.PUBLISHED)
    if not limit.counts_refused:
        cases = cases.exclude(result=Case.Result.REFUSED)
    if not limit.counts_withdrawn:
        cases = cases.exclude(result=Case.Result.WITHDRAWN)
    if not limit.counts_ordered:
        cases = cases.filter(ordered=False)
    filed = [
        Filed(case, measured_on(case, limit), tuple(case.submission.get("subjects", [])))
        for case in cases.select_related("edition").prefetch_related("decisions")
    ]
    return sorted(filed, key=lambda one: one.on)


def going(registration: Registration, procedure: Procedure) -> "QuerySet[Case]":
    """The applications of this kind that are on their way."""
    return Case.objects.filter(
        registration=registration, procedure__key=procedure.key, status=Case.Status.OPEN
    )


def touching(filed: Iterable[Filed], subject: str) -> list[Filed]:
    """Those that touch a subject; all of them where subjects are counted together."""
    return [one for one in filed if not subject or subject in one.subjects]


def measured_on(case: Case, limit: Limit) -> date:
    """The day a limit takes an earlier application to have happened."""
    if limit.measured_from == Limit.MeasuredFrom.PUBLICATION and case.edition:
        return timezone.localtime(case.edition.published_at).date()
    if limit.measured_from == Limit.MeasuredFrom.DECISION:
        decisions = list(case.decisions.all())
        if decisions:
            return timezone.localtime(decisions[0].at).date()
    assert case.filed_on is not None
    return case.filed_on


def window_start(limit: Limit, day: date) -> date:
    """The first day of the window a day falls in."""
    if limit.window == Limit.Window.CALENDAR_YEAR:
        return date(day.year, 1, 1)
    if limit.window == Limit.Window.ROLLING_YEAR:
        return add_months(day, -12) + timedelta(days=1)
    return date.min


def leaves_window(limit: Limit, on: date) -> date:
    """The first day whose window does not reach back to another day any more."""
    day = add_months(on, 12)
    while window_start(limit, day) <= on:
        day += timedelta(days=1)
    return day


def window_end(limit: Limit, day: date) -> date:
    return date(day.year, 12, 31) if limit.window == Limit.Window.CALENDAR_YEAR else date.max


def earliest_next(limit: Limit, last: date) -> date:
    """The first day that is far enough from an earlier change."""
    if limit.unit == Limit.Unit.MONTHS:
        return add_months(last, limit.number)
    return last + timedelta(days=limit.number)


def filing_day(case: Case, at: datetime) -> date:
    """The day an application counts from: when the paper was received, when it was submitted, or today."""
    return case.filed_on or timezone.localtime(at).date()


class Place(NamedTuple):
    """One unit that an organisation stands behind, in one industry."""

    industry: str
    industry_name: str
    unit: str
    registration_id: int


@dataclass(frozen=True)
class Standing:
    """Behind whom an organisation stands now, the name it is known by, if it is, whether it is listed itself, and in which
    industries."""

    behind: tuple[Place, ...]
    name: str = ""
    is_registrant: bool = False
    listed_in: frozenset[str] = frozenset()


def standings(programme: Programme, codes: Iterable[str]) -> dict[str, Standing]:
    """Of candidates by credit code, in two queries however many; in one where none of them is known."""
    codes = set(codes)
    known = _known(programme, codes)
    behind = _behind(programme, known) if known else {}
    return {code: Standing(tuple(behind.get(code, ())), *known.get(code, ())) for code in codes}


def _behind(programme: Programme, codes: Iterable[str]) -> dict[str, list[Place]]:
    """By the credit code of each that stands anywhere."""
    behind: dict[str, list[Place]] = defaultdict(list)
    rows = current_partnerships().filter(
        organisation__credit_code__in=list(codes), entry__registration__programme=programme
    )
    found: Any = rows.order_by(
        "entry__industry__order", "entry__registration__organisation__name"
    ).values_list(
        "organisation__credit_code",
        "entry__industry__key",
        "entry__industry__name",
        "entry__registration__organisation__name",
        "entry__registration_id",
    )
    for code, *place in found:
        behind[code].append(Place(*place))
    return behind


def _known(programme: Programme, codes: set[str]) -> dict[str, tuple[str, bool, frozenset[str]]]:
    """The name of each that there is, whether it is listed, and in which industries."""
    names: dict[str, str] = {}
    listed: defaultdict[str, set[str]] = defaultdict(set)
    mine = Q(registrations__programme=programme, registrations__valid_to=None)
    rows = Organisation.objects.filter(credit_code__in=codes).order_by()
    rows = rows.annotate(mine=FilteredRelation("registrations", condition=mine))
    present = FilteredRelation("mine__entries", condition=Q(mine__entries__valid_to=None))
    found = rows.annotate(present=present).values_list(
        "credit_code", "name", "mine__pk", "present__industry__key"
    )
    for code, name, registration, industry in found:
        names[code] = name
        if registration:
            listed[code] |= {"", industry or ""}
    return {code: (name, code in listed, frozenset(listed[code] - {""})) for code, name in names.items()}
