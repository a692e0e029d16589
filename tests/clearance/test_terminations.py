"""Who has come to an end in law is found as a unit and behind each unit: once, as the row says, and nothing more."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Case
from cases.sweep import sweep
from cities.models import Ground
from clearance import detectors, queries
from providers import terminations
from providers.models import Organisation, Partnership, Registration, Termination
from tests.clearance.conftest import found
from tests.conftest import NOW, at

LATER = at("2026-10-12 09:00")


def end(organisation: Organisation) -> Termination:
    return terminations.record(
        organisation, kind="cancelled", day=date(2026, 9, 1), evidence="登记机关公告", by=None, at=NOW
    )


def partner_of(registration: Registration) -> Organisation:
    return Partnership.objects.filter(entry__registration=registration).order_by("pk")[0].organisation


def put_behind(registration: Registration, organisation: Organisation) -> None:
    """In every industry of the unit."""
    for entry in registration.entries.current():
        Partnership.objects.get_or_create(
            entry=entry,
            organisation=organisation,
            valid_to=None,
            defaults={"valid_from": registration.valid_from, "recorded_at": NOW},
        )


def test_unit_is_found_once_and_stays_on_the_list(registration: Any) -> None:
    end(registration.organisation)
    for moment in (NOW, NOW, LATER):
        sweep(moment)
    [one] = found(registration, "ground_terminated")
    assert (one.state, one.partner, one.source_label) == ("open", None, "系统发现")
    assert "2026年9月1日 注销（登记机关公告）" in one.evidence
    registration.refresh_from_db()
    assert registration.valid_to is None
    assert not Case.objects.exists()


def test_partner_is_found_of_each_unit_and_once_of_one(registration: Any, second: Any) -> None:
    partner = partner_of(registration)
    put_behind(registration, partner)
    put_behind(second, partner)
    end(partner)
    sweep(NOW)
    sweep(LATER)
    for unit in (registration, second):
        [one] = found(unit, "removal_terminated")
        assert (one.partner, one.registration) == (partner, unit)
        assert found(unit, "ground_terminated") == []


def test_who_no_longer_stands_there_is_not_found(registration: Any) -> None:
    partner = partner_of(registration)
    end(partner)
    Partnership.objects.filter(organisation=partner).update(valid_to=NOW)
    end(registration.organisation)
    Registration.objects.filter(pk=registration.pk).update(valid_to=NOW)
    sweep(LATER)
    assert found(registration, "removal_terminated") == found(registration, "ground_terminated") == []


def test_what_was_recorded_in_error_is_not_found(registration: Any) -> None:
    terminations.lift(end(registration.organisation), reason="查错了", by=None, at=NOW)
    sweep(LATER)
    assert found(registration, "ground_terminated") == []
    end(registration.organisation)
    sweep(LATER)
    assert len(found(registration, "ground_terminated")) == 1


@pytest.mark.parametrize("key", ["ground_terminated", "removal_terminated"])
def test_without_its_row_nothing_is_found(registration: Any, key: str) -> None:
    end(registration.organisation)
    end(partner_of(registration))
    Ground.objects.filter(key=key).update(detector="manual")
    sweep(NOW)
    other = {"ground_terminated": "removal_terminated", "removal_terminated": "ground_terminated"}[key]
    assert found(registration, key) == []
    assert len(found(registration, other)) == 1


@pytest.mark.parametrize("key", ["ground_terminated", "removal_terminated"])
def test_as_many_queries_for_many_as_for_one(registration: Any, second: Any, key: str) -> None:
    [ground] = [one for one in queries.grounds_in_force(registration.programme, NOW) if one.key == key]

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            rows = list(detectors.terminated(ground))
        assert rows
        return len(seen)

    end(registration.organisation)
    end(partner_of(registration))
    few = asked()
    end(second.organisation)
    put_behind(second, partner_of(registration))
    assert asked() == few
