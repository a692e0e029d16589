"""The list before and after a case's operations, as plain data to be shown and frozen."""

from collections.abc import Iterable
from typing import Any

from cases.operations.question import Question
from providers import snapshots
from providers.models import ListEdition
from providers.snapshots import Snapshot


def comparison(
    question: Question, edition: ListEdition | None, open_to: Iterable[str] = ()
) -> dict[str, Any]:
    """`open_to` are the subjects of which it is told what stays as it is. What leaves is told with its note; operations that
    no longer fit are compared with nothing."""
    before, after = question.list_now, question.list_then
    notes = {one.leaving_code or one.item_code: one.note for one in question.operations if one.note}
    differences = snapshots.differences(before, after)
    return {
        "edition": edition.number if edition else 0,
        "before": {key: row for key, row in before.items() if key != "left"},
        "after": after,
        "differences": [
            {**row, "note": notes.get(row["code"], "") if row["mark"] == "end" else ""} for row in differences
        ],
        "tally": snapshots.tally(differences, question.case.programme.partner_term),
        "unchanged": _unchanged(before, after, set(open_to)),
    }


def _unchanged(before: Snapshot, after: Snapshot, open_to: set[str]) -> dict[str, Any]:
    partners = [one for one in after["partners"] if one in before["partners"]]
    items = [one for one in after["items"] if one in before["items"]]
    return {
        "partners": partners if "partners" in open_to else [],
        "items": items if "catalogue" in open_to else [],
    }
