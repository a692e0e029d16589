"""A day that is named for parting with a partner is held against the publicity that the change has to stand: told, not refused."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from cases.models import Case
from cities.models import Stage
from clearance import haste
from tests.clearance.conftest import filed
from tests.clearance.partners import ordered, partner_of
from tests.conftest import NOW


@pytest.mark.parametrize(("due", "is_short"), [(date(2026, 9, 21), True), (date(2026, 9, 22), False)])
def test_order_that_runs_out_before_the_publicity_could_end_is_marked(
    registration: Any, clerk: Any, decider: Any, client: Any, stopped_clock: Any, due: date, is_short: bool
) -> None:
    case = ordered(registration, clerk, decider, due=due)
    last = date(2026, 9, 22)
    assert haste.too_short(case, case.orders.get()) == (last if is_short else None)
    client.force_login(clerk)
    said = client.get(reverse("admin:cases_case_change", args=[case.pk])).content.decode()
    assert ("期限短于变更的公示" in said) is is_short


def test_length_is_that_of_the_row_and_nothing_is_said_where_none_is(
    registration: Any, clerk: Any, decider: Any, client: Any, stopped_clock: Any
) -> None:
    case = filed(registration, clerk, "removal_fraud", partner=partner_of(registration))
    page = reverse("admin:cases_case_change", args=[case.pk])
    client.force_login(decider)
    assert "到 2026年9月22日 才结束" in client.get(page).content.decode()
    shown = Stage.objects.filter(procedure__kind="partner_change", kind="publicity")
    shown.update(span_number=7)
    assert "到 2026年9月24日 才结束" in haste.sentence(Case.objects.get(pk=case.pk), NOW)
    shown.update(span_number=None)
    assert haste.sentence(Case.objects.get(pk=case.pk), NOW) == ""
