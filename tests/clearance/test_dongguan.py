"""Dongguan clears outright: proposed by one, decided by another, announced by the system; the unit leaves the list."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from accounts import roles
from accounts.grants import grant
from cases import engine, steps, sweep
from cases.errors import Refused
from cases.models import Case
from cities.rulebooks import standing
from clearance import steps as measures
from providers.models import ListEdition, Partnership
from tests.clearance.conftest import FACTS, begun, enter, filed, served
from tests.conftest import NOW, at


def test_clearance_takes_the_unit_off_the_list(
    registration: Any, clerk: Any, decider: Any, edition: ListEdition
) -> None:
    case = filed(registration, clerk, "ground_fraud")
    steps.decide(case, "clear", by=decider, at=NOW, opinion="材料系伪造")
    sweep.sweep(NOW)
    case = engine.load(case.pk)
    registration.refresh_from_db()
    assert case.result == Case.Result.PUBLISHED
    assert case.edition is not None
    assert (case.edition.kind, case.edition.number) == ("removal", edition.number + 1)
    assert registration.valid_to == case.edition.published_at
    assert not Partnership.objects.current().filter(entry__registration=registration).exists()
    assert case.edition.counts["units"] == edition.counts["units"] - 1
    assert case.edition.changes[0]["differences"][0]["mark"] == "end"


def test_open_applications_of_the_unit_are_stopped_and_told(
    registration: Any, clerk: Any, decider: Any, submitted_case: Case
) -> None:
    case = filed(registration, clerk, "ground_fraud")
    steps.decide(case, "clear", by=decider, at=NOW, opinion="材料系伪造")
    sweep.sweep(NOW)
    stopped = engine.load(submitted_case.pk)
    assert (stopped.status, stopped.result) == ("closed", "stopped")
    letter = stopped.letters.get(kind="stopped")
    assert str(case.number) in letter.body


def test_whoever_proposed_does_not_decide(registration: Any, clerk: Any) -> None:
    """Also who may decide what others propose."""
    grant(clerk, roles.DECIDER, registration.programme, at=NOW, by=None, reason="兼任")
    case = filed(registration, clerk, "ground_fraud")
    with pytest.raises(Refused, match="须由另一人办理"):
        steps.decide(case, "clear", by=clerk, at=NOW, opinion="材料系伪造")


def test_heard_first_and_nothing_follows_before_it_is_served(
    registration: Any, clerk: Any, decider: Any
) -> None:
    case = filed(registration, clerk, "ground_fraud")
    steps.decide(case, "hear", by=decider, at=NOW, named_day=at("2026-09-24 00:00").date())
    sweep.sweep(at("2026-09-30 09:00"))
    case = engine.load(case.pk)
    assert (case.stage.key, case.waiting_for) == ("statement", "clerk")  # type: ignore[union-attr]


def test_unit_reads_nothing_of_it_before_it_is_asked(
    client: Any, provider: Any, registration: Any, clerk: Any, decider: Any, stopped_clock: Any
) -> None:
    case = filed(registration, clerk, "ground_fraud")
    client.force_login(provider)
    address = reverse("case", args=[case.pk])
    assert client.get(address).status_code == 404
    steps.decide(case, "hear", by=decider, at=NOW, named_day=at("2026-09-24 00:00").date())
    assert FACTS not in client.get(address).content.decode()
    served(case, clerk)
    said = client.get(address).content.decode()
    assert FACTS in said
    assert "这件由工作人员发起" in said
    assert client.post(reverse("case_withdraw", args=[case.pk]), {"reason": "不要"}).status_code == 404


def test_nothing_is_entered_by_rules_that_are_not_in_force(registration: Any, clerk: Any) -> None:
    ground = enter(registration, clerk, "ground_fraud").ground
    assert ground is not None
    standing.record_end(ground.rulebook, ends_on=NOW.date(), event="验收完成", by=clerk, at=NOW)
    with pytest.raises(Refused, match="现在不在施行"):
        measures.enter(ground, registration, evidence="核对了合同原件", by=clerk, at=NOW + timedelta(days=1))


def test_ground_of_another_procedure_is_not_combined(registration: Any, clerk: Any) -> None:
    case = begun(registration, clerk, "ground_fraud")
    partner = Partnership.objects.filter(entry__registration=registration)[0].organisation
    other = enter(registration, clerk, "removal_fraud", partner=partner)
    with pytest.raises(Refused, match="不能并入"):
        measures.combine(case, other, by=clerk, at=NOW)


def test_ground_of_the_unit_itself_names_no_partner(registration: Any, clerk: Any) -> None:
    """Else every unit behind which that partner stands would be cleared over it."""
    partner = Partnership.objects.filter(entry__registration=registration)[0].organisation
    with pytest.raises(Refused, match="不涉及合作伙伴"):
        enter(registration, clerk, "ground_fraud", partner=partner)


def test_what_is_sent_back_among_the_office_is_not_read_by_the_unit(
    client: Any, provider: Any, registration: Any, clerk: Any, decider: Any, stopped_clock: Any
) -> None:
    case = filed(registration, clerk, "ground_fraud")
    steps.decide(case, "return", by=decider, at=NOW, opinion="补上证人的说法", named_day=NOW.date())
    steps.submit(engine.load(case.pk), by=clerk, at=NOW)
    steps.decide(engine.load(case.pk), "hear", by=decider, at=NOW, named_day=at("2026-09-24 00:00").date())
    served(case, clerk)
    address = reverse("case", args=[case.pk])
    client.force_login(provider)
    page = client.get(address).content.decode()
    assert "先听取陈述" in page
    assert "补上证人的说法" not in page
    assert "退回补充" not in page


def test_case_that_the_unit_never_heard_of_is_stopped_without_a_word(
    client: Any, provider: Any, registration: Any, clerk: Any, decider: Any
) -> None:
    partner = Partnership.objects.filter(entry__registration=registration)[0].organisation
    unheard = filed(registration, clerk, "removal_fraud", partner=partner)
    case = filed(registration, clerk, "ground_fraud")
    steps.decide(case, "clear", by=decider, at=NOW, opinion="材料系伪造")
    sweep.sweep(NOW)
    assert engine.load(unheard.pk).result == Case.Result.STOPPED
    assert not unheard.letters.exists()
    client.force_login(provider)
    assert client.get(reverse("case", args=[unheard.pk])).status_code == 404
