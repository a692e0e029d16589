"""Who decides on a removal sees before what it brings about and what the unit will read, and chooses with it whether the public is told."""

from typing import Any

import pytest
from django.urls import reverse

from cases import batches, engine, steps
from cases.models import Case
from cities.models import Programme
from notices import loading
from tests.cases.desk.page import act, buttons, seen, summary
from tests.clearance.conftest import FACTS, GUANGZHOU, filed, ordered
from tests.conftest import NOW, PARTNERS, RULEBOOK, put_rulebooks
from tests.notices.conftest import FILE as WORDINGS
from tests.rulebooks import load_other

MET = {"met_on": "2026-09-17", "minutes": "〔2026〕3号"}
CHOICE = "要不要向社会公告"


@pytest.fixture
def programme(calendar: None) -> Programme:
    return load_other(GUANGZHOU)


@pytest.fixture
def proposed(registration: Any, clerk: Any, decider: Any, stopped_clock: Any) -> Case:
    loading.load(WORDINGS.with_name(f"{GUANGZHOU}.yaml"), at=NOW)
    case = filed(registration, clerk, "fraud")
    steps.decide(case, "propose", by=decider, at=NOW)
    return engine.load(case.pk)


def test_what_it_brings_about_and_what_the_unit_will_read_stand_before_the_button(
    proposed: Case, registration: Any, clerk: Any, decider: Any, client: Any
) -> None:
    other = ordered(registration, clerk, decider)
    said = seen(client, clerk, proposed)
    shown = said[said.index('id="foreseen"') : said.index(">提交意见<")]
    for told in (
        f"移出{proposed.programme}名单",
        PARTNERS["cloud"][1],
        "产品和服务目录 1 项",
        str(other),
        f"以后不得再次申请成为{proposed.programme.registrant_term}（4.4）",
        f"{proposed.number} {proposed.procedure.title}的决定",
        FACTS,
        "尚未办结的其他申请一并终止",
    ):
        assert told in shown
    assert registration.valid_to is None
    assert not registration.removals.exists()


def test_who_cannot_decide_is_not_shown_it(proposed: Case, auditor: Any, client: Any) -> None:
    assert 'id="foreseen"' not in seen(client, auditor, proposed)


def test_choice_left_to_the_office_is_made_with_the_decision(
    proposed: Case, clerk: Any, decider: Any, client: Any
) -> None:
    said = seen(client, clerk, proposed)
    assert CHOICE in said
    assert "choose_announcement" not in buttons(seen(client, decider, proposed))
    given = {"outcome": "confirm", "opinion": "通过", **MET}
    answer = act(client, clerk, proposed, "decide", **given)
    assert any("选公告或者不公告" in one for one in summary(answer))
    assert any("写明由谁决定" in one for one in summary(answer))
    assert engine.load(proposed.pk).status == Case.Status.OPEN
    chosen = {"announced": "yes", "announced_why": "局务会决定"}
    assert act(client, clerk, proposed, "decide", **given, **chosen).status_code == 302
    case = engine.load(proposed.pk)
    assert (case.result, case.measure.announced, case.measure.announced_why) == (
        "completed",
        True,
        "局务会决定",
    )
    assert "移出以后公告：局务会决定" in case.events.get(verb="measure.announce").summary
    assert [one.is_public for one in case.notices.order_by("is_public")] == [False, True]


def test_choice_is_made_for_a_batch_too(proposed: Case, clerk: Any, client: Any) -> None:
    batch = batches.create(proposed.procedure, [proposed], by=clerk, at=NOW)
    address = reverse("admin:cases_batch_change", args=[batch.pk])
    client.force_login(clerk)
    assert CHOICE in client.get(address).content.decode()
    chosen = f"{proposed.pk} {batches.since(engine.load(proposed.pk))}"
    given = {"outcome": "confirm", "opinion": "通过", **MET, "do": "decide", "desk": "council"}
    client.post(address, {**given, "chosen": chosen})
    assert engine.load(proposed.pk).status == Case.Status.OPEN
    client.post(address, {**given, "chosen": chosen, "announced": "no", "announced_why": "影响有限"})
    measure = engine.load(proposed.pk).measure
    assert (measure.announced, measure.announced_why) == (False, "影响有限")


def test_other_outcomes_of_the_desk_ask_for_no_choice(proposed: Case, clerk: Any, client: Any) -> None:
    given = {"outcome": "back", "opinion": "材料不齐", "announced": "yes", "announced_why": "点错"}
    act(client, clerk, proposed, "decide", **given)
    assert engine.load(proposed.pk).measure.announced is None


def test_what_was_refused_puts_no_choice_on_record(proposed: Case, clerk: Any, client: Any) -> None:
    given = {"outcome": "confirm", "announced": "no", "announced_why": "影响有限"}
    act(client, clerk, proposed, "decide", **given)  # no meeting
    case = engine.load(proposed.pk)
    assert (case.status, case.measure.announced) == (Case.Status.OPEN, None)


class TestWhereTheTextSaysSo:
    @pytest.fixture
    def programme(self, calendar: None) -> Programme:
        put_rulebooks(RULEBOOK)
        return Programme.objects.select_related("city").get()

    def test_nothing_is_asked(
        self, registration: Any, clerk: Any, decider: Any, client: Any, stopped_clock: Any
    ) -> None:
        case = filed(registration, clerk, "ground_fraud")
        said = seen(client, decider, case)
        assert CHOICE not in said
        assert 'id="foreseen"' in said
        assert "平台没有" in said
