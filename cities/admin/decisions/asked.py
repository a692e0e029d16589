"""Which programme and which version of its rules is looked at; a stranger gets 404."""

from datetime import datetime
from typing import Any

from django.http import Http404

from cities.admin.held import programmes_held
from cities.models import Programme, Rulebook
from cities.permissions import CONFIRM_RULES, EDIT_RULES, VIEW_RECORDS
from cities.rulebooks import page

SEEN = (EDIT_RULES, CONFIRM_RULES, VIEW_RECORDS)


def programmes_seen(user: Any) -> list[Programme]:
    found = list(programmes_held(user, *SEEN).select_related("city"))
    if not found:
        raise Http404
    return found


def versions_of(programme: Programme) -> list[Rulebook]:
    """Drafts too: what they leave open can be decided before they are published."""
    rows = Rulebook.objects.filter(programme=programme).select_related("programme__city")
    return list(rows.order_by("-version"))


def version_first(versions: list[Rulebook], at: datetime) -> Rulebook | None:
    """The one a reader sees first; a draft only where there is nothing else."""
    public = [one for one in versions if one.standing != Rulebook.Standing.DRAFT]
    return page.shown_first(public, at) or next(iter(versions), None)


def rulebook_or_404(user: Any, slug: str, version: int) -> Rulebook:
    rows = Rulebook.objects.filter(programme__in=programmes_held(user, *SEEN))
    found = rows.filter(programme__slug=slug, version=version).select_related("programme__city").first()
    if found is None:
        raise Http404
    return found


def holds(user: Any, programme: Programme, permission: str) -> bool:
    return programmes_held(user, permission).filter(pk=programme.pk).exists()
