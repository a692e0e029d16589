"""A unit on the list against which a bar stands is found: once, with the article, and nothing is decided by it."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from cases.models import GroundFound
from cases.sweep import sweep
from cities.models import Limit, Procedure
from providers import bars
from providers.models import Registration
from tests.clearance.conftest import found as found_of
from tests.conftest import NOW, at

LATER = at("2026-10-12 09:00")
REMOVED = at("2026-03-10 15:20")


@pytest.fixture
def barred(registration: Any) -> Any:
    """It was removed once before this list was entered, and that is recorded now."""
    old = Registration.objects.create(
        programme=registration.programme,
        organisation=registration.organisation,
        entered_on=REMOVED.date(),
        valid_from=REMOVED - timedelta(days=1),
        valid_to=REMOVED,
        recorded_at=NOW,
    )
    procedure = Procedure.objects.select_related("article", "rulebook").get(
        rulebook__programme=registration.programme, key="clearance"
    )
    return bars.raise_after(old, procedure, "专班纪要 3 号", moment=REMOVED)


def seen(registration: Any) -> list[GroundFound]:
    return list(GroundFound.objects.filter(kind="barred", registration=registration))


def test_found_once_with_its_article(registration: Any, second: Any, barred: Any) -> None:
    assert barred.bars.exists()
    for moment in (NOW, NOW, LATER):
        sweep(moment)
    [one] = seen(registration)
    article = str(barred.bars.get().limit.article)
    assert (one.state, one.ground, one.case) == ("open", None, None)
    assert article in str(one)
    assert "专班纪要 3 号" in one.evidence
    assert seen(second) == []
    registration.refresh_from_db()
    assert registration.valid_to is None


@pytest.mark.parametrize("strictness", ["flagged"])
def test_what_is_only_shown_is_not_found(registration: Any, barred: Any, strictness: str) -> None:
    Limit.objects.filter(measure=bars.MEASURE).update(strictness=strictness)
    sweep(NOW)
    assert seen(registration) == []


def test_found_until_the_bar_is_over_and_not_after(registration: Any, barred: Any) -> None:
    barred.bars.update(until=NOW)
    sweep(NOW)
    assert seen(registration) == []
    barred.bars.update(until=NOW + timedelta(microseconds=1))
    sweep(NOW)
    assert len(seen(registration)) == 1


def test_not_found_once_the_removal_is_lifted(registration: Any, barred: Any) -> None:
    bars.lift(barred.registration, reason="有误", moment=NOW)
    sweep(NOW)
    assert seen(registration) == []


def test_clerk_chooses_a_correction_or_a_ground(
    registration: Any, barred: Any, clerk: Any, client: Any, stopped_clock: Any
) -> None:
    stopped_clock(NOW)
    sweep(NOW)
    [one] = seen(registration)
    client.force_login(clerk)
    inbox = client.get(reverse("admin:cases_groundfound_changelist")).content.decode()
    assert "禁止期内列在名单上" in inbox
    page = client.get(inbox_page(inbox)).content.decode()
    assert f"{reverse('admin:corrections_correction_add')}?ground={one.pk}" in page
    address = f"{reverse('admin:clearance_measure_ground')}?registration={registration.pk}&found={one.pk}"
    assert address.replace("&", "&amp;") in page
    assert "专班纪要 3 号" in client.get(address).content.decode()
    client.post(address, {"ground": "ground_other", "evidence": "核对了名单"})
    one.refresh_from_db()
    assert one.state == "set_aside"
    assert "改按" in one.reason
    assert len(found_of(registration, "ground_other")) == 1


def inbox_page(inbox: str) -> str:
    start = inbox.index("/admin/cases/groundfound/", inbox.index("result_list"))
    return inbox[start : inbox.index('"', start)]


def test_unit_of_another_is_not_found_there(
    registration: Any, second: Any, barred: Any, clerk: Any, client: Any, stopped_clock: Any
) -> None:
    stopped_clock(NOW)
    sweep(NOW)
    [one] = seen(registration)
    client.force_login(clerk)
    address = f"{reverse('admin:clearance_measure_ground')}?registration={second.pk}&found={one.pk}"
    assert client.get(address).status_code == 404
