"""What a clearance is held against."""

from typing import Any

import pytest

from cases import engine
from cases import steps as case_steps
from cases.errors import Refused
from cases.models import Case
from cities.models import Procedure
from clearance import checks, steps
from clearance.checks import Question
from notices import loading
from notices.models import NoticeTemplate
from tests.clearance.conftest import filed
from tests.conftest import NOW
from tests.notices.conftest import FILE as WORDINGS

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(registration: Any, clerk: Any) -> Case:
    return filed(registration, clerk, "ground_fraud")


def test_what_the_text_has_announced_is_nobodys_choice(case: Case, programme: Any):
    [lacking] = checks.announcement_checks(Question(case, NOW))
    assert (lacking.state, lacking.article) == ("hand", "第十一条")
    assert "没有“清退”的文书样式" in lacking.message
    loading.load(WORDINGS, at=NOW)
    assert checks.announcement_checks(Question(case, NOW)) == []


def test_who_issues_documents_does_not_clear_without_the_one_that_announces_it(
    case: Case, programme: Any, decider: Any
):
    loading.load(WORDINGS, at=NOW)
    NoticeTemplate.objects.filter(kind="clearance").update(standing="draft")
    with pytest.raises(Refused, match=r"第十一条要求公告，“清退”还没有文书样式"):
        case_steps.decide(case, "clear", by=decider, at=NOW, opinion="材料系伪造")
    assert not engine.load(case.pk).decisions.exists()


def test_what_the_text_leaves_open_is_for_the_office_until_it_has_chosen(case: Case, decider: Any):
    case.procedure.announcement = Procedure.Announcement.CHOICE
    [open_one] = checks.announcement_checks(Question(case, NOW))
    assert open_one.state == "hand"
    steps.choose_announcement(case, announced=True, why="牵涉多家企业", by=decider, at=NOW)
    [chosen] = checks.announcement_checks(Question(case, NOW))
    assert (chosen.state, chosen.message) == ("pass", "移出以后公告单位名称和原因")
    assert chosen.evidence == ["理由：牵涉多家企业"]


def test_who_has_left_is_told_so(case: Case):
    assert case.registration is not None
    case.registration.valid_to = NOW
    [listed] = checks.state_checks(Question(engine.load(case.pk), NOW))
    assert listed.passed
    [gone] = checks.state_checks(Question(case, NOW))
    assert gone.state == "fail"
