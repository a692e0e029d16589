"""A consent to exceed an in-principle limit is said at its finding, with its value."""

from dataclasses import replace

import pytest

from cases.admin.facts import with_consent
from cases.checks import Check
from cases.models import Case, Waiver
from cities.models import Limit
from tests.conftest import NOW

CHECK = Check(key="interval", title="间隔", passed=False, strictness="in_principle", advice="写明理由")


@pytest.fixture
def given(submitted_case: Case, decider) -> Waiver:
    limit = Limit.objects.filter(rulebook=submitted_case.rulebook, comparator="at_most").first()
    assert limit is not None
    return Waiver(
        case=submitted_case, limit=limit, check_key="interval", value=3, value_text="3 家", by=decider, at=NOW
    )


@pytest.mark.parametrize(("value", "said"), [(3, "再次审定不另问"), (4, "现在更差，须重新同意")])
def test_consent_is_said_at_its_finding_with_its_value(given, value, said):
    shown = with_consent(replace(CHECK, value=value), [given], NOW)
    assert "已同意突破“3 家”" in shown.evidence[-1]
    assert said in shown.evidence[-1]
    assert bool(shown.advice) is (value == 4)


def test_finding_that_nobody_consented_to_stays_as_it_is(given):
    other = replace(CHECK, key="other", value=3)
    assert with_consent(other, [given], NOW) == other
