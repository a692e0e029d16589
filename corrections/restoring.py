"""A removal that was found wrong, undone: the unit stands on the list again from now on, nothing bars it any more, and what was
issued about it is revoked. Nothing is erased, and what was stopped then stays stopped."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from cases import grounds
from cases.errors import Refused
from cases.models import Case
from cases.queries import is_desk
from cities.models import Outcome
from corrections import queries
from notices import asking, issuing, measures, revoking
from notices.asking import Wanted
from notices.models import Notice
from providers import bars, registry
from providers.models import ListEdition, Registration
from records.words import full_day


def take_effect(case: Case, edition: registry.Draft, registration: Registration) -> None:
    """Under the programme's lock, with the moment of the edition."""
    correction = case.correction
    assert correction.corrects is not None
    now = edition.restore(registration, corrects=correction.corrects, reason=correction.reason)
    grounds.follow(registration, now, at=edition.moment)
    _stop_documents(registration, f"{case}：{correction.reason}"[:300], at=edition.moment)
    bars.lift(registration, reason=f"{case}：{correction.reason}"[:500], moment=edition.moment)


def told(registration: Registration) -> dict[str, Any]:
    """What is filed of it besides the list: which removal, and what had ended with that."""
    removal = queries.removal_of(registration)
    stopped = queries.stopped_by_removal(registration)
    return {
        "restores": {
            "case": str(removal or ""),
            "term": queries.left_by(registration),
            "entered_on": full_day(registration.entered_on),
            "stopped": [f"{one}（{one.procedure.title}）" for one in stopped],
        }
    }


def of_edition(edition: ListEdition, cases: Sequence[Case]) -> list[Wanted]:
    """What revokes each removal that was told of in a document. Where nobody was told of it but the unit, though everybody should have
    been, it is announced as any correction is, besides."""
    return [
        replace(one, besides=_owes_everybody(one))
        for case in cases
        for one in _wanted(case, edition.published_at)
    ]


def _owes_everybody(wanted: Wanted) -> bool:
    registration = wanted.cases[0].registration
    assert registration is not None
    rows = Notice.objects.filter(case=queries.removal_of(registration), kind__in=measures.REMOVING)
    return rows.exclude(state=Notice.State.ISSUED).exists()


def refuse_unsayable(case: Case, outcome: Outcome, at: datetime) -> None:
    """Before a desk lets it out what revokes the document must be sayable."""
    leaves = outcome.next_stage is not None and not is_desk(outcome.next_stage)
    if not leaves or not is_desk(outcome.stage):
        return
    if why := next(filter(None, map(asking.why_not, _wanted(case, at))), ""):
        raise Refused(f"还不能决定：撤销的文书发不出来，{why}。")


def _wanted(case: Case, at: datetime) -> list[Wanted]:
    registration, term = case.registration, case.programme.registrant_term
    if registration is None or not queries.restores(case):
        return []
    return revoking.wanted(
        case,
        list(_documents(registration, Notice.State.ISSUED)),
        reason=case.correction.reason,
        restores=lambda unit: f"{unit}恢复为{term}，列为{term}的日期不变",
        after="当时终止的申请不自动恢复，可以重新提交" if queries.stopped_by_removal(registration) else "",
        at=at,
    )


def _stop_documents(registration: Registration, reason: str, *, at: datetime) -> None:
    """What nobody has been handed yet never comes out."""
    for notice in _documents(registration, Notice.State.ISSUING).select_for_update(of=("self",)):
        issuing.withdraw(notice, reason=reason, by=None, at=at)


def _documents(registration: Registration, state: str) -> QuerySet[Notice]:
    removal = queries.removal_of(registration)
    kinds = (*measures.REMOVING, *measures.REMOVED)
    rows = Notice.objects.filter(case=removal, kind__in=kinds, state=state)
    return (rows if removal else rows.none()).select_related("programme").order_by("decided_at")
