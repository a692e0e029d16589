"""The size of a list in the programme's own words, and nothing of what its rules know nothing of."""

from collections.abc import Mapping
from typing import Any

from cities.models import Procedure, Programme, Rulebook
from providers.operations import Action

PARTNER = "合作伙伴"
ON_CATALOGUE = {Action.ADD_ITEM, Action.EDIT_ITEM, Action.END_ITEM}


def size(programme: Programme, counts: Mapping[str, Any]) -> str:
    """2 家，合作伙伴 4 家次，目录 1 项."""
    parts = [f"{counts['units']} 家"]
    if has_partners(programme, counts["partners"]):
        parts.append(f"{programme.partner_term or PARTNER} {counts['partners']} 家次")
    if has_catalogue(programme, counts["items"]):
        parts.append(f"目录 {counts['items']} 项")
    return "，".join(parts)


def has_partners(programme: Programme, listed: int) -> bool:
    return bool(programme.partner_term or listed)


def has_catalogue(programme: Programme, listed: int) -> bool:
    """Whether there is anything to say of it: something stands on it, or the rules let a unit change it."""
    return bool(listed) or _changes_catalogue(programme)


def _changes_catalogue(programme: Programme) -> bool:
    """A procedure for changing the list that names no operations takes all. One query."""
    rows = Procedure.objects.filter(rulebook__programme=programme, kind="partner_change")
    known = rows.exclude(rulebook__standing=Rulebook.Standing.DRAFT).values_list("operations", flat=True)
    return any(not named or ON_CATALOGUE & set(named) for named in known)
