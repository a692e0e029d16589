"""What a clearance does besides taking the unit off the list: open cases of the unit end with it."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from cases import engine, grounds
from cases.models import Case, GroundFound
from clearance import barred, orders
from providers import bars, registry
from providers.models import Registration
from providers.queries import current_partnerships


def end_registration(case: Case, edition: registry.Draft, registration: Registration) -> None:
    """Under the programme's lock, with the moment of the edition. Raises StaleOperation where the unit has left already."""
    edition.end(registration)
    articles = "、".join(dict.fromkeys(one["article"] for one in case.submission.get("grounds", [])))
    bars.raise_after(registration, case.procedure, str(case), moment=edition.moment, article=articles)
    stop_others(case, registration, at=edition.moment)
    grounds.gone(_of_nobody_else(registration), _why(case), at=edition.moment)


def stop_others(case: Case, registration: Registration, *, at: datetime, by: Any = None) -> None:
    """Whatever else is open of the unit in this programme; drafts stay to be read, and cannot be filed."""
    rows = Case.objects.filter(registration=registration, status=Case.Status.OPEN).exclude(pk=case.pk)
    for other in engine.lock_more(case, rows.values_list("pk", flat=True)):
        orders.void(other, at)
        engine.stop(other, _why(case), article=case.procedure.article.number, by=by, at=at)


def _why(case: Case) -> str:
    return f"{case.organisation}已按“{case.procedure}”（{case}）移出名单"


def _of_nobody_else(registration: Registration) -> QuerySet[GroundFound]:
    """What was found of the unit and would be dealt with here; not of a partner that stands behind other units still: a case is begun
    for them over it."""
    others = current_partnerships().filter(entry__registration__programme=registration.programme_id)
    stays = Q(partner__in=others.values("organisation"))
    return GroundFound.objects.filter(~stays, registration=registration, kind__in=("ground", barred.KIND))
