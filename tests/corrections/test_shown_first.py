"""Whether a correction is shown before it is published: a stage by choice that the office may decide to be required."""

from typing import Any

import pytest
from django.urls import reverse

from cases import engine, steps, sweep
from cases.errors import Refused
from cities import decisions
from publicity import steps as publicity_steps
from tests.conftest import NOW, at, office

pytestmark = pytest.mark.django_db
CHOSEN = "更正也要公示"


@pytest.fixture
def required(programme: Any, decider: Any) -> None:
    """The office has chosen, and a second person has confirmed it."""
    rulebook = programme.rulebooks.get()
    matter = next(one for one in decisions.matters(rulebook, NOW) if one.name == "更正要不要先公示？")
    value, wording = decisions.chosen(matter, CHOSEN)
    made = decisions.propose(
        programme,
        matter,
        value=value,
        wording=wording,
        basis="专班会议纪要〔2026〕9号",
        decided_on=NOW.date(),
        effective_from=NOW.date(),
        by=office("editor", "方编辑", "rulebook_editor", programme),
        at=NOW,
    )
    decisions.confirm(made, by=decider, at=NOW)


def test_decider_chooses_where_nobody_has_decided(filed, decider):
    assert steps.decide(filed, "approve", by=decider, at=NOW).stage.key == "publication"


def test_way_past_it_is_refused_with_the_decision_once_the_office_requires_it(filed, decider, required):
    with pytest.raises(Refused) as refused:
        steps.decide(filed, "approve", by=decider, at=NOW)
    for part in ("“同意更正”不经过“更正公示”", "第十五条（三）", CHOSEN, "专班会议纪要"):
        assert part in refused.value.message
    assert engine.load(filed.pk).stage.key == "approval"


@pytest.mark.parametrize(("is_required", "offered"), [(False, True), (True, False)])
def test_case_page_offers_it_only_as_long_as_it_can_be_taken(
    client, request, filed, decider, stopped_clock, is_required, offered
):
    if is_required:
        request.getfixturevalue("required")
    client.force_login(decider)
    page = client.get(reverse("admin:cases_case_change", args=[filed.pk])).content.decode()
    assert ("同意更正" in page) is offered
    assert "同意，先公示" in page


def test_refusal_and_return_stay_possible(filed, decider, required):
    assert steps.decide(filed, "refuse", by=decider, at=NOW, opinion="无误").result == "refused"


def test_shown_first_it_is_published_when_its_days_are_over(filed, decider, clerk, required):
    shown = steps.decide(filed, "approve_shown", by=decider, at=NOW)
    period = publicity_steps.open_period(shown, by=clerk, at=at("2026-09-28 10:00"))
    item = period.items.get()
    assert (item.shown["corrects"], item.shown["tally"]) == (1, "合作伙伴 ＋1")
    sweep.sweep(at("2026-10-04 00:00"))
    assert engine.load(filed.pk).edition.kind == "erratum"


def test_public_reads_what_is_to_be_corrected(client, filed, decider, clerk, stopped_clock):
    shown = steps.decide(filed, "approve_shown", by=decider, at=NOW)
    period = publicity_steps.open_period(shown, by=clerk, at=NOW)
    page = client.get(reverse("period", args=[period.pk])).content.decode()
    assert "第 1 版名单有误：" in page
    assert "核对了公布的原件" not in page


@pytest.mark.parametrize(("is_required", "told"), [(False, "由审定人决定是否先公示"), (True, "先公示；")])
def test_comparison_says_whether_it_is_shown_first(
    client, request, programme, stopped_clock, is_required, told
):
    if is_required:
        request.getfixturevalue("required")
    page = client.get(reverse("comparison")).content.decode()
    assert "名单有误怎样更正" in page
    assert told in page
