"""Load a case and authorise in one call: an object cannot be had without the check, and a stranger gets 404."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts import access
from cases import engine
from cases.districts import come_to
from cases.models import Case
from cities.permissions import HANDLE_CASES, REVIEW_DISTRICT, VIEW_CASES
from providers.permissions import FILE_APPLICATIONS, VIEW_OWN
from records.models import Letter

VIEW = "view"
FILE = "file"
WITHDRAW = "withdraw"
OFFICE = "office"
WHOLE = "whole"


def case_or_404(user: Any, pk: UUID, purpose: str) -> Case:
    """A case for a purpose: VIEW (its organisation, or the office), FILE (go on with a draft or correction),
    WITHDRAW, OFFICE, WHOLE (all that is kept of it). Asked in one query, so that one that is there takes a stranger no longer than one that is not."""
    return access.one_or_404(engine.loaded().filter(_ALLOWED[purpose](user)), pk=pk)


def may(user: Any, case: Case, purpose: str) -> bool:
    """Whether somebody may have a case for a purpose, for pages that show what they may do with it."""
    return Case.objects.filter(_ALLOWED[purpose](user), pk=case.pk).exists()


def _office(user: Any) -> Q:
    """The office sees what was submitted, and the drafts it writes itself; a provider's draft is its own. A district's
    reviewers see what has come to their desk, also after it has left it."""
    is_shown = _SUBMITTED | _WRITTEN_BY_OFFICE
    of_district = come_to(access.districts_for(user, REVIEW_DISTRICT))
    return is_shown & Q(programme__in=access.programmes_for(user, VIEW_CASES)) | of_district


def _whole(user: Any) -> Q:
    """Whoever sees the cases of its programme; a district's reviewers see what comes to their desk and no more."""
    return _SUBMITTED & Q(programme__in=access.programmes_for(user, VIEW_CASES))


def of_own_units(user: Any) -> QuerySet[Case]:
    """What somebody sees as one of a unit's people."""
    return Case.objects.filter(_own(user))


def _view(user: Any) -> Q:
    return _own(user) | _office(user)


def _own(user: Any) -> Q:
    """A unit is not shown what the office only thinks of, until it is told."""
    is_theirs = _TOLD | ~_BEGUN_BY_OFFICE
    return is_theirs & Q(organisation__in=access.organisations_for(user, VIEW_OWN))


def _file(user: Any) -> Q:
    by_office = _WRITTEN_BY_OFFICE & Q(programme__in=access.programmes_for(user, HANDLE_CASES))
    return by_office | ~_WRITTEN_BY_OFFICE & _filed_for(user)


def _withdraw(user: Any) -> Q:
    """An application is its unit's to withdraw also where the office entered it from paper."""
    return ~_BEGUN_BY_OFFICE & _filed_for(user) | _file(user)


def _filed_for(user: Any) -> Q:
    return Q(organisation__in=access.organisations_for(user, FILE_APPLICATIONS))


_TOLD = Q(
    Exists(
        Letter.objects.filter(
            case=OuterRef("pk"), organisation=OuterRef("organisation"), audience=Letter.Audience.UNIT
        )
    )
)
_SUBMITTED = Q(submitted_at__isnull=False)
_WRITTEN_BY_OFFICE = ~Q(channel=Case.Channel.ONLINE)  # as `Case.is_written_by_office`
_BEGUN_BY_OFFICE = Q(channel=Case.Channel.OFFICE)
_ALLOWED: dict[str, Callable[[Any], Q]] = {
    VIEW: _view,
    FILE: _file,
    WITHDRAW: _withdraw,
    OFFICE: _office,
    WHOLE: _whole,
}
