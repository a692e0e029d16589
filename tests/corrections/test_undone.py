"""A removal that was undone says so wherever it is shown, with its moment, its correction, the article and a link."""

from typing import Any

import pytest
from django.urls import reverse

from cases.models import Case
from providers.models import ListEdition
from records import clock
from tests.corrections.conftest import publish
from tests.corrections.test_restoring import LATER, REASON, remove, undo


@pytest.fixture
def removal(registration: Any, clerk: Any, decider: Any, edition: ListEdition, stopped_clock: Any) -> Case:
    return remove(registration, clerk, decider)


def pages(removal: Case) -> dict[str, str]:
    unit = removal.registration
    assert unit is not None
    return {
        "case": reverse("admin:cases_case_change", args=[removal.pk]),
        "registration": reverse("admin:providers_registration_change", args=[unit.pk]),
        "organisation": reverse("admin:providers_organisation_change", args=[unit.organisation_id]),
        "public": reverse("organisation", args=[unit.organisation.credit_code]),
        "own": reverse("case", args=[removal.pk]),
    }


def test_said_wherever_the_removal_is_shown(
    removal: Case, clerk: Any, decider: Any, provider: Any, client: Any, stopped_clock: Any
) -> None:
    assert removal.registration is not None
    case = publish(undo(removal.registration, clerk), decider, LATER)
    stopped_clock(LATER)
    article, moment = case.procedure.article.number, "2026年9月21日 09:00"
    client.force_login(clerk)
    for place in ("case", "registration", "organisation"):
        said = client.get(pages(removal)[place]).content.decode()
        assert moment in said, place
        assert str(case) in said, place
    assert f"2026年9月21日 09:00 已撤销，不再计算：{case}：{REASON}" in said
    at_the_desk = client.get(pages(removal)["case"]).content.decode()
    assert (
        f"{moment} 这次移出由更正 {case}（{article}）撤销，单位恢复为{case.programme.registrant_term}"
        in at_the_desk
    )
    assert at_the_desk.index("办结以后的变化") < at_the_desk.index('id="facts"')
    assert reverse("admin:cases_case_change", args=[case.pk]) in at_the_desk
    assert REASON in client.get(pages(removal)["organisation"]).content.decode()
    edition = reverse("edition", args=[case.programme.slug, case.edition.number])  # type: ignore[union-attr]
    client.force_login(provider)
    for place in ("public", "own"):
        said = client.get(pages(removal)[place]).content.decode()
        assert moment in said, place
        assert article in said, place
        assert str(case) in said, place
        assert edition in said, place


def test_nothing_is_said_before(removal: Case, clerk: Any, client: Any) -> None:
    assert removal.registration is not None
    undo(removal.registration, clerk)
    client.force_login(clerk)
    for place, address in pages(removal).items():
        if place != "own":
            said = client.get(address).content.decode()
            assert "已撤销" not in said, place
            assert "办结以后的变化" not in said, place
    assert clock.now() < LATER
