"""A district's desk: which cases come to it, and what of a programme its reviewers see."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.models import Case, Decision
from cities.models import District, Stage

DISTRICT = "district_reviewer"  # of cities.keys.ACTORS


def district_of(case: Case) -> District | None:
    return case.registration.district if case.registration else None


def unreachable(case: Case, stage: Stage) -> str:
    """Why nobody could work on the case at a stage; empty where somebody can."""
    if stage.actor != DISTRICT or district_of(case):
        return ""
    first = "" if case.programme.city.districts.exists() else "先由规则编辑在后台的“城市”添加区市，再"
    return (
        f"单位没有登记所属区市，不能转到“{stage}”（{stage.article.number}）。"
        f"{first}由经办人在后台的“入库单位”登记所属区市，登记以后再办。"
    )


def come_to(districts: QuerySet[District] | list[int]) -> Q:
    """The cases of units of these districts that stand at a district's desk or have been decided there."""
    decided = Decision.objects.filter(case=OuterRef("pk"), stage__actor=DISTRICT)
    return Q(registration__district__in=districts) & (Q(stage__actor=DISTRICT) | Q(Exists(decided)))
