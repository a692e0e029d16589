"""What the decision of a removal would bring about if it were given now, and what the unit would read: for whoever is to give it."""

from dataclasses import dataclass, replace
from datetime import datetime

from cases.models import Case
from clearance import documents, ending, letters, queries
from clearance.documents import Foreseen
from clearance.ending import Ended
from records.letters import worded


@dataclass(frozen=True)
class Removal:
    ends: Ended
    subject: str
    letter: str
    documents: list[Foreseen]


def of(case: Case, at: datetime) -> Removal:
    assert case.registration is not None
    ends = ending.foreseen(case.registration, case.procedure, at, but=case)
    told = replace(ends, stopped=ending.known_to_unit(ends.stopped))
    subject, body = worded(letters.LEFT if queries.is_own(case) else letters.CLEARED, _facts(case, told, at))
    return Removal(ends, subject, body, documents.foreseen(case, at))


def _facts(case: Case, ends: Ended, at: datetime) -> dict[str, object]:
    """As `cases.letters` has them: of a meeting that is still to be held, and of the edition, nothing is known."""
    article = case.procedure.article.number
    return {"case": case, "organisation": case.organisation, "article": article, "at": at, "ended": ends}
