"""What became of an objection that was sustained after its list had been published."""

from dataclasses import dataclass

from django.urls import reverse

from cases.models import Case, GroundFound
from publicity.models import Objection

LIST_WRONG = "list_wrong"  # of cities.keys.GROUNDS_FOUND


@dataclass(frozen=True)
class Aftermath:
    """As a clause, with the public page of the edition that corrects, where there is one."""

    words: str
    url: str = ""
    is_over: bool = False


def source_of(objection: Objection) -> str:
    return f"objection:{objection.pk.hex}"


def ground_of(objection: Objection) -> GroundFound | None:
    rows = GroundFound.objects.filter(kind=LIST_WRONG, source=source_of(objection))
    return rows.select_related("case__edition", "case__programme").first()


def of(objection: Objection) -> Aftermath | None:
    """Nothing where nothing was to be corrected."""
    if not objection.asks_for_correction:
        return None
    ground = ground_of(objection)
    if ground is None or ground.state == GroundFound.State.OPEN:
        return Aftermath(f"{objection.edition}名单需要更正，等工作人员立案")
    if ground.case is None:
        return Aftermath(f"没有立案更正：{ground.reason}", is_over=True)
    return _of_case(ground.case)


def _of_case(case: Case) -> Aftermath:
    if case.status != Case.Status.CLOSED:
        return Aftermath("已立案更正，正在办理")
    if case.edition is None:
        return Aftermath(f"立案更正，{case.get_result_display()}，名单不变", is_over=True)
    url = reverse("edition", args=[case.programme.slug, case.edition.number])
    return Aftermath(f"已更正，见{case.edition}名单", url, is_over=True)
