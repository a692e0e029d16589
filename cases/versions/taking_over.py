"""Which versions take over the open cases of earlier ones: an amendment that says so, a correction of what was wrong."""

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone

from cities.models import Programme, Rulebook

Versions = Mapping[int, Rulebook]


def takes_over(rulebook: Rulebook) -> bool:
    return rulebook.moves_open_cases or rulebook.change == Rulebook.Change.CORRECTION


def takers(programme: Programme, at: datetime) -> dict[int, Rulebook]:
    """By the version that cases are pinned to, the newest in force since or before today that takes them over; one query."""
    versions = versions_of(programme)
    begun = [one for one in versions.values() if has_begun(one, at)]
    return {pinned: one for one in begun for pinned in reach(one, versions)}


def versions_of(programme: Programme) -> Versions:
    """The oldest first."""
    rows = Rulebook.objects.filter(programme=programme).select_related("programme__city")
    return {one.pk: one for one in rows.order_by("version")}


def has_begun(rulebook: Rulebook, at: datetime) -> bool:
    is_published = rulebook.standing == Rulebook.Standing.PUBLISHED
    return is_published and rulebook.begins <= timezone.localtime(at).date()


def reach(rulebook: Rulebook, versions: Versions) -> set[int]:
    """The versions whose open cases move to this one: all before it where it says so; else the one it corrects, with those
    that had moved to that. An amendment leaves them alone, and so does the correction of an amendment."""
    if rulebook.moves_open_cases:
        return {one.pk for one in versions.values() if one.version < rulebook.version}
    corrected = versions.get(rulebook.based_on_id or 0)
    if corrected is None or not takes_over(rulebook):
        return set()
    return {corrected.pk, *reach(corrected, versions)}
