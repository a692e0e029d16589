"""A district's desk: who decides there, and units that name no district."""

import pytest
from django.http import Http404

from cases import engine, steps
from cases.access import OFFICE, case_or_404
from cases.errors import Refused
from cases.models import Case
from tests.cases.district.places import a_district, placed, recommended, verified
from tests.conftest import NOW, submitted

NO_DISTRICT = (
    "单位没有登记所属区市，不能转到“区市审核”（第十五条（二））。"
    "由经办人在后台的“入库单位”登记所属区市，登记以后再办。"
)


def test_case_is_decided_by_a_reviewer_of_its_units_district(district_case, reviewer):
    case = recommended(district_case, reviewer)

    assert (case.stage.key, case.waiting_for) == ("review", "clerk")
    assert case.decisions.get().by == reviewer


@pytest.mark.parametrize("who", ["other_reviewer", "clerk", "decider", "auditor", "provider", "other_clerk"])
def test_nobody_else_decides_at_a_districts_desk(request, district_case, reviewer, who):
    with pytest.raises(Refused, match="由单位所属区市的区市审核人办理，您没有这个角色。可以办理的：柳东区。"):
        steps.decide(district_case, "recommend", by=request.getfixturevalue(who), at=NOW)


def test_reviewer_decides_at_no_other_desk(district_case, reviewer):
    recommended(district_case, reviewer)

    with pytest.raises(Refused, match="由经办人办理，您没有这个角色"):
        steps.decide(district_case, "support", by=reviewer, at=NOW)


@pytest.mark.parametrize("programme", [a_district(actor="clerk")], indirect=True)
def test_same_desk_of_a_clerk_is_the_clerks(district_case, clerk, reviewer):
    assert recommended(district_case, clerk).stage.key == "review"
    with pytest.raises(Http404):
        case_or_404(reviewer, district_case.pk, OFFICE)


def test_application_of_a_unit_without_a_district_is_not_taken(apply, registration, provider, reviewer):
    draft = apply(registration, provider)

    with pytest.raises(Refused) as refusal:
        submitted(draft, by=provider, at=NOW)

    assert refusal.value.message == NO_DISTRICT
    assert (engine.load(draft.pk).status, engine.load(draft.pk).number) == (Case.Status.DRAFT, None)


@pytest.mark.parametrize("programme", [a_district(after="review", requires="choice")], indirect=True)
def test_outcome_that_leads_to_a_district_is_refused_until_the_unit_has_one(
    submitted_case, clerk, registration, east
):
    verified(submitted_case, clerk)
    with pytest.raises(Refused) as refusal:
        steps.decide(submitted_case, "support", by=clerk, at=NOW)
    assert refusal.value.message == NO_DISTRICT
    assert submitted_case.decisions.count() == 0

    placed(registration, east)
    case = steps.decide(submitted_case, "support", by=clerk, at=NOW)
    assert (case.stage.key, case.waiting_for) == ("district", "district_reviewer")


@pytest.mark.parametrize("programme", [a_district(after="review", requires="choice")], indirect=True)
def test_outcome_that_leads_elsewhere_needs_no_district(submitted_case, clerk):
    case = steps.decide(submitted_case, "oppose", by=clerk, at=NOW, opinion="不符")

    assert case.stage.key == "approval"


def test_city_without_districts_is_told_who_adds_them(apply, registration, provider, programme):
    programme.city.districts.all().delete()

    with pytest.raises(Refused, match="先由规则编辑在后台的“城市”添加区市，再由经办人"):
        submitted(apply(registration, provider), by=provider, at=NOW)
