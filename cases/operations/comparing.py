"""The list before and after a case's operations, as plain data to be shown and frozen."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from cases.models import Case
from providers import queries, snapshots
from providers.models import Registration
from providers.operations import ListOperation
from providers.queries import edition_at
from providers.snapshots import Snapshot, StaleOperation


def comparison(
    case: Case,
    operations: Iterable[ListOperation],
    at: datetime,
    *,
    notes: Mapping[str, str],
    open_to: Iterable[str],
) -> dict[str, Any]:
    """`notes` say by code why something leaves; `open_to` are the subjects of which it is told what stays as it is.
    Operations that no longer fit are compared with nothing."""
    operations = list(operations)
    before, edition = queries.state(registration_of(case), operations, at), edition_at(case.programme, at)
    try:
        after = snapshots.after(before, operations)
    except StaleOperation:
        after = before
    differences = snapshots.differences(before, after)
    return {
        "edition": edition.number if edition else 0,
        "before": before,
        "after": after,
        "differences": [
            {**row, "note": notes.get(row["code"], "") if row["mark"] == "end" else ""} for row in differences
        ],
        "tally": snapshots.tally(differences, case.programme.partner_term),
        "unchanged": _unchanged(before, after, set(open_to)),
    }


def registration_of(case: Case) -> Registration:
    assert case.registration is not None
    return case.registration


def _unchanged(before: Snapshot, after: Snapshot, open_to: set[str]) -> dict[str, Any]:
    partners = [one for one in after["partners"] if one in before["partners"]]
    items = [one for one in after["items"] if one in before["items"]]
    return {
        "partners": partners if "partners" in open_to else [],
        "items": items if "catalogue" in open_to else [],
    }
