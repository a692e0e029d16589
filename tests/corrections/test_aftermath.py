"""What becomes of an objection in time that was entered after publication, as its pages and its receipt tell it."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from cases import engine, grounds
from cases import steps as case_steps
from cases.models import GroundFound
from cases.sweep import sweep
from corrections import steps
from providers import chain
from providers.models import ListEdition
from publicity import aftermath, receipts
from publicity import steps as publicity_steps
from publicity.models import Objection, PublicityItem
from tests.conftest import PARTNERS, at
from tests.publicity.conftest import CONTACT, OBJECTOR, settle, what

pytestmark = pytest.mark.django_db

OVER, AFTER = at("2026-10-04 00:00"), at("2026-10-09 09:00")
REASON = "所列的一家已经停止经营，不应列入"


@pytest.fixture
def late(case_in_publicity: Any, clerk: Any, stopped_clock: Any) -> Objection:
    """Received on the last day, entered when edition 2 had been published."""
    sweep(OVER)
    stopped_clock(AFTER)
    item = PublicityItem.objects.get(case=case_in_publicity)
    return publicity_steps.lodge(item, at=AFTER, by=clerk, received_on=date(2026, 10, 3), **what())


def conclude(objection: Objection, verdict: str, by: Any) -> None:
    publicity_steps.accept(objection, by=by, at=AFTER)
    publicity_steps.note(objection, words="已核实", by=by, at=AFTER)
    publicity_steps.conclude(objection, conclusion=verdict, words="所说属实", by=by, at=AFTER)
    objection.refresh_from_db()


def correct(objection: Objection, clerk: Any, decider: Any, outcome: str = "approve") -> Any:
    """The partner that was objected to is taken off again."""
    ground = GroundFound.objects.get()
    case = steps.begin(ground.registration, by=clerk, at=AFTER, ground=ground)
    code, name = PARTNERS["fresh"]
    industry = ground.registration.entries.order_by("industry__order").first().industry  # type: ignore[union-attr]
    facts = {"industry": industry, "leaving_code": code, "leaving_name": name, "note": "不应列入"}
    steps.add_operation(case, "end_partner", at=AFTER, **facts)
    steps.save(case, corrects=objection.edition, reason=REASON, evidence="已核实", at=AFTER)
    case = case_steps.submit(engine.load(case.pk), by=clerk, at=AFTER)
    case_steps.decide(case, outcome, by=decider, at=AFTER, opinion="已核实")
    sweep(AFTER)
    return engine.load(case.pk)


def told(client: Any, objection: Objection) -> str:
    return client.get(receipts.url(objection)).content.decode()


@pytest.mark.parametrize("verdict", ["upheld", "upheld_in_part"])
def test_sustained_one_is_found_in_the_same_transaction_and_says_nothing_of_the_objector(
    late, clerk, verdict
):
    conclude(late, verdict, clerk)
    ground = GroundFound.objects.get()
    assert (ground.kind, ground.source_label, ground.edition) == ("list_wrong", f"异议 {late}", late.edition)
    assert (ground.registration, ground.found_in) == (late.item.case.registration, late.item.case)
    kept = f"{ground.evidence}{ground.source}{ground.source_label}"
    assert not any(secret in kept for secret in (OBJECTOR, CONTACT, late.matter))


def test_dismissed_one_and_one_upheld_before_publication_find_nothing(late, clerk, submitted_case):
    settle(late, upheld=False, conclusion="不属实", by=clerk, at=AFTER)
    assert (GroundFound.objects.count(), aftermath.of(late)) == (0, None)


def test_receipt_tells_each_step_up_to_the_edition_that_corrects(client, late, clerk, decider, programme):
    conclude(late, "upheld", clerk)
    assert "第 2 版名单需要更正，等工作人员立案" in told(client, late)
    case = correct(late, clerk, decider)
    assert case.edition.number == 3
    page = told(client, late)
    address = reverse("edition", args=[programme.slug, 3])
    assert f'<a href="{address}">已更正，见第 3 版名单</a>' in page
    client.force_login(clerk)
    own = client.get(reverse("admin:publicity_objection_change", args=[late.pk])).content.decode()
    assert f'<a href="{address}">已更正，见第 3 版名单</a>' in own


def test_receipt_tells_why_nothing_was_corrected(client, late, clerk, decider):
    conclude(late, "upheld", clerk)
    ground = GroundFound.objects.get()
    grounds.set_aside(ground, reason="名单上没有所说的内容", by=clerk, at=AFTER)
    assert "没有立案更正：名单上没有所说的内容" in told(client, late)


def test_receipt_tells_that_the_decider_refused_the_correction(client, late, clerk, decider):
    conclude(late, "upheld", clerk)
    correct(late, clerk, decider, "refuse")
    assert "立案更正，未通过，名单不变" in told(client, late)


def test_board_and_publicity_lead_to_the_edition_that_corrects(client, late, clerk, decider, programme):
    conclude(late, "upheld", clerk)
    correct(late, clerk, decider)
    address = reverse("edition", args=[programme.slug, 3])
    board = client.get(reverse("board")).content.decode()
    period = client.get(reverse("period", args=[late.item.period_id])).content.decode()
    assert f'<a href="{address}">由第 3 版更正</a>' in board
    assert f'<a href="{address}">已由第 3 版更正</a>' in period
    assert all(REASON in page for page in (board, period))


def test_reason_of_an_erratum_is_in_its_fingerprint(late, clerk, decider, programme):
    conclude(late, "upheld", clerk)
    correct(late, clerk, decider)
    assert chain.broken(programme) == []
    edition = ListEdition.objects.get(number=3)
    edition.changes[0]["reason"] = "别的原因"
    ListEdition.objects.filter(pk=edition.pk).update(changes=edition.changes)
    assert chain.broken(programme) == [3]
