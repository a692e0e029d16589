"""How an app above asks for a document: with its kind, its cases and what its fields hold (docs/decisions/0059).

In the transaction that decides, `announce`; before people are told anything, `why_not`. A kind of case whose effect numbers an edition
registers what that edition is announced as (`register`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cases.errors import Refused
from cases.models import Case
from notices import facts, issuing, kinds, obstacles, templates, wording
from notices.issuing import Earlier
from notices.models import Notice, NoticeTemplate
from providers.models import ListEdition, Organisation


@dataclass(frozen=True)
class Wanted:
    """A document to be issued. `says` are the fields of its kind by their names; those of every kind are filled in from the cases.
    One that is not public is served on who is concerned and shown to nobody else. `concerns` are named in it besides the units of
    the cases. One that comes `besides` leaves whatever else an edition of theirs is announced as."""

    kind: str
    cases: Sequence[Case]
    says: Mapping[str, str] = field(default_factory=dict)
    table: wording.Table | None = None
    is_public: bool = True
    earlier: Earlier = field(default_factory=dict)
    concerns: Sequence[Organisation] = ()
    besides: bool = False


OfEdition = Callable[[ListEdition, Sequence[Case]], Sequence[Wanted]]
_of_editions: dict[str, OfEdition] = {}


def register(procedure_kind: str, wanted: OfEdition) -> None:
    """What an edition that cases of this kind have numbered is announced as; nothing: not at all."""
    _of_editions[procedure_kind] = wanted


def wanted_of(edition: ListEdition, cases: Sequence[Case]) -> Sequence[Wanted] | None:
    """None where the kind of case has not registered."""
    wanted = _of_editions.get(cases[0].procedure.kind)
    return wanted(edition, cases) if wanted else None


def why_not(wanted: Wanted) -> str:
    """As a sentence, why it could not be made; empty where nothing stands in the way or the programme has no wording for it."""
    template = templates.in_force(wanted.cases[0].programme, wanted.kind)
    if template is None:
        return ""
    words, said = _words(template, wanted, None)
    return _lacking(wanted.kind, said) or obstacles.in_text(words.text)


def foreseen(wanted: Wanted) -> wording.Words | None:
    """As it would read now; None where the programme has no wording for it."""
    template = templates.in_force(wanted.cases[0].programme, wanted.kind)
    return _words(template, wanted, None)[0] if template else None


def _lacking(kind: str, said: Mapping[str, str]) -> str:
    known = kinds.of(kind)
    lacking = [name for name in (known.needed if known else ()) if not said.get(name)]
    return f"还没有写{'、'.join(lacking)}" if lacking else ""


def announce(wanted: Wanted, *, by: Any, at: datetime, edition: ListEdition | None = None) -> Notice | None:
    """In the transaction that decides, which is refused where the document could not be made. None: the programme has no wording for
    the kind, and announces it in no document."""
    if why := why_not(wanted):
        raise Refused(f"还不能发{kinds.title(wanted.kind, wanted.cases[0].programme)}：{why}。")
    return issue(wanted, by=by, at=at, edition=edition)


def issue(wanted: Wanted, *, by: Any, at: datetime, edition: ListEdition | None = None) -> Notice | None:
    """As `announce`, and refuses nothing: the document waits until it can be made."""
    template = templates.in_force(wanted.cases[0].programme, wanted.kind)
    if template is None:
        return None
    words, said = _words(template, wanted, edition)
    return issuing.issue(
        template,
        words,
        by=by,
        at=at,
        facts=said,
        is_public=wanted.is_public or _of_public(wanted.earlier),
        earlier=wanted.earlier,
        concerns=[*(case.organisation for case in wanted.cases), *wanted.concerns],
        edition=edition,
        batch=wanted.cases[0].batch,
        case=facts.only(wanted.cases),
    )


def _of_public(earlier: Earlier) -> bool:
    """Who was told of a document is told of what ends or corrects it."""
    telling = (rows for does, rows in earlier.items() if does != does.FOLLOWS)
    return any(one.is_public for rows in telling for one in rows)


def _words(
    template: NoticeTemplate, wanted: Wanted, edition: ListEdition | None
) -> tuple[wording.Words, dict[str, str]]:
    cases = wanted.cases
    listed = facts.of_edition(edition) if edition else {}
    earlier = [one for rows in wanted.earlier.values() for one in rows]
    said = {
        **facts.of_cases(cases),
        **listed,
        "原文书": "、".join(map(facts.entitled, earlier)),
        **wanted.says,
    }
    return wording.of(template, said, wanted.table), said


def preview(template: NoticeTemplate) -> wording.Words | None:
    """With what the last document of the kind said; where there has been none, of a unit of the list, with the meaning of each field
    that only a case can fill."""
    rows = Notice.objects.filter(programme=template.programme, kind=template.kind)
    last = rows.exclude(facts={}).order_by("-decided_at").first()
    said = last.facts if last else facts.of_sample(template)
    return wording.of(template, said) if said else None
