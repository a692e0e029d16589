"""Writes the rows of a whole list at once, for `providers.registry` alone: each kind of row in bulk, with its history."""

from datetime import datetime

from cities.models import Programme
from providers.listed import ListedUnit
from providers.models import (
    CatalogueItem,
    CatalogueVersion,
    Organisation,
    OrganisationProfile,
    Partnership,
    Registration,
    RegistrationEntry,
)
from providers.rows import create

AT_ONCE = 10_000


def write(programme: Programme, units: list[ListedUnit], *, moment: datetime, at: datetime) -> None:
    dated = {"valid_from": moment, "recorded_at": at}
    organisations = _organisations(units, dated)
    districts = {district.name: district for district in programme.city.districts.all()}
    registrations = create(
        Registration,
        (
            Registration(
                programme=programme,
                organisation=organisations[unit.code],
                entered_on=unit.entered_on,
                district=districts[unit.district] if unit.district else None,
                **dated,
            )
            for unit in units
        ),
    )
    pairs = list(zip(registrations, units, strict=True))
    _write_partners(programme, pairs, organisations, dated)
    _write_items(pairs, dated)


def _organisations(units: list[ListedUnit], dated: dict[str, datetime]) -> dict[str, Organisation]:
    """By credit code; what is known already keeps its name. A unit's own row comes before its mention as a partner."""
    named: dict[str, tuple[str, str, str]] = {}
    for unit in units:
        named[unit.code] = (unit.name, unit.place, unit.code_override)
    for unit in units:
        for partner in unit.partners:
            named.setdefault(partner.code, (partner.name, "", partner.code_override))
    known = _known(list(named))
    fresh = create(
        Organisation,
        (
            Organisation(credit_code=code, name=name, code_override=override)
            for code, (name, _, override) in named.items()
            if code not in known
        ),
    )
    create(
        OrganisationProfile,
        (
            OrganisationProfile(
                organisation=row,
                name=row.name,
                credit_code=row.credit_code,
                place=named[row.credit_code][1],
                **dated,
            )
            for row in fresh
        ),
    )
    return known | {row.credit_code: row for row in fresh}


def _known(codes: list[str]) -> dict[str, Organisation]:
    """By credit code. A database takes no more than some ten thousand values in one question."""
    return {
        code: row
        for start in range(0, len(codes), AT_ONCE)
        for code, row in Organisation.objects.in_bulk(
            codes[start : start + AT_ONCE], field_name="credit_code"
        ).items()
    }


def _write_partners(
    programme: Programme,
    pairs: list[tuple[Registration, ListedUnit]],
    organisations: dict[str, Organisation],
    dated: dict[str, datetime],
) -> None:
    """In an industry under two categories partners stand behind the first."""
    industries = {industry.key: industry for industry in programme.industries.all()}
    entries = create(
        RegistrationEntry,
        (
            RegistrationEntry(registration=row, category=category, industry=industries[industry], **dated)
            for row, unit in pairs
            for category, industry in unit.entries
        ),
    )
    first: dict[tuple[int, str], RegistrationEntry] = {}
    for entry in entries:
        first.setdefault((entry.registration_id, entry.industry.key), entry)
    create(
        Partnership,
        (
            Partnership(
                entry=first[row.pk, partner.industry], organisation=organisations[partner.code], **dated
            )
            for row, unit in pairs
            for partner in unit.partners
        ),
    )


def _write_items(pairs: list[tuple[Registration, ListedUnit]], dated: dict[str, datetime]) -> None:
    listed = [(row, item) for row, unit in pairs for item in unit.items]
    items = create(CatalogueItem, (CatalogueItem(registration=row, code=item.code) for row, item in listed))
    create(
        CatalogueVersion,
        (
            CatalogueVersion(item=row, name=item.name, price=item.price, summary=item.summary, **dated)
            for row, (_, item) in zip(items, listed, strict=True)
        ),
    )
