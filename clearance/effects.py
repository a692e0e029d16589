"""What a clearance does besides taking the unit off the list: open cases of the unit end with it."""

from datetime import datetime
from typing import Any

from cases import engine
from cases.models import Case
from clearance import orders
from providers import bars, registry
from providers.models import Registration


def end_registration(case: Case, edition: registry.Draft, registration: Registration) -> None:
    """Under the programme's lock, with the moment of the edition. Raises StaleOperation where the unit has left already."""
    edition.end(registration)
    articles = "、".join(dict.fromkeys(one["article"] for one in case.submission.get("grounds", [])))
    bars.raise_after(registration, case.procedure, str(case), moment=edition.moment, article=articles)
    stop_others(case, registration, at=edition.moment)


def stop_others(case: Case, registration: Registration, *, at: datetime, by: Any = None) -> None:
    """Whatever else is open of the unit in this programme; drafts stay to be read, and cannot be filed."""
    rows = Case.objects.filter(registration=registration, status=Case.Status.OPEN).exclude(pk=case.pk)
    why = f"{case.organisation}已按“{case.procedure}”（{case}）移出名单"
    for other in engine.lock_more(case, rows.values_list("pk", flat=True)):
        orders.void(other, at)
        engine.stop(other, why, article=case.procedure.article.number, by=by, at=at)
