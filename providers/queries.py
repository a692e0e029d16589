"""Reads of the registry, always as of a moment."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from cities.models import Category, Programme, Rulebook
from providers.models import (
    CatalogueVersion,
    ListEdition,
    Organisation,
    OrganisationProfile,
    Partnership,
    Registration,
    RegistrationEntry,
)
from providers.models.spans import stands
from providers.operations import Action, ListOperation
from providers.snapshots import IndustryName, Item, Partner, Snapshot, Unit, arranged, empty, renamed


def edition_at(programme: Programme, at: datetime) -> ListEdition | None:
    return programme.editions.filter(published_at__lte=at).order_by("-published_at").first()


def snapshot(registration: Registration, at: datetime) -> Snapshot:
    return snapshots([registration], at)[registration.pk]


def state(registration: Registration, operations: Iterable[ListOperation], at: datetime) -> Snapshot:
    """As `snapshot`, with what the unit itself is called, or what stood when it left, where an operation speaks of that."""
    found, actions = snapshot(registration, at), {operation.action for operation in operations}
    if Action.MEND_UNIT in actions:
        found["unit"] = profile(registration.organisation, at)
    if Action.RESTORE_UNIT in actions and registration.valid_to:
        found["left"] = left(registration, at)
    return found


def left(registration: Registration, at: datetime) -> Snapshot:
    """What stood when a unit left its list, called as it is at the moment."""
    assert registration.valid_to is not None
    found = snapshot(registration, registration.valid_to - timedelta(microseconds=1))
    named = Organisation.objects.filter(credit_code__in={row["code"] for row in found["partners"]})
    names = dict(named.values_list("credit_code", "name"))
    return {**renamed(found, names), "unit": profile(registration.organisation, at)}


def standing_of(registration: Registration) -> list[int]:
    """It, and what it continues: one standing of the unit, though a removal that was found wrong lies in between."""
    found = [registration.pk]
    earlier = registration.continues_id
    while earlier:
        found.append(earlier)
        earlier = Registration.objects.values_list("continues", flat=True).get(pk=earlier)
    return found


def profile(organisation: Organisation, at: datetime) -> Unit:
    """What it was called then, under which code and where; read anew, whatever the row at hand says."""
    row = organisation.profiles.at(at).first()
    if row is None:
        return {"code": organisation.credit_code, "name": organisation.name, "place": ""}
    return {"code": row.credit_code, "name": row.name, "place": row.place}


def snapshots(registrations: Iterable[Registration], at: datetime) -> dict[int, Snapshot]:
    """By registration; three queries however many there are."""
    keys = [registration.pk for registration in registrations]
    industries, partners, items = _industries(keys, at), _partners(keys, at), _items(keys, at)
    return {
        key: arranged(list(industries[key].values()), partners[key].values(), items[key])
        if industries[key] or items[key]
        else empty()
        for key in keys
    }


def category_names(programme: Programme) -> dict[str, str]:
    """By key, as the newest rulebook that binds or has bound names them; a list may be older than today's rules."""
    bound = [Rulebook.Standing.PUBLISHED, Rulebook.Standing.WITHDRAWN]
    newest = (
        Rulebook.objects.filter(programme=programme, standing__in=bound).order_by("-version").values("pk")[:1]
    )
    return dict(Category.objects.filter(rulebook=newest).values_list("key", "name"))


def name_at(at: datetime, organisation: str = "organisation") -> Coalesce:
    """What the organisation was called at that moment, to annotate rows with that point to it."""
    return _profile_at("name", at, organisation)


def code_at(at: datetime, organisation: str = "organisation") -> Coalesce:
    """Its code at that moment: another than today's where it had been entered wrongly."""
    return _profile_at("credit_code", at, organisation)


def _profile_at(column: str, at: datetime, organisation: str) -> Coalesce:
    profiles = OrganisationProfile.objects.at(at).filter(organisation=OuterRef(f"{organisation}_id"))
    return Coalesce(Subquery(profiles.values(column)[:1]), F(f"{organisation}__{column}"))


def _industries(registrations: list[int], at: datetime) -> dict[int, dict[str, IndustryName]]:
    found: dict[int, dict[str, IndustryName]] = {key: {} for key in registrations}
    rows = RegistrationEntry.objects.at(at).filter(registration__in=registrations)
    in_order = rows.order_by("industry__order", "industry__pk")
    for registration, key, name in in_order.values_list("registration", "industry__key", "industry__name"):
        found[registration][key] = {"key": key, "name": name}
    return found


def _partners(registrations: list[int], at: datetime) -> dict[int, dict[tuple[str, str], Partner]]:
    """Once per industry, though it may stand there under two categories."""
    found: dict[int, dict[tuple[str, str], Partner]] = {key: {} for key in registrations}
    rows = partnerships_at(at).filter(entry__registration__in=registrations)
    for registration, industry, industry_name, code, name in rows.annotate(then=name_at(at)).values_list(
        "entry__registration",
        "entry__industry__key",
        "entry__industry__name",
        "organisation__credit_code",
        "then",
    ):
        found[registration][industry, code] = {
            "industry": industry,
            "industry_name": industry_name,
            "code": code,
            "name": name,
        }
    return found


def _items(registrations: list[int], at: datetime) -> dict[int, list[Item]]:
    found: dict[int, list[Item]] = {key: [] for key in registrations}
    rows = CatalogueVersion.objects.at(at).filter(item__registration__in=registrations)
    for registration, code, name, price, summary in rows.values_list(
        "item__registration", "item__code", "name", "price", "summary"
    ):
        found[registration].append({"code": code, "name": name, "price": price, "summary": summary})
    return found


def current_partnerships() -> QuerySet[Partnership]:
    """Those that stand now, and so do their entry and their unit."""
    return Partnership.objects.current().filter(entry__valid_to=None, entry__registration__valid_to=None)


def partnerships_at(at: datetime) -> QuerySet[Partnership]:
    """Partnerships whose entry stood too."""
    return Partnership.objects.at(at).filter(stands(at, "entry__"))


def counts(programme: Programme, at: datetime) -> dict[str, Any]:
    """What an edition says of its size: units, partners (per industry), items, units by industry."""
    standing = Registration.objects.at(at).filter(programme=programme)
    entries = RegistrationEntry.objects.at(at).filter(registration__in=standing)
    by_industry = entries.values_list("industry__key").annotate(units=Count("registration", distinct=True))
    return {
        "units": standing.count(),
        "partners": partnerships_at(at).filter(entry__registration__in=standing).count(),
        "items": CatalogueVersion.objects.at(at).filter(item__registration__in=standing).count(),
        "industries": dict(by_industry.order_by()),
    }
