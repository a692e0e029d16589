"""Who may not enter a list again: written when a unit is removed, asked wherever one enters."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from cities import decisions
from cities.calendar import span
from cities.models import Limit, Procedure, Programme, Rulebook
from cities.queries import rulebook_in_force
from providers import lineage
from providers.models import Bar, Organisation, Registration, Removal
from providers.models.undone import counts_at

MEASURE = "reentry_after_clearance"


@dataclass(frozen=True)
class Standing:
    """Why an organisation may not enter: the removal, the row as decided by then, and until when (exclusive; None: for good).
    `steps` lead to the organisation from the one that was removed, where that was another."""

    organisation: Organisation
    removal: Removal
    limit: Limit
    until: datetime | None
    steps: lineage.Steps

    @property
    def forbids(self) -> bool:
        """Whether it stands in the way where nobody can waive anything; what is only shown does not."""
        return forbids(self.limit)


@dataclass(frozen=True)
class Elsewhere:
    """A removal from another list, and whether this programme's row counts it now."""

    removal: Removal
    steps: lineage.Steps
    counts: bool


def forbids(limit: Limit) -> bool:
    return limit.strictness in (Limit.Strictness.HARD, Limit.Strictness.IN_PRINCIPLE)


def raise_after(
    registration: Registration, procedure: Procedure, case_number: str, *, moment: datetime, article: str = ""
) -> Removal:
    """Keep that the unit was removed, and the bar that the version of this procedure lays on it, if any. Under the register
    lock, with the edition's moment; `article` is what the removal rests on, the procedure's own unless given."""
    removal = Removal.objects.create(
        registration=registration,
        procedure=procedure,
        case_number=case_number,
        article=article or procedure.article.number,
        at=moment,
    )
    for limit in rows(registration.programme, moment, procedure.rulebook):
        if procedure.key in limit.after:
            Bar.objects.create(removal=removal, limit=limit, until=barred_until(limit, moment))
    return removal


def lift(registration: Registration, *, reason: str, moment: datetime) -> None:
    """The removal was found wrong: it bars from nothing any more, here and elsewhere. Under the register lock."""
    for removal in registration.removals.filter(lifted_at__isnull=True):
        removal.lifted_at, removal.lifted_reason = moment, reason
        removal.save()


def standing(
    organisations: Iterable[Organisation],
    programme: Programme,
    at: datetime,
    rulebook: Rulebook | None = None,
) -> dict[int, list[Standing]]:
    """By the key of each organisation, all that keeps it out of this programme at the moment; a fixed number of queries. Whether
    removals elsewhere count is read from the version that a case goes by, else from the one in force."""
    organisations = list(organisations)
    reach = lineage.behind([one.pk for one in organisations], at)
    everybody = {key for before in reach.values() for key in before}
    found = [
        *_own(programme, everybody, at),
        *_of_others(rows(programme, at, rulebook), programme, everybody, at),
    ]
    return {
        one.pk: [
            Standing(one, removal, limit, until, reach[one.pk][removal.registration.organisation_id])
            for removal, limit, until in found
            if _reaches(limit, removal, one.pk, reach[one.pk])
        ]
        for one in organisations
    }


def removed(
    organisations: Iterable[Organisation], at: datetime
) -> dict[int, list[tuple[Removal, lineage.Steps]]]:
    """By the key of each organisation, from where it or one that it goes back to was removed; two queries."""
    reach = lineage.behind([one.pk for one in organisations], at)
    found = list(_removals({key for before in reach.values() for key in before}, at))
    return {
        key: [
            (row, before[row.registration.organisation_id])
            for row in found
            if row.registration.organisation_id in before
        ]
        for key, before in reach.items()
    }


def undone(organisation: Organisation) -> list[Removal]:
    """Its own removals that were found wrong: they count nowhere, and are shown with what undid them."""
    rows = Removal.objects.filter(registration__organisation=organisation, lifted_at__isnull=False)
    return list(rows.select_related(*_WAYS).order_by("at", "pk"))


def elsewhere(
    organisation: Organisation, programme: Programme, at: datetime, rulebook: Rulebook | None = None
) -> list[Elsewhere]:
    """What the staff of this programme are shown of other lists, whatever their row says."""
    return elsewhere_of([organisation], programme, at, rulebook)[organisation.pk]


def elsewhere_of(
    organisations: Iterable[Organisation],
    programme: Programme,
    at: datetime,
    rulebook: Rulebook | None = None,
) -> dict[int, list[Elsewhere]]:
    """The same of several, by the key of each; a fixed number of queries."""
    organisations = list(organisations)
    found = {
        key: [(row, steps) for row, steps in rows if row.registration.programme_id != programme.pk]
        for key, rows in removed(organisations, at).items()
    }
    counted = standing(organisations, programme, at, rulebook) if any(found.values()) else {}
    return {
        key: [Elsewhere(row, steps, row in [one.removal for one in counted[key]]) for row, steps in rows]
        for key, rows in found.items()
    }


def rows(programme: Programme, at: datetime, rulebook: Rulebook | None = None) -> list[Limit]:
    """What a version, the one in force unless given, says of coming back, as decided by then."""
    rulebook = rulebook or rulebook_in_force(programme, at)
    if rulebook is None:
        return []
    found = Limit.objects.filter(rulebook=rulebook, measure=MEASURE)
    found = found.select_related("article", "counting_rule", "rulebook__programme")
    bound = decisions.bindings([programme.pk], at)[programme.pk]
    return [bound.settle(row) for row in found]


Found = tuple[Removal, Limit, datetime | None]


def _own(programme: Programme, organisations: set[int], at: datetime) -> list[Found]:
    """The bars that stand here, each by the row that it was raised under, as the office reads it now."""
    found = Bar.objects.filter(
        Q(until__isnull=True) | Q(until__gt=at),
        counts_at(at, "removal__"),
        removal__at__lte=at,
        removal__registration__programme=programme,
        removal__registration__organisation__in=organisations,
    ).select_related(
        *(f"removal__{way}" for way in _WAYS),
        *("limit__article", "limit__counting_rule", "limit__rulebook__programme"),
    )
    bound = decisions.bindings([programme.pk], at)[programme.pk]
    return [(row.removal, bound.settle(row.limit), row.until) for row in found.order_by("removal__at", "pk")]


def _of_others(
    limits: list[Limit], programme: Programme, organisations: set[int], at: datetime
) -> list[Found]:
    """Removals from other lists, where a row here says that they count."""
    if not (limits := [limit for limit in limits if limit.elsewhere]):
        return []
    removals = _removals(organisations, at).exclude(registration__programme=programme)
    found = [(row, limit, barred_until(limit, row.at)) for row in removals for limit in limits]
    return [(row, limit, until) for row, limit, until in found if until is None or until > at]


_WAYS = ("registration__organisation", "registration__programme__city", "procedure")


def _removals(organisations: set[int], at: datetime) -> QuerySet[Removal]:
    found = Removal.objects.filter(counts_at(at), at__lte=at, registration__organisation__in=organisations)
    return found.select_related(*_WAYS)


def _reaches(limit: Limit, removal: Removal, organisation: int, before: dict[int, lineage.Steps]) -> bool:
    """Itself, or whoever follows where the row says so."""
    whose = removal.registration.organisation_id
    return whose == organisation or (limit.per == Limit.Per.LINEAGE and whose in before)


def barred_until(limit: Limit, moment: datetime) -> datetime | None:
    if limit.window != Limit.Window.SPAN:
        return None
    assert limit.span_number is not None
    assert limit.counting_rule is not None  # the loader and the table see to both
    return span(limit.span_number, limit.counting_rule, moment).closes_at
