"""Which version takes over what, and what is not moved."""

from datetime import date
from typing import Any

import pytest

from cases import engine, steps
from cases.errors import Refused
from cases.models import Case, Deadline
from cases.versions import repin, takers
from cities.models import Rulebook
from cities.rulebooks.standing import record_end
from records.models import Event
from tests.cases.repin.moving import NEXT, WHY, days, moved, renamed_desk
from tests.conftest import NOW, at, submitted
from tests.rulebooks import load_next


def refused(case: Case, rulebook: Rulebook, by: Any, moment: Any = NEXT, reason: str = WHY) -> str:
    with pytest.raises(Refused) as refusal:
        repin(case, rulebook, reason=reason, by=by, at=moment)
    assert not Event.objects.filter(verb="repin").exists()
    assert engine.load(case.pk).rulebook_id == case.rulebook_id
    return refusal.value.message


def test_amendment_leaves_open_cases_where_they_are(submitted_case, decider, tmp_path):
    amendment = load_next(tmp_path, days(5))

    assert takers(submitted_case.programme, NEXT) == {}
    assert refused(submitted_case, amendment, decider) == (
        "牵引单位管理办法（第 2 版）不是更正第 1 版的，也没有写明在办事项改按它："
        "DG-2026-0001 仍按牵引单位管理办法（第 1 版）办完。"
    )


def test_correction_takes_over_what_it_corrects_and_no_more(submitted_case, decider, tmp_path):
    """The second version is an amendment, the third corrects it: cases of the first stay with it."""
    load_next(tmp_path, days(5))
    third = load_next(tmp_path, days(6), correction="天数录错了", version=2)

    assert third.version == 3
    second = Rulebook.objects.get(version=2)
    later = at("2026-09-30 09:00")
    assert takers(submitted_case.programme, later) == {second.pk: third}
    assert "不是更正第 1 版的" in refused(submitted_case, third, decider, later)


def test_correction_of_the_pinned_version_takes_it_over(submitted_case, decider, tmp_path):
    corrected = load_next(tmp_path, days(5), correction="天数录错了")

    assert takers(submitted_case.programme, NEXT) == {submitted_case.rulebook_id: corrected}
    assert moved(submitted_case, corrected, decider).rulebook == corrected


def test_version_that_has_not_begun_takes_over_nothing_yet(submitted_case, newer, decider):
    assert takers(submitted_case.programme, NOW) == {}
    assert refused(submitted_case, newer, decider, NOW) == (
        "牵引单位管理办法（第 2 版）不是东莞 · 数字化牵引单位已经施行的版本，DG-2026-0001 不能改按它。"
    )


def test_version_that_is_over_still_takes_over_what_was_filed_before(submitted_case, newer, decider, clerk):
    record_end(newer, ends_on=date(2026, 9, 20), event="验收", by=clerk, at=NEXT)

    assert moved(submitted_case, newer, decider, at("2026-09-22 09:00")).rulebook == newer


def test_draft_and_closed_case_are_not_moved(apply, registration, provider, newer, decider):
    draft = apply(registration, provider)
    assert "不在办理中" in refused(draft, newer, decider)

    case = submitted(draft, by=provider, at=NOW)
    steps.withdraw(case, by=provider, at=NOW, reason="改主意")
    assert "不在办理中" in refused(engine.load(case.pk), newer, decider)


def test_only_a_decider_moves_and_says_why(submitted_case, newer, clerk, decider, other_clerk):
    assert refused(submitted_case, newer, clerk) == "改按新版本由审定人办理，您没有这个角色。"
    assert refused(submitted_case, newer, other_clerk) == "改按新版本由审定人办理，您没有这个角色。"
    assert refused(submitted_case, newer, decider, reason=" ") == "写明为什么改按新版本。"


def test_case_at_a_stage_that_is_not_there_stays_and_says_so(submitted_case, decider, tmp_path):
    version = load_next(tmp_path, renamed_desk, moves_open_cases=True)

    assert refused(submitted_case, version, decider) == (
        "牵引单位管理办法（第 2 版）没有“经办审核”这个环节，DG-2026-0001 现在在那里：离开这个环节以后再改。"
    )


def test_span_that_cannot_be_counted_keeps_the_case_where_it_is(submitted_case, decider, tmp_path):
    version = load_next(tmp_path, days(90), moves_open_cases=True)

    assert "2027 年的上班日历没有载入" in refused(submitted_case, version, decider)
    assert submitted_case.deadlines.get().state == Deadline.State.RUNNING
