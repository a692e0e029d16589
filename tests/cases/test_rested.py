"""A closed case goes on showing what it was decided on; what fell later stands beside it, with its moment."""

from typing import Any

import pytest
from django.urls import reverse

from cases import engine, grounds, rested, steps
from cases.dossier import Asked
from cases.dossier.contents import facts
from cases.models import Case
from cases.sweep import sweep
from cities.models import Programme
from clearance import followups, revoking
from clearance import steps as measures
from tests.cases.desk.page import seen, url
from tests.clearance.conftest import GUANGZHOU, begun, enter, filed, found, in_vain, made, ordered, served
from tests.conftest import NOW, at
from tests.rulebooks import load_other

EVIDENCE, WHY = "核对了合同原件", "复核发现合同真实存在"
LATER, LAST = at("2026-10-01 00:00"), at("2026-10-08 09:30")


@pytest.fixture
def programme(calendar: None) -> Programme:
    return load_other(GUANGZHOU)


def revoke(case: Case, by: Any, moment: Any) -> Case:
    with engine.locked(case.pk) as (fresh, _):
        revoking.revoke(fresh, WHY, by=by, at=moment)
    return engine.load(case.pk)


def test_revoked_case_shows_what_it_rested_on_and_what_became_of_that(
    registration: Any, clerk: Any, decider: Any, client: Any, stopped_clock: Any
) -> None:
    case = served(ordered(registration, clerk, decider), clerk)
    stopped_clock(LATER)
    case = revoke(case, decider, LATER)
    [one] = rested.of(case)
    label, article = one.found.ground.label, one.found.ground.article.number  # type: ignore[union-attr]
    assert one.since == ["2026年10月1日 00:00 这件已撤销，不再由它办", "现在待处理"]
    said = seen(client, clerk, case)
    note = said[said.index('id="measure"') :]
    assert [what for what in (EVIDENCE, label, article, *one.since) if what not in note] == []

    stopped_clock(LAST)
    grounds.set_aside(one.found, reason="合同属实", by=clerk, at=LAST)
    assert "2026年10月8日 09:30 不立案：合同属实" in seen(client, clerk, case)
    page = client.get(reverse("admin:cases_groundfound_change", args=[one.found.pk])).content.decode()
    assert reverse("admin:cases_case_change", args=[case.pk]) in page
    assert "2026年10月1日 00:00 已撤销" in page


def test_removal_says_that_the_order_it_rests_on_was_revoked_since(
    registration: Any, clerk: Any, decider: Any, client: Any, stopped_clock: Any
) -> None:
    order = in_vain(registration, clerk, decider)
    sweep(NOW)
    [overdue] = found(registration, "rectification_overdue")
    case = measures.begin(overdue, by=clerk, at=NOW)
    measures.save(case, facts="到期没有整改", demands="", afterwards="", at=NOW)
    case = steps.submit(engine.load(case.pk), by=clerk, at=NOW)
    steps.decide(case, "cancel", by=decider, at=NOW, opinion="到期没有改")
    case = engine.load(case.pk)
    assert [one.since for one in rested.of(case)] == [[]]
    assert f'所依据的责令：<a href="{url(order)}">{order}</a>' in seen(client, clerk, case)
    stopped_clock(LATER)
    revoke(order, decider, LATER)
    fell = f"所依据的责令已撤销（{order}，2026年10月1日 00:00）"
    assert [one.since for one in rested.of(case)] == [[fell]]
    assert fell in seen(client, clerk, case)
    [_, waits] = followups.waits([case.programme_id], LATER.date())[-2:]
    assert waits.words == f"{case} 移出所依据的责令已撤销，看要不要更正"
    assert f"据此另行立案：{case} {case.procedure}" in seen(client, clerk, order)


def test_what_was_taken_out_before_is_not_what_was_decided_on(
    registration: Any, clerk: Any, decider: Any, stopped_clock: Any
) -> None:
    draft = begun(registration, clerk, "bad_faith")
    other = enter(registration, clerk, "bad_faith")
    measures.combine(draft, other, by=clerk, at=NOW)
    case = steps.submit(engine.load(draft.pk), by=clerk, at=NOW)
    other.refresh_from_db()
    stopped_clock(LATER)
    measures.take_out(case, other, reason="另有其人", by=clerk, at=LATER)
    case = engine.load(case.pk)
    assert [(one.found.pk == other.pk, one.was_taken_out) for one in rested.of(case)] == [
        (False, False),
        (True, True),
    ]
    stopped_clock(LAST)
    again = filed(registration, clerk, "bad_faith", at=LAST)
    assert other not in [one.found for one in rested.of(again)]


def test_dossier_of_a_revoked_case_holds_it_too(
    registration: Any, clerk: Any, decider: Any, stopped_clock: Any
) -> None:
    case = ordered(registration, clerk, decider)
    made(case)
    stopped_clock(LATER)
    case = revoke(case, decider, LATER)
    [part] = facts.grounds(case, Asked(clerk, LATER, None))  # type: ignore[arg-type]
    rows = dict(part.blocks[1].rows)  # type: ignore[union-attr]
    assert rows["依据"] == EVIDENCE
    assert "2026年10月1日 00:00 这件已撤销" in rows["后来的变化"]
