"""What a unit that has left a list is told on its own pages: whether the public was told, what bars it now, where to turn."""

from dataclasses import dataclass
from datetime import datetime

from cases.models import Case
from clearance import documents, ending
from notices import beside
from notices.models import Notice
from providers import bars, wording
from providers.models import Registration


@dataclass(frozen=True)
class Gone:
    """`case` is the one that took it off the list; None where that was not done here. `announced` are the public documents of it,
    `unannounced` says what there is instead. `bars` are those that stand now, each with what can be done about it."""

    case: Case | None
    announced: list[Notice]
    unannounced: str
    bars: list[tuple[str, str, str]]
    remedy: str


def of(unit: Registration, at: datetime) -> Gone:
    """Of a registration that has ended."""
    case = _case(unit)
    found = bars.standing([unit.organisation], unit.programme, at)[unit.organisation_id]
    told = beside.of_removals([unit]).get(unit.pk, [])
    return Gone(
        case,
        told,
        documents.unannounced(case) if case and not told else "",
        [(wording.bar(one), one.limit.article.number, wording.after_bar(one)) for one in found],
        ending.remedy(unit.programme, case.procedure.rulebook) if case else "",
    )


def _case(unit: Registration) -> Case | None:
    removal = unit.removals.filter(lifted_at__isnull=True).first()
    rows = (
        Case.objects.filter(registration=unit, number=removal.case_number) if removal else Case.objects.none()
    )
    return rows.select_related("procedure__rulebook", "programme__city", "measure").first()
