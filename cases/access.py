"""Load a case and authorise in one call: an object cannot be had without the check, and a stranger gets 404."""

from typing import Any
from uuid import UUID

from django.http import Http404

from accounts import access
from cases import engine
from cases.districts import come_to
from cases.models import Case
from cities.permissions import HANDLE_CASES, REVIEW_DISTRICT, VIEW_CASES
from providers.permissions import FILE_APPLICATIONS, VIEW_OWN

VIEW = "view"
FILE = "file"
WITHDRAW = "withdraw"
OFFICE = "office"


def case_or_404(user: Any, pk: UUID, purpose: str) -> Case:
    """A case for a purpose: VIEW (its organisation, or the office), FILE (go on with a draft or correction),
    WITHDRAW, OFFICE."""
    try:
        case = engine.load(pk)
    except Case.DoesNotExist:
        raise Http404 from None
    if not may(user, case, purpose):
        raise Http404
    return case


def may(user: Any, case: Case, purpose: str) -> bool:
    """Whether somebody may have a case for a purpose, for pages that show what they may do with it."""
    return _ALLOWED[purpose](user, case)


def _office(user: Any, case: Case) -> bool:
    """The office sees what was submitted, and the drafts it writes itself; a provider's draft is its own."""
    is_shown = case.submitted_at is not None or case.is_written_by_office
    return (is_shown and access.may(user, VIEW_CASES, case.programme)) or _district(user, case)


def _district(user: Any, case: Case) -> bool:
    """A district's reviewers see what has come to their desk, also after it has left it."""
    mine = access.districts_for(user, REVIEW_DISTRICT)
    return Case.objects.filter(come_to(mine), pk=case.pk).exists()


def _view(user: Any, case: Case) -> bool:
    """Its unit is not shown what the office only thinks of."""
    is_theirs = case.submitted_at is not None or case.channel != Case.Channel.OFFICE
    return (is_theirs and access.may(user, VIEW_OWN, case.organisation)) or _office(user, case)


def _file(user: Any, case: Case) -> bool:
    if case.is_written_by_office:
        return access.may(user, HANDLE_CASES, case.programme)
    return access.may(user, FILE_APPLICATIONS, case.organisation)


def _withdraw(user: Any, case: Case) -> bool:
    """An application is its unit's to withdraw also where the office entered it from paper."""
    is_theirs = case.channel != Case.Channel.OFFICE
    return (is_theirs and access.may(user, FILE_APPLICATIONS, case.organisation)) or _file(user, case)


_ALLOWED = {VIEW: _view, FILE: _file, WITHDRAW: _withdraw, OFFICE: _office}
