"""What an organisation is and was in all programmes, from its pages in their lists."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from cities.models import Programme
from providers.models import Organisation, OrganisationProfile, Partnership, Registration
from records import words


@dataclass(frozen=True)
class Standing:
    """`of` is the unit it stands behind; None where it is on the list itself."""

    programme: Programme
    term: str
    since: date
    until: datetime | None
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
    found = [_of_unit(row, at) for row in _on_lists(organisation, at)]
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


def _of_unit(row: Registration, at: datetime) -> Standing:
    return Standing(row.programme, row.programme.registrant_term, row.entered_on, _ended(row.valid_to, at))


def _of_partner(rows: Iterable[Partnership], at: datetime) -> list[Standing]:
    """One line for the industries in which it stands behind the same unit for the same time."""
    together: dict[tuple[Registration, date, datetime | None], list[str]] = {}
    for row in rows:
        key = row.entry.registration, words.local_day(row.valid_from), _ended(row.valid_to, at)
        together.setdefault(key, []).append(row.entry.industry.name)
    return [
        Standing(
            unit.programme,
            unit.programme.partner_term or "合作伙伴",
            since,
            until,
            unit,
            tuple(dict.fromkeys(names)),
        )
        for (unit, since, until), names in together.items()
    ]


def _ended(moment: datetime | None, at: datetime) -> datetime | None:
    return moment if moment and moment <= at else None
