"""Nothing is filed or shown that holds the number of a person, whichever way it came into the rows."""

import pytest

from cases import steps as case_steps
from cases.errors import Refused
from changes.models import Operation, PartnerChange
from publicity import steps
from publicity.models import PublicityPeriod
from tests.conftest import NOW

pytestmark = pytest.mark.django_db

MOBILE = "１３８ 1234 1234"


def test_application_with_a_number_is_not_filed(apply, registration, provider):
    case = apply(registration, provider)
    PartnerChange.objects.filter(case=case).update(reason=f"联系 {MOBILE}")
    Operation.objects.filter(change__case=case).update(partner_name=f"某公司 {MOBILE}")

    with pytest.raises(
        Refused, match="要公开的内容里有个人信息（《个人信息保护法》第二十五条不得公开），还不能提交"
    ) as refused:
        case_steps.submit(case, by=provider, at=NOW)

    assert {problem.article for problem in refused.value.problems} == {"《个人信息保护法》第二十五条"}
    told = {problem.field: problem.message for problem in refused.value.problems}
    assert told["reason"] == "变更原因：像手机号码 138****1234。删去后再提交"
    assert "变更内容第 1 行的“单位全称”：像手机号码 138****1234。删去后再提交" in [
        problem.message for problem in refused.value.problems
    ]
    case.refresh_from_db()
    assert case.number is None


def test_case_with_a_number_is_not_shown(approved_case, clerk):
    PartnerChange.objects.filter(case=approved_case).update(reason=f"联系 {MOBILE}")

    with pytest.raises(Refused, match="不能公示。退回审定") as refused:
        steps.open_period(approved_case, by=clerk, at=NOW)

    assert [problem.message for problem in refused.value.problems] == [
        "变更原因：像手机号码 138****1234。删去后再提交"
    ]
    assert not PublicityPeriod.objects.exists()
