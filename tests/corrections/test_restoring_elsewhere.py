"""A removal is undone by any programme's own rows, and only where these take it."""

from typing import Any

import pytest
from django.db import transaction

from cases import steps as case_steps
from cases.errors import Refused
from cases.models import Case
from cities.models import Limit, Procedure, Programme
from corrections import steps
from providers import bars, queries, registry
from providers.models import Registration
from tests.conftest import NOW, at
from tests.corrections.conftest import publish
from tests.rulebooks import load_other

LATER = at("2026-09-21 09:00")


@pytest.fixture(params=["guangzhou-lead-units", "dongguan-lead-units"])
def programme(calendar: None, request: pytest.FixtureRequest) -> Programme:
    return load_other(request.param)


@pytest.fixture
def removed(registration: Any) -> Registration:
    """As an edition that removes it would; barred by whatever row there is."""
    procedure = Procedure.objects.filter(rulebook__programme=registration.programme, kind="clearance")[0]
    with transaction.atomic():
        draft = registry.Draft(registry.lock(registration.programme), at=NOW, kind="removal")
        draft.end(registration)
        bars.raise_after(registration, procedure, "纪要 3 号", moment=draft.moment)
        draft.number("移出")
    registration.refresh_from_db()
    return registration


def filed(unit: Registration, by: Any) -> Case:
    case = steps.begin(unit, by=by, at=LATER)
    steps.save(case, corrects=case.correction.corrects, reason="核实无误", evidence="复核了原件", at=LATER)
    return case_steps.submit(case, by=by, at=LATER)


def test_unit_comes_back_and_nothing_bars_it(removed: Registration, clerk: Any, decider: Any) -> None:
    unit, programme = removed.organisation, removed.programme
    is_barred = Limit.objects.filter(rulebook__programme=programme, measure=bars.MEASURE).exists()
    assert bool(bars.standing([unit], programme, LATER)[unit.pk]) == is_barred
    case = publish(filed(removed, clerk), decider, LATER)
    back = Registration.objects.current().get(continues=removed)
    assert case.edition is not None
    assert back.valid_from == case.edition.published_at
    assert queries.snapshot(back, LATER.replace(hour=23)) == {
        key: row for key, row in queries.left(removed, LATER).items() if key != "unit"
    }
    assert bars.standing([unit], programme, LATER.replace(hour=23))[unit.pk] == []


def test_not_where_the_row_names_other_operations(removed: Registration, clerk: Any) -> None:
    row = Procedure.objects.filter(rulebook__programme=removed.programme, kind="correction")
    row.update(operations=["add_partner"])
    with pytest.raises(Refused, match="不办“恢复误移出的单位”"):
        steps.begin(removed, by=clerk, at=LATER)
    row.update(operations=["restore_unit"])
    assert steps.begin(removed, by=clerk, at=LATER).correction.operations.get().action == "restore_unit"
