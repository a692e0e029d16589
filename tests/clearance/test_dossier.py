"""What a sanction or a clearance adds to its dossier."""

from datetime import timedelta
from typing import Any

import pytest

from cases import steps
from tests.cases.dossier.taking import pages_of, take
from tests.clearance.conftest import answered, filed, served
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


def test_service_and_answer_stand_in_it_with_the_grounds(registration: Any, clerk: Any, decider: Any):
    case = filed(registration, clerk, "ground_fraud")
    steps.decide(case, "hear", by=decider, at=NOW, named_day=(NOW + timedelta(7)).date())
    case = answered(served(case, clerk), clerk, received_on=NOW.date())
    pages = pages_of(take(case, clerk))
    assert "当面送交" in pages["要求和送达"]
    assert "已经改好" in pages["单位的答复"]
    assert "核对了合同原件" in pages["发现的情形"]


def test_other_kinds_of_case_have_no_such_part(submitted_case: Any, clerk: Any):
    assert not {"要求和送达", "单位的答复"} & pages_of(take(submitted_case, clerk)).keys()
