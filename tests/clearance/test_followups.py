"""What is to be done once a unit has left the list stays open on its closed case until it is ticked off."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from cases import desk, engine, steps, sweep
from cases.admin.case import guard
from cases.errors import Refused
from cases.models import Case
from clearance import followups
from clearance import steps as measures
from clearance.models import Followup
from records.models import Event
from tests.clearance.conftest import FACTS, begun
from tests.conftest import NOW

TODAY = NOW.date()
PROJECTS = "核对清退前已经实施的项目\n\n追回问题项目的补助"


@pytest.fixture
def cleared(registration: Any, clerk: Any, decider: Any) -> Case:
    case = begun(registration, clerk, "ground_fraud")
    measures.save(case, facts=FACTS, demands="", afterwards=PROJECTS, at=NOW)
    case = steps.submit(engine.load(case.pk), by=clerk, at=NOW)
    steps.decide(case, "clear", by=decider, at=NOW, opinion="属实")
    assert not Followup.objects.exists()
    sweep.sweep(NOW)
    return engine.load(case.pk)


def test_each_line_stays_open_on_the_closed_case_until_it_is_done(
    cleared: Case, clerk: Any, client: Any, stopped_clock: Any
) -> None:
    stopped_clock(NOW)
    programmes, address = [cleared.programme_id], reverse("admin:cases_case_change", args=[cleared.pk])
    first, second, announcing = followups.open_of(cleared)
    assert announcing.what.startswith("向社会公告这次清退（第十一条）")
    assert (first.what, second.what) == tuple(PROJECTS.split("\n\n"))
    unserved, said = followups.waits(programmes, TODAY)
    assert unserved.words == "1 件移出还没有登记送达"
    assert said.words == "移出以后还有后续事项 3 项没有办完"
    client.force_login(clerk)
    assert cleared.number in client.get(said.url).content.decode()
    assert first.what in client.get(address).content.decode()

    done = {"action": "finish_followup", "followup": first.pk, "done_on": str(TODAY), "note": "仍列入试点"}
    assert client.post(address, done | guard(cleared)).status_code == 302
    assert followups.open_of(cleared) == [second, announcing]
    first.refresh_from_db()
    assert (first.done_on, first.note, first.done_by) == (TODAY, "仍列入试点", clerk)
    assert followups.waits(programmes, TODAY)[-1].words.endswith("2 项没有办完")
    assert Event.objects.filter(case=cleared, verb="measure.followup").count() == 1
    with pytest.raises(Refused, match="已登记为"):
        followups.finish(cleared, first, TODAY, "再来一次", by=clerk, at=NOW)


@pytest.mark.parametrize("days", [-1, 1])
def test_day_lies_between_the_removal_and_today(cleared: Case, clerk: Any, days: int) -> None:
    [first, *_] = followups.open_of(cleared)
    with pytest.raises(Refused, match="移出之后，不晚于今天"):
        followups.finish(cleared, first, TODAY + timedelta(days), "已办", by=clerk, at=NOW)
    followups.finish(cleared, first, TODAY, "已办", by=clerk, at=NOW)


def test_more_can_be_listed_later_and_by_the_clerk_alone(
    cleared: Case, clerk: Any, decider: Any, other_clerk: Any
) -> None:
    followups.add(cleared, "  通知试点企业 ", by=clerk, at=NOW)
    assert [one.what for one in followups.open_of(cleared)][-1] == "通知试点企业"
    keys = {
        user.pk: {one.key for one in desk.actions(cleared, user)} for user in (clerk, decider, other_clerk)
    }
    ours = {"add_followup", "finish_followup"}
    assert [ours & keys[user.pk] for user in (clerk, decider, other_clerk)] == [ours, set(), set()]


def test_nothing_is_listed_where_nobody_has_left(submitted_case: Case, clerk: Any) -> None:
    submitted_case.status = Case.Status.CLOSED
    assert [one for one in desk.actions(submitted_case, clerk) if "followup" in one.key] == []
