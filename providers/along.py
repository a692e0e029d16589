"""What a correction of one unit puts right of the others that show the same organisation: read before anything is written, for
whoever is asked or told of it and for the edition itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from providers import listing, queries, snapshots
from providers.models import ListEdition, OrganisationProfile, Registration
from providers.operations import Action, ListOperation
from providers.snapshots import Difference

# Of a unit, by industry and code, since when a partner has stood there.
Since = dict[tuple[int, str, str], datetime]


@dataclass(frozen=True)
class Along:
    """Lines of one unit that one edition was the first to show wrongly; None where no edition has shown them yet."""

    registration: Registration
    corrects: ListEdition | None
    differences: list[Difference]
    asked_by: str

    @property
    def reason(self) -> str:
        """Its own, for the words of the correction speak of the unit that it was written for."""
        pairs = {(line["before"]["name"], line["after"]["name"]) for line in self.differences}  # type: ignore[index]
        told = "；".join(f"“{was}”应为“{now}”" for was, now in sorted(pairs))
        return f"{told}。随{self.asked_by}的更正一并改正"


def of(registration: Registration, operations: Iterable[ListOperation], at: datetime) -> list[Along]:
    """By unit in the order of entering, then by edition. No query where no name is put right."""
    names = _names(registration, operations)
    if not names:
        return []
    since = _since(registration, names)
    rows = Registration.objects.filter(pk__in={unit for unit, _, _ in since}).select_related("organisation")
    units = list(rows.order_by("pk"))
    lists, called, found = queries.snapshots(units, at), _called_since(names), []
    editions = list(listing.editions(registration.programme)) if units else []
    asked_by = names.get(registration.organisation.credit_code, registration.organisation.name)
    for unit in units:
        by_edition: dict[ListEdition | None, list[Difference]] = {}
        for line in snapshots.differences(lists[unit.pk], snapshots.renamed(lists[unit.pk], names)):
            joined = since[unit.pk, line["industry"], line["code"]]
            edition = _first_wrong(editions, joined, called.get(line["code"], joined))
            by_edition.setdefault(edition, []).append(line)
        found += [Along(unit, edition, lines, asked_by) for edition, lines in by_edition.items()]
    return found


def _names(registration: Registration, operations: Iterable[ListOperation]) -> dict[str, str]:
    """By code, what organisations are to be called."""
    names = {}
    for one in operations:
        if one.action == Action.MEND_PARTNER:
            names[one.partner_code] = one.partner_name
        if one.action == Action.MEND_UNIT:
            names[registration.organisation.credit_code] = one.unit_name
    return names


def _since(registration: Registration, names: Iterable[str]) -> Since:
    """Of the other units of the list."""
    behind = queries.current_partnerships().filter(
        entry__registration__programme=registration.programme_id,
        organisation__credit_code__in=names,
    )
    found: Since = {}
    rows = behind.exclude(entry__registration=registration).values_list(
        "entry__registration", "entry__industry__key", "organisation__credit_code", "valid_from"
    )
    for unit, industry, code, moment in rows:
        found[unit, industry, code] = min(moment, found.get((unit, industry, code), moment))
    return found


def _called_since(codes: Iterable[str]) -> dict[str, datetime]:
    """By code, since when an organisation has had its present name; not there where it has always had it."""
    rows = OrganisationProfile.objects.filter(organisation__credit_code__in=codes)
    known: dict[str, str] = {}
    since: dict[str, datetime] = {}
    for code, name, moment in rows.order_by("valid_from").values_list(
        "organisation__credit_code", "name", "valid_from"
    ):
        if known.setdefault(code, name) != name:
            since[code] = moment
        known[code] = name
    return since


def _first_wrong(editions: list[ListEdition], joined: datetime, called: datetime) -> ListEdition | None:
    """Partners join with an edition; where there is none of that moment it is still being made."""
    if all(edition.published_at != joined for edition in editions):
        return None
    return next((one for one in editions if one.published_at <= max(joined, called)), None)
