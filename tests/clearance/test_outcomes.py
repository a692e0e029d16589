"""How a removal or a sanction ended and what that means for the registration, in one place of its page."""

from typing import Any

import pytest
from django.urls import reverse

from cases import engine
from cities.models import Programme
from clearance import revoking
from tests.cases.desk.page import seen
from tests.clearance.conftest import GUANGZHOU, OVER, ordered, served
from tests.clearance.test_serving import WEEK_LATER, removed
from tests.conftest import PARTNERS
from tests.rulebooks import load_other


@pytest.fixture
def programme(calendar: None) -> Programme:
    return load_other(GUANGZHOU)


def outcome(client: Any, user: Any, case: Any) -> str:
    said = seen(client, user, case)
    return str(said[said.index('id="outcome"') : said.index('id="facts"')])


def test_of_a_removal(registration: Any, clerk: Any, decider: Any, client: Any, stopped_clock: Any) -> None:
    other = ordered(registration, clerk, decider)
    case = removed(registration, clerk, decider)
    stopped_clock(WEEK_LATER)
    said = outcome(client, clerk, case)
    for told in (
        "确认清退，2026年9月24日 09:00",
        "经2026年9月24日局务会审议（纪要〔2026〕3号）确认",
        reverse("admin:providers_registration_change", args=[registration.pk]),
        reverse("edition", args=[case.programme.slug, case.edition.number]),  # type: ignore[union-attr]
        PARTNERS["cloud"][1],
        reverse("admin:cases_case_change", args=[other.pk]),
        f"以后不得再次申请成为{case.programme.registrant_term}（4.4）",
        "没有向社会公告，只通知单位",
    ):
        assert told in said


def test_of_a_sanction_that_was_revoked(
    registration: Any, clerk: Any, decider: Any, client: Any, stopped_clock: Any
) -> None:
    case = served(ordered(registration, clerk, decider), clerk)
    ordered(registration, clerk, decider)
    stopped_clock(OVER)
    with engine.locked(case.pk) as (fresh, _):
        revoking.revoke(fresh, "查错了", by=decider, at=OVER)
    said = outcome(client, clerk, engine.load(case.pk))
    assert "已撤销，2026年10月1日 00:00" in said
    assert "仍在名单内" in said
    assert "责令已撤销，不计次数；本单位现在一共责令限期整改 1 次" in said
