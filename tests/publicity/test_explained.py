"""How a period's page explains itself: by the rows, and by what the office had decided when it was opened."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import engine, steps
from cases.models import Case
from cities import decisions
from publicity import steps as publicity_steps
from publicity.models import PublicityPeriod
from tests.cases.test_council import THURSDAY, a_council, reported
from tests.conftest import NOW, at, person, review
from tests.publicity.conftest import settle, what
from tests.publicity.pages.moments import text
from tests.rulebooks import load_changed

pytestmark = pytest.mark.django_db

QUESTION = "公示的“天”是自然日还是工作日？"
LATER = at("2026-09-30 09:00")
MET: dict[str, Any] = {"met_on": THURSDAY.date(), "minutes": "示例纪要第 2 号"}


@pytest.fixture
def programme(calendar, tmp_path, request):
    return load_changed(tmp_path, getattr(request, "param", lambda content: None))


def decide(programme: Any, reading: str, *, day: Any = NOW) -> None:
    found = decisions.matters(programme.rulebooks.get(), day)
    matter = next(one for one in found if one.question == QUESTION)
    value, wording = decisions.chosen(matter, reading)
    made = decisions.propose(
        programme,
        matter,
        value=value,
        wording=wording,
        basis="示例纪要第 1 号",
        decided_on=day.date(),
        effective_from=day.date(),
        by=person("one", "一号"),
        at=day,
    )
    decisions.confirm(made, by=person("two", "二号"), at=day)


def opened(case: Case, clerk: Any, moment: Any = NOW) -> PublicityPeriod:
    return publicity_steps.open_period(case, by=clerk, at=moment)


def page(client: Any, period: PublicityPeriod) -> str:
    return text(client.get(reverse("period", args=[period.pk])))


# Readings


def test_period_shows_the_reading_that_the_office_chose(
    client, programme, submitted_case, clerk, decider, stopped_clock
):
    decide(programme, "工作日")
    said = page(client, opened(review(submitted_case, clerk, decider, NOW), clerk))

    assert "只计工作日" in said
    assert f"{QUESTION} 工作日" in said
    assert "工作专班 2026年9月17日 确定为“工作日”（示例纪要第 1 号）" in said
    set_aside = said.split(QUESTION)[1].split("没有采用的理解：")[1]
    assert set_aside.startswith("自然日。")


def test_period_shows_our_reading_where_the_office_confirmed_it(
    client, programme, submitted_case, clerk, decider, stopped_clock
):
    ours = "自然日。同一办法第十八条另写“工作日”，可见两者有别。"
    decide(programme, ours)
    said = page(client, opened(review(submitted_case, clerk, decider, NOW), clerk))

    assert f"{QUESTION} {ours}" in said
    assert f"确定为“{ours}”" in said
    assert said.split(QUESTION)[1].split("没有采用的理解：")[1].startswith("工作日")


def test_period_is_explained_by_what_was_decided_before_it_was_opened(
    client, programme, submitted_case, clerk, decider, stopped_clock
):
    period = opened(review(submitted_case, clerk, decider, NOW), clerk)
    decide(programme, "工作日", day=LATER)
    stopped_clock(LATER)

    said = page(client, period)
    assert f"{QUESTION} 自然日。" in said
    assert "确定为" not in said


# The stages it came through

BY_CHOICE = pytest.mark.parametrize("programme", [a_council(requires="choice")], indirect=True)


def through_council(case: Case, clerk: Any, decider: Any) -> Case:
    case = reported(case, clerk, decider, "propose")
    return steps.decide(case, "confirm", by=clerk, at=THURSDAY, **MET)


@BY_CHOICE
def test_announcement_names_no_stage_that_the_case_went_past(
    client, submitted_case, clerk, decider, stopped_clock
):
    case = reported(submitted_case, clerk, decider, "approve")
    assert "经提交申请、经办审核、审定，现将" in page(client, opened(case, clerk))


@BY_CHOICE
def test_announcement_names_the_stage_by_choice_that_the_case_went_through(
    client, submitted_case, clerk, decider, stopped_clock
):
    stopped_clock(THURSDAY)
    case = through_council(submitted_case, clerk, decider)
    assert "经提交申请、经办审核、审定、会议审议，现将" in page(client, opened(case, clerk, THURSDAY))


@BY_CHOICE
def test_announcement_stays_as_it_was_whatever_the_case_does_after(
    client, submitted_case, clerk, decider, stopped_clock
):
    period = opened(reported(submitted_case, clerk, decider, "approve"), clerk)
    objection = publicity_steps.lodge(period.items.get(), at=NOW, **what())
    settle(objection, upheld=True, by=clerk, at=NOW, conclusion="属实")
    steps.decide(engine.load(submitted_case.pk), "propose", by=decider, at=NOW, opinion="上会")
    steps.decide(engine.load(submitted_case.pk), "confirm", by=clerk, at=THURSDAY, **MET)
    stopped_clock(THURSDAY)

    assert "会议审议，现将" not in page(client, period)


# Who announces


def test_period_names_the_programmes_own_office_where_it_has_one(
    client, programme, submitted_case, clerk, decider, stopped_clock
):
    period = opened(review(submitted_case, clerk, decider, NOW), clerk)
    assert programme.city.office in page(client, period)

    programme.office = "示例市数据局"
    programme.save()

    answer = client.get(reverse("period", args=[period.pk])).content.decode()
    assert '<meta name="ContentSource" content="示例市数据局">' in answer
    assert "<span>示例市数据局</span>" in answer
    assert programme.city.office not in answer


def test_page_costs_the_same_queries_however_long_the_history_of_its_case(
    client, programme, submitted_case, clerk, decider, stopped_clock
):
    period = opened(review(submitted_case, clerk, decider, NOW), clerk)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            page(client, period)
        counts.append(len(asked))
        for number in range(3):
            submitted_case.events.create(
                verb="note.x", summary=str(number), at=NOW, programme=programme, city=programme.city
            )

    assert counts[0] == counts[1]
