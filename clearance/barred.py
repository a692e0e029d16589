"""Units that stand on a list though a bar keeps them out of it, entered before it was recorded: found for the sweep. No row of the
rules makes that a ground, so the clerk chooses what becomes of it."""

from datetime import datetime

from django.db.models import Exists, OuterRef
from django.urls import reverse

from cases import grounds
from cases.grounds import Opening
from cases.models import GroundFound
from cities.models import Programme
from providers import bars, wording
from providers.bars import Standing
from providers.models import Registration, Removal
from records import words

KIND = "barred"  # of cities.keys.GROUNDS_FOUND


def detect(at: datetime) -> int:
    """How many were found that were not known. A fixed number of queries for each programme with a list, and one where nobody was
    ever removed."""
    if not Removal.objects.filter(lifted_at__isnull=True).exists():
        return 0
    current = Registration.objects.current().filter(programme=OuterRef("pk"))
    programmes = Programme.objects.filter(Exists(current)).select_related("city")
    return sum(_of(programme, at) for programme in programmes)


def _of(programme: Programme, at: datetime) -> int:
    rows = Registration.objects.current().filter(programme=programme)
    by_organisation = {row.organisation_id: row for row in rows.select_related("organisation", "programme")}
    standing = bars.standing([row.organisation for row in by_organisation.values()], programme, at)
    seen = {
        _source(by_organisation[key], one): (by_organisation[key], one)
        for key, found in standing.items()
        for one in found
        if one.forbids
    }
    known = GroundFound.objects.filter(kind=KIND, source__in=seen).values_list("source", flat=True)
    fresh = sorted(seen.keys() - set(known))
    for source in fresh:
        _find(source, *seen[source], at)
    return len(fresh)


def _source(registration: Registration, one: Standing) -> str:
    return f"{registration.pk}:{one.removal.pk}:{one.limit.key}"


def _find(source: str, registration: Registration, one: Standing, at: datetime) -> None:
    since = words.full_moment(registration.valid_from)
    grounds.find(
        KIND,
        source,
        registration,
        label=f"系统发现，{one.limit.article}"[:120],
        evidence=f"{wording.bar(one)}（{one.limit.article}）；自 {since} 起列在名单上",
        by=None,
        at=at,
    )


def opening(ground: GroundFound, at: datetime) -> Opening:
    """The ground that it falls under is for the clerk to say."""
    address = reverse("admin:clearance_measure_ground")
    return Opening("按规定的情形登记", f"{address}?registration={ground.registration_id}&found={ground.pk}")
