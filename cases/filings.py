"""Every time a case was filed: at first, and again after it was sent back; and what was then not as before."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases import kinds
from cases.models import Case
from cases.queries import required_materials
from records.models import Event

DIFFERS = "differs"


@dataclass(frozen=True)
class Filing:
    at: datetime
    by: str
    # What was not as in the filing before: what it is called, and how it was then. Empty of the first.
    differs: tuple[tuple[str, str], ...] = ()


def filings(case: Case) -> list[Filing]:
    """The first one first."""
    rows = case.events.filter(verb__startswith="submission.").order_by("at", "pk")
    return [_filing(event) for event in rows]


def last_filed_at(case: Case) -> datetime | None:
    found = filings(case)
    return found[-1].at if found else case.submitted_at


def differences(case: Case, before: dict[str, Any], after: dict[str, Any]) -> list[list[str]]:
    """What a case that is filed again says otherwise than before, each with how it was, for its event's data."""
    kind = kinds.of(case)
    texts = [
        [label, str(before.get(key) or "没有写")]
        for key, label in kind.texts.items()
        if before.get(key) != after.get(key)
    ]
    is_same = before.get("operations") == after.get("operations")
    asked = [] if is_same else [["变更的内容", str(before.get("tally") or "没有写")]]
    return [*texts, *asked, *_papers(case, before, after)]


def _papers(case: Case, before: dict[str, Any], after: dict[str, Any]) -> Iterable[list[str]]:
    old, new = _by_place(before), _by_place(after)
    labels = {(one.row.key, one.subject): one.label for one in required_materials(case)}
    for place in dict.fromkeys([*old, *new]):
        was, now = old.get(place, {}), new.get(place, {})
        if was.get("sha256") != now.get("sha256"):
            yield [labels.get(place, place[0]), str(was.get("name") or "没有提交")]


def _by_place(submission: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(one["key"], one["subject"]): one for one in submission.get("materials", [])}


def _filing(event: Event) -> Filing:
    differs = tuple((str(what), str(was)) for what, was in event.data.get(DIFFERS, []))
    return Filing(event.at, event.actor_name, differs)
