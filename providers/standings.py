"""What an organisation is and was in all programmes, from its pages in their lists."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import NamedTuple, TypeVar

from django.db.models import QuerySet

from cities.models import Programme
from providers.models import Organisation, OrganisationProfile, Partnership, Registration
from providers.models.spans import Dated
from records import words

Row = TypeVar("Row", bound=Dated)


class Gap(NamedTuple):
    """From a removal that was found wrong until the unit stood on the list again."""

    since: datetime
    until: datetime


@dataclass(frozen=True)
class Standing:
    """`of` is the unit it stands behind; None where it is on the list itself, which then is by `listed`, more than one where a
    removal was undone."""

    programme: Programme
    term: str
    since: date
    until: datetime | None
    gaps: tuple[Gap, ...] = ()
    listed: tuple[Registration, ...] = ()
    of: Registration | None = None
    industries: tuple[str, ...] = ()


def organisation_at(code: str, at: datetime) -> Organisation | None:
    """Of those that a list has named by then; also by a code that has been put right since."""
    once = OrganisationProfile.objects.filter(credit_code=code).values("organisation")
    found = (
        Organisation.objects.filter(credit_code=code).first()
        or Organisation.objects.filter(pk__in=once).first()
    )
    return found if found and (_on_lists(found, at).exists() or _behind(found, at).exists()) else None


def standings(organisation: Organisation, at: datetime) -> list[Standing]:
    """Those that last first, then the last to begin."""
    found = [_of_unit(course, at) for course in _listed(list(_on_lists(organisation, at)))]
    found += _of_partner(_behind(organisation, at), at)
    return sorted(found, key=lambda one: (one.until is None, one.since), reverse=True)


def _on_lists(organisation: Organisation, at: datetime) -> QuerySet[Registration]:
    rows = Registration.objects.filter(organisation=organisation, valid_from__lte=at)
    return rows.select_related("programme__city")


def _behind(organisation: Organisation, at: datetime) -> QuerySet[Partnership]:
    rows = Partnership.objects.filter(organisation=organisation, valid_from__lte=at)
    return rows.select_related(
        "entry__industry", "entry__registration__programme__city", "entry__registration__organisation"
    ).order_by("entry__industry__order", "pk")


def _of_unit(course: Sequence[Registration], at: datetime) -> Standing:
    first, last = course[0], course[-1]
    until, term = _ended(last.valid_to, at), first.programme.registrant_term
    return Standing(first.programme, term, first.entered_on, until, _gaps(course), tuple(course))


def _of_partner(rows: Iterable[Partnership], at: datetime) -> list[Standing]:
    """One line for the industries in which it stands behind the same unit for the same time."""
    together: dict[tuple[Registration, date, datetime | None, tuple[Gap, ...]], list[str]] = {}
    for course in _behind_units(list(rows)):
        entry, until = course[-1].entry, _ended(course[-1].valid_to, at)
        key = entry.registration, words.local_day(course[0].valid_from), until, _gaps(course)
        together.setdefault(key, []).append(entry.industry.name)
    return [
        Standing(
            unit.programme,
            unit.programme.partner_term or "合作伙伴",
            since,
            until,
            gaps,
            of=unit,
            industries=tuple(dict.fromkeys(names)),
        )
        for (unit, since, until, gaps), names in together.items()
    ]


def _listed(rows: list[Registration]) -> list[list[Registration]]:
    return _courses(rows, lambda row: row.pk, lambda row: row.continues_id)


def _behind_units(rows: list[Partnership]) -> list[list[Partnership]]:
    """What ended with its unit's removal goes on in what began with the return of that."""

    def left(row: Partnership) -> Hashable:
        entry = row.entry
        with_unit = row.valid_to is not None and row.valid_to == entry.registration.valid_to
        return (entry.registration_id, entry.category, entry.industry_id) if with_unit else None

    def came_back(row: Partnership) -> Hashable:
        entry, unit = row.entry, row.entry.registration
        with_unit = unit.continues_id is not None and row.valid_from == unit.valid_from
        return (unit.continues_id, entry.category, entry.industry_id) if with_unit else None

    return _courses(rows, left, came_back)


def _courses(
    rows: list[Row], own: Callable[[Row], Hashable], earlier: Callable[[Row], Hashable]
) -> list[list[Row]]:
    """Rows joined to those that they go on from, in the order of the first of each; `own` and `earlier` name them."""
    later = {earlier(row): row for row in rows if earlier(row) is not None}
    known = {own(row) for row in rows}
    found = []
    for first in (row for row in rows if earlier(row) is None or earlier(row) not in known):
        course = [first]
        while own(course[-1]) is not None and (following := later.get(own(course[-1]))):
            course.append(following)
        found.append(course)
    return found


def _gaps(course: Sequence[Dated]) -> tuple[Gap, ...]:
    return tuple(Gap(one.valid_to, next_.valid_from) for one, next_ in pairwise(course) if one.valid_to)


def _ended(moment: datetime | None, at: datetime) -> datetime | None:
    return moment if moment and moment <= at else None
