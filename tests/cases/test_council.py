"""A council's desk: what a meeting has decided is recorded with its day and the number of its minutes."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from accounts import roles
from cases import engine, page, steps
from cases.admin.facts import stage_rows
from cases.errors import Refused
from cases.models import Case
from cases.worklist import LATER, ME, OTHERS, desk_of, grouped, open_cases
from tests.conftest import NOW, at, office
from tests.remembered import remembered
from tests.rulebooks import load_changed, stage

ARTICLE = "第十五条（二）"
THURSDAY = at("2026-09-24 15:00")
MET = {"met_on": at("2026-09-23").date(), "minutes": "专班纪要〔2026〕7 号"}


def a_council(**fields: Any) -> Any:
    """The decider's consent goes on to a meeting; where it is by choice, he may also let it go past."""

    def change(content: dict[str, Any]) -> None:
        stages = content["procedures"][0]["stages"]
        approval = stage(content, "approval")
        onward = approval["outcomes"][0]
        if fields.get("requires") == "choice":
            approval["outcomes"].append({**onward, "key": "propose", "next_stage": "council"})
        else:
            onward["next_stage"] = "council"
        stages.insert(stages.index(approval) + 1, _council(fields))

    return change


def _council(fields: dict[str, Any]) -> dict[str, Any]:
    ways: list[dict[str, Any]] = [
        {"key": "confirm", "label": "同意变更", "next_stage": "publicity"},
        {"key": "return", "label": "退回补正", "role": "return", "next_stage": "submit"},
        {"key": "back", "label": "退回审定", "role": "back", "needs_reason": True, "next_stage": "approval"},
        {"key": "reject", "label": "不同意", "role": "refuse", "needs_reason": True, "result": "refused"},
    ]
    return {
        "key": "council",
        "article": ARTICLE,
        "kind": "review",
        "label": "会议审议",
        "actor": "council",
        "outcomes": [{**way, "article": ARTICLE} for way in ways],
        **fields,
    }


@pytest.fixture
def programme(calendar, tmp_path, request):
    return load_changed(tmp_path, getattr(request, "param", a_council()))


@pytest.fixture
def waiting_case(submitted_case, clerk, decider) -> Case:
    """Reported up by the clerk and consented to by the decider."""
    return reported(submitted_case, clerk, decider, "approve")


@remembered
def reported(case: Case, clerk: Any, decider: Any, outcome: str, moment: Any = NOW) -> Case:
    for material in case.materials.filter(replaced_at=None, seal_checked_at=None):
        steps.verify_seal(material, by=clerk, at=moment)
    steps.decide(case, "support", by=clerk, at=moment, opinion="材料齐全")
    return steps.decide(case, outcome, by=decider, at=moment, opinion="同意")


def refused(case: Case, outcome: str, by: Any, **said: Any) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refusal:
        steps.decide(case, outcome, by=by, at=THURSDAY, **said)
    assert {problem.article for problem in refusal.value.problems} == {ARTICLE}
    return [(problem.field, problem.message) for problem in refusal.value.problems]


@pytest.mark.parametrize("outcome", ["confirm", "back", "reject"])
def test_what_a_meeting_decides_needs_its_day_and_its_minutes(waiting_case, clerk, outcome):
    assert refused(waiting_case, outcome, clerk, opinion="理由") == [
        ("met_on", "写明哪一天开的会"),
        ("minutes", "写明纪要编号"),
    ]
    assert engine.load(waiting_case.pk).stage.key == "council"
    assert waiting_case.decisions.filter(stage__key="council").count() == 0


def test_return_for_correction_needs_no_meeting(waiting_case, clerk):
    case = steps.decide(
        waiting_case, "return", by=clerk, at=THURSDAY, opinion="补一份", named_day=at("2026-09-30").date()
    )

    assert case.stage.key == "submit"
    assert (case.decisions.first().met_on, case.decisions.first().minutes) == (None, "")
    assert case.events.get(verb="review.return", summary__startswith="会议审议").data == {"opinion": "补一份"}


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2026-09-25", "会议日期 2026年9月25日 还没有到，今天是 2026年9月24日"),
        ("2026-09-24", ""),
        ("2026-09-17", ""),
        ("2026-09-16", "会议日期 2026年9月16日 早于这件提交的那天（2026年9月17日），核对纪要"),
    ],
)
def test_day_of_the_meeting_lies_between_filing_and_today(waiting_case, clerk, day, why):
    told = {"met_on": at(day).date(), "minutes": "7 号"}
    if why:
        assert refused(waiting_case, "confirm", clerk, **told) == [("met_on", why)]
    else:
        assert steps.decide(waiting_case, "confirm", by=clerk, at=THURSDAY, **told).stage.key == "publicity"


def test_meeting_is_kept_with_the_decision_and_in_its_event(waiting_case, clerk):
    case = steps.decide(waiting_case, "confirm", by=clerk, at=THURSDAY, opinion="一致同意", **MET)

    decision = case.decisions.get(stage__key="council")
    assert (decision.met_on, decision.minutes, decision.by) == (MET["met_on"], MET["minutes"], clerk)
    assert case.events.get(verb="review.confirm").data == {
        "opinion": "一致同意",
        "met_on": "2026-09-23",
        "minutes": "专班纪要〔2026〕7 号",
    }


@pytest.mark.parametrize("programme", [a_council(actor="decider")], indirect=True)
def test_desk_of_a_person_asks_for_no_meeting_and_keeps_none(waiting_case, decider):
    case = steps.decide(waiting_case, "confirm", by=decider, at=THURSDAY, **MET)

    decision = case.decisions.get(stage__key="council")
    assert (case.stage.key, decision.met_on, decision.minutes) == ("publicity", None, "")


def test_clerks_record_what_a_meeting_has_decided(waiting_case, clerk, decider):
    with pytest.raises(
        Refused, match="“会议审议”由会议审议、经办人登记，您没有这个角色。可以办理的：林经办。"
    ):
        steps.decide(waiting_case, "confirm", by=decider, at=THURSDAY, **MET)

    assert groups(clerk) == {waiting_case.number: LATER}
    assert groups(decider) == {waiting_case.number: OTHERS}


@pytest.mark.parametrize("programme", [a_council(four_eyes=True)], indirect=True)
def test_four_eyes_bar_the_clerk_who_has_reviewed_from_recording(waiting_case, clerk, programme):
    second = office("second_clerk", "周经办", roles.CLERK, programme)

    with pytest.raises(Refused, match="须由另一人办理"):
        steps.decide(waiting_case, "confirm", by=clerk, at=THURSDAY, **MET)

    assert (groups(clerk), groups(second)) == ({waiting_case.number: OTHERS}, {waiting_case.number: LATER})
    assert steps.decide(waiting_case, "confirm", by=second, at=THURSDAY, **MET).stage.key == "publicity"


def groups(user: Any) -> dict[str, str]:
    desk = desk_of(user)
    return {case.number: case.group for case in grouped(open_cases(desk), desk, ME, THURSDAY)}


# On the pages


def place(case: Case) -> str:
    return reverse("admin:cases_case_change", args=[case.pk])


def send(client: Any, case: Case, **typed: Any) -> Any:
    case = engine.load(case.pk)
    guard = {
        "action": "decide",
        "stage": str(case.stage_id),
        "since": str(case.stage_since and case.stage_since.isoformat()),
    }
    return client.post(place(case), {**guard, **typed})


def test_desk_asks_for_the_meeting_and_shows_what_is_missing_at_its_fields(
    client, waiting_case, clerk, stopped_clock
):
    stopped_clock(THURSDAY)
    client.force_login(clerk)
    response = send(client, waiting_case, outcome="confirm", met_on="2026-09-25")

    shown = response.content.decode()
    assert response.status_code == 422
    assert 'href="#decide-met_on"' in shown
    assert 'href="#decide-minutes"' in shown
    assert f"写明纪要编号（{ARTICLE}）" in shown
    assert 'value="2026-09-25"' in shown
    assert "写明会议日期和纪要编号" in shown


def test_meeting_is_told_in_the_history(client, waiting_case, clerk, stopped_clock):
    stopped_clock(THURSDAY)
    client.force_login(clerk)
    send(
        client, waiting_case, outcome="confirm", met_on="2026-09-23", minutes=" 〔2026〕7 号 ", opinion="一致"
    )

    assert "2026年9月23日会议，纪要 〔2026〕7 号<br>一致" in client.get(place(waiting_case)).content.decode()


def test_other_desks_ask_for_no_meeting(client, submitted_case, clerk, stopped_clock):
    client.force_login(clerk)
    assert "met_on" not in client.get(place(submitted_case)).content.decode()


def test_unit_is_told_of_the_meeting(client, waiting_case, clerk, provider, stopped_clock):
    steps.decide(waiting_case, "confirm", by=clerk, at=THURSDAY, opinion="内部意见", **MET)
    stopped_clock(THURSDAY)
    client.force_login(provider)
    shown = client.get(reverse("case", args=[waiting_case.pk])).content.decode()

    assert "<dt>会议审议</dt><dd>2026年9月23日" in shown
    assert "2026年9月23日会议，纪要 专班纪要〔2026〕7 号" in shown
    assert "内部意见" not in shown


def test_unit_is_not_told_of_a_meeting_that_gave_the_case_back_to_a_desk(waiting_case, clerk):
    case = steps.decide(waiting_case, "back", by=clerk, at=THURSDAY, opinion="再核", **MET)

    assert page.meetings(case) == []
    assert "会议审议：退回审定" not in [row["summary"] for row in page.story(case)]


# By choice

BY_CHOICE = pytest.mark.parametrize("programme", [a_council(requires="choice")], indirect=True)


def line(case: Case) -> list[tuple[str, str]]:
    return [(row["label"], row["state"]) for row in page.stage_line(engine.load(case.pk), THURSDAY)]


def of_council(case: Case) -> list[tuple[str, str]]:
    rows = stage_rows(engine.load(case.pk), THURSDAY)
    return [(row["state"], row["note"]) for row in rows if row["label"] == "会议审议"]


@BY_CHOICE
def test_stage_by_choice_is_not_promised(submitted_case):
    ahead = next(row for row in page.stage_line(submitted_case, NOW) if row["label"] == "会议审议")

    assert (ahead["state"], ahead["note"]) == ("", "需要时经过")
    assert of_council(submitted_case) == [("", "由前一环节决定经不经过")]


@BY_CHOICE
def test_stage_by_choice_that_was_passed_by_is_not_shown_as_done(submitted_case, clerk, decider):
    case = reported(submitted_case, clerk, decider, "approve")

    assert case.stage.key == "publicity"
    assert line(case) == [
        ("提交申请", "done"),
        ("经办审核", "done"),
        ("审定", "done"),
        ("公示", "now"),
        ("发布", ""),
    ]
    assert of_council(case) == [("", "没有经过")]


@BY_CHOICE
def test_stage_by_choice_that_was_gone_through_is_done(submitted_case, clerk, decider):
    case = reported(submitted_case, clerk, decider, "propose")
    steps.decide(case, "confirm", by=clerk, at=THURSDAY, **MET)

    assert ("会议审议", "done") in line(case)
    assert of_council(case) == [("done", "林经办，9月24日")]


@BY_CHOICE
def test_stage_by_choice_counts_from_where_the_case_began_anew(
    submitted_case, clerk, decider, provider, programme
):
    case = reported(submitted_case, clerk, decider, "propose")
    steps.decide(case, "back", by=clerk, at=THURSDAY, opinion="不用上会", **MET)
    steps.decide(case, "approve", by=decider, at=THURSDAY + timedelta(hours=1), opinion="同意")

    assert ("会议审议", "done") not in line(case)
    assert of_council(case) == [("", "没有经过")]
