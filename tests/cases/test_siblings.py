"""The page of a case leads to the others of its batch and to those over the same ground."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import engine, siblings
from cases import steps as case_steps
from cases.models import Case
from clearance import partners as measures
from clearance import revoking, steps
from tests.cases.desk.page import seen, url
from tests.clearance import partners
from tests.clearance.conftest import enter, filed
from tests.conftest import NOW, at

pytestmark = pytest.mark.django_db
HEAD = "同一批、同一情形的其他事项"
LATER = at("2026-09-18 09:00")


@pytest.fixture
def several(registration: Any, second: Any, clerk: Any) -> list[Case]:
    """One partner stands behind two units."""
    partners.behind(second, "cloud")
    found = enter(registration, clerk, "removal_fraud", partner=partners.partner_of(registration))
    begun = measures.begin_all(found, facts="证书系伪造", demands="", by=clerk, at=NOW)
    assert begun.batch is not None
    return begun.cases


def test_of_a_batch_each_leads_to_the_others(
    several: list[Case], clerk: Any, other_clerk: Any, client: Any, stopped_clock: Any
) -> None:
    first, other = several
    said = seen(client, clerk, first)
    assert HEAD in said
    assert f'href="{url(other)}"' in said[said.index(HEAD) :]
    assert siblings.of(engine.load(first.pk), other_clerk) is None


def test_ground_that_was_given_back_leads_to_the_case_that_took_it_up_then(
    registration: Any, clerk: Any, decider: Any, client: Any, stopped_clock: Any
) -> None:
    partner = partners.partner_of(registration)
    case = filed(registration, clerk, "removal_fraud", partner=partner)
    [found] = case.grounds.all()
    case_steps.decide(case, "order", by=decider, at=NOW, opinion="属实", named_day=partners.DUE)
    assert siblings.of(engine.load(case.pk), clerk) is None
    stopped_clock(LATER)
    with engine.locked(case.pk) as (fresh, _):
        revoking.revoke(fresh, "查错了", by=decider, at=LATER)
    again = steps.begin(found, by=clerk, at=LATER)
    steps.save(again, facts="证书系伪造", demands="", afterwards="", at=LATER)
    again = case_steps.submit(engine.load(again.pk), by=clerk, at=LATER)
    for one, sibling in ((case, again), (again, case)):
        told = siblings.of(engine.load(one.pk), clerk)
        assert told is not None
        assert told.of_ground == [sibling]
        assert f'href="{url(sibling)}"' in seen(client, clerk, one)


def test_as_many_queries_however_many_there_are(several: list[Case], clerk: Any, third: Any) -> None:
    def asked(case: Case) -> int:
        with CaptureQueriesContext(connection) as read:
            told = siblings.of(case, clerk)
            assert told
            assert [
                [str(one), str(one.procedure), str(one.stage), str(one.organisation)] for one in told.of_batch
            ]
        return len(read)

    few = asked(engine.load(several[0].pk))
    more = filed(third, clerk, "ground_fraud")
    Case.objects.filter(pk=more.pk).update(batch=several[0].batch)
    assert asked(engine.load(several[0].pk)) == few


def test_closed_case_says_its_outcome_and_what_it_means_for_the_registration_in_one_place(
    registration: Any, clerk: Any, decider: Any, client: Any, stopped_clock: Any
) -> None:
    case = filed(registration, clerk, "ground_fraud")
    assert 'id="outcome"' not in seen(client, clerk, case)
    case_steps.decide(case, "decline", by=decider, at=NOW, opinion="不属实")
    said = seen(client, clerk, case)
    assert "这件没有改变名单" in said
    assert "仍在名单内" in said
