"""An objection on its way through the office."""

from datetime import date
from itertools import product

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases import batches, engine
from cases import steps as case_steps
from cases.admin.case import guard
from cases.errors import Refused
from cases.queries import required_materials
from cases.sweep import sweep
from changes import steps as change_steps
from publicity import steps
from publicity.models import Objection
from publicity.steps.handling import TRANSITIONS
from records import files
from records.models import Event
from tests.conftest import PDF, add, at, review
from tests.publicity.conftest import settle, what

pytestmark = pytest.mark.django_db

DURING = at("2026-09-30 09:00")
AFTER = at("2026-10-09 09:00")
State = Objection.State


def conclusion(end):
    return lambda row, by: steps.conclude(row, conclusion=end, words="核实", by=by, at=DURING)


STEPS = {
    State.ACCEPTED: lambda row, by: steps.accept(row, by=by, at=DURING),
    State.NOT_ACCEPTED: lambda row, by: steps.not_accept(
        row, refusal="no_facts", words="没有事实", by=by, at=DURING
    ),
    State.INVESTIGATED: lambda row, by: steps.note(
        row, words=f"第 {row.acts.count()} 次核实", by=by, at=DURING
    ),
    **{end: conclusion(end) for end in (State.DISMISSED, State.UPHELD_IN_PART, State.UPHELD)},
}
WAYS = {
    State.RECEIVED: (),
    State.ACCEPTED: (State.ACCEPTED,),
    State.NOT_ACCEPTED: (State.NOT_ACCEPTED,),
    State.INVESTIGATED: (State.ACCEPTED, State.INVESTIGATED),
    **{end: (State.ACCEPTED, State.INVESTIGATED, end) for end in (State.DISMISSED, State.UPHELD)},
}


@pytest.fixture
def objection(item):
    return steps.lodge(item, at=DURING, **what())


@pytest.fixture
def stands_at(objection, clerk):
    def walk(state):
        for step in WAYS[state]:
            STEPS[step](objection, clerk)
        objection.refresh_from_db()
        return objection

    return walk


@pytest.mark.parametrize(("state", "to"), list(product(WAYS, STEPS)))
def test_every_way_is_in_the_table_or_refused(stands_at, clerk, state, to):
    objection = stands_at(state)
    events = Event.objects.count()
    if to in TRANSITIONS.get(state, ()):
        STEPS[to](objection, clerk)
        objection.refresh_from_db()
        assert objection.state == to
        return
    with pytest.raises(Refused):
        STEPS[to](objection, clerk)
    objection.refresh_from_db()
    assert (objection.state, Event.objects.count()) == (state, events)


def test_finding_that_is_sent_twice_is_kept_once(stands_at, clerk):
    objection = stands_at(State.ACCEPTED)
    steps.note(objection, words="已核实", by=clerk, at=DURING)
    with pytest.raises(Refused, match="刚才已经登记"):
        steps.note(objection, words=" 已核实 ", by=clerk, at=DURING)
    steps.note(objection, words="又核实", by=clerk, at=DURING)
    assert objection.acts.filter(done="noted").count() == 2


@pytest.mark.parametrize("who", ["decider", "auditor", "other_clerk", "stranger"])
@pytest.mark.parametrize("to", [State.ACCEPTED, State.NOT_ACCEPTED])
def test_only_who_handles_cases_handles_objections(objection, request, who, to):
    with pytest.raises(Refused, match="您没有这个角色"):
        STEPS[to](objection, request.getfixturevalue(who))
    objection.refresh_from_db()
    assert objection.state == State.RECEIVED


@pytest.mark.parametrize("state", [State.RECEIVED, State.ACCEPTED, State.INVESTIGATED])
def test_its_case_waits_as_long_as_it_is_open(stands_at, item, state):
    stands_at(state)
    assert sweep(AFTER).done == []
    assert engine.load(item.case_id).waiting_for == "clerk"


@pytest.mark.parametrize("state", [State.NOT_ACCEPTED, State.DISMISSED])
def test_its_case_goes_on_when_it_is_not_taken_up_or_dismissed(stands_at, item, state):
    stands_at(state)
    assert sweep(AFTER).done == [item.case.number]


def test_one_of_two_that_is_not_taken_up_leaves_the_case_to_the_other(objection, item, clerk):
    steps.lodge(item, at=DURING, **what())
    STEPS[State.NOT_ACCEPTED](objection, clerk)
    assert sweep(AFTER).done == []


def test_words_are_asked_wherever_something_is_decided(objection, clerk):
    with pytest.raises(Refused, match="写明情况和理由"):
        steps.not_accept(objection, refusal="no_facts", words=" ", by=clerk, at=DURING)
    steps.accept(objection, by=clerk, at=DURING)
    with pytest.raises(Refused, match="写明情况和理由"):
        steps.note(objection, words="", by=clerk, at=DURING)
    objection.refresh_from_db()
    assert objection.state == State.ACCEPTED


def test_what_was_done_is_kept_in_order_and_the_unit_is_not_told_what_was_found(objection, item, clerk):
    settle(objection, upheld=False, conclusion="仍在经营", by=clerk, at=DURING)
    kept = list(objection.acts.values_list("done", "words"))
    assert kept == [("lodged", ""), ("accepted", ""), ("noted", "已核实"), ("concluded", "仍在经营")]
    assert "已核实" not in str(list(item.case.events.values_list("summary", "data")))


@pytest.mark.parametrize(
    ("on", "is_told"),
    [
        (date(2026, 9, 29), False),
        (date(2026, 9, 30), True),
        (date(2026, 10, 9), True),
        (date(2026, 10, 10), False),
    ],
)
def test_told_on_a_day_between_its_end_and_today(stands_at, clerk, on, is_told):
    objection = stands_at(State.DISMISSED)
    if is_told:
        steps.tell_objector(objection, how="in_person", on=on, by=clerk, at=AFTER)
    else:
        with pytest.raises(Refused, match="告知日期在作出结论那天到今天之间"):
            steps.tell_objector(objection, how="in_person", on=on, by=clerk, at=AFTER)
    objection.refresh_from_db()
    assert objection.told_on == (on if is_told else None)


def test_told_before_there_is_anything_to_tell_or_twice_is_refused(stands_at, clerk):
    with pytest.raises(Refused, match="还没有受理，也没有结论"):
        steps.tell_objector(stands_at(State.RECEIVED), how="phone", on=DURING.date(), by=clerk, at=DURING)
    objection = Objection.objects.get()
    STEPS[State.ACCEPTED](objection, clerk)
    STEPS[State.INVESTIGATED](objection, clerk)
    STEPS[State.DISMISSED](objection, clerk)
    steps.tell_objector(objection, how="phone", on=DURING.date(), by=clerk, at=DURING)
    with pytest.raises(Refused, match="告知提出人，不用再登记"):
        steps.tell_objector(objection, how="phone", on=DURING.date(), by=clerk, at=DURING)


def test_upheld_in_part_is_shown_again_when_it_was_changed(
    objection, item, clerk, decider, provider, registration
):
    steps.accept(objection, by=clerk, at=DURING)
    steps.note(objection, words="一家属实", by=clerk, at=DURING)
    steps.conclude(objection, conclusion="upheld_in_part", words="补充一家", by=clerk, at=DURING)
    case = engine.load(item.case_id)
    assert (case.stage.key, case.attention) == ("approval", "异议部分成立：补充一家")
    case_steps.decide(
        case, "return", by=decider, at=DURING, opinion="照结论修改", named_day=date(2026, 10, 8)
    )
    action, facts = add("other", registration)
    change_steps.add_operation(engine.load(case.pk), action, at=DURING, **facts)
    _attach_missing(engine.load(case.pk), provider)
    case = case_steps.submit(engine.load(case.pk), by=provider, at=DURING)
    review(case, clerk, decider, DURING)
    steps.open_period(engine.load(case.pk), by=clerk, at=AFTER)
    first, again = case.publicity_items.order_by("period__opened_at")
    assert (first.upheld_at, again.upheld_at) == (DURING, None)
    assert "示意食品检测技术有限公司" not in str(first.shown)
    assert "示意食品检测技术有限公司" in str(again.shown)
    assert sweep(at("2026-10-20 09:00")).done == [case.number]


def _attach_missing(case, by):
    for document in required_materials(case):
        if not document.is_there:
            row = document.row
            upload = SimpleUploadedFile(f"{row.key}.pdf", PDF, "application/pdf")
            limits = {"kinds": row.file_kinds, "max_megabytes": row.max_megabytes}
            stored = files.store(upload, **limits, by=by, at=DURING)
            case_steps.add_material(case, row.key, stored, by=by, at=DURING, subject=document.subject)


@pytest.fixture
def approved_again(objection, item, clerk, decider):
    """An objection was upheld in part, and the decider lets the very same go on."""
    steps.accept(objection, by=clerk, at=DURING)
    steps.note(objection, words="一家属实", by=clerk, at=DURING)
    steps.conclude(objection, conclusion="upheld_in_part", words="补充一家", by=clerk, at=DURING)
    return case_steps.decide(
        engine.load(item.case_id), "approve", by=decider, at=DURING, opinion="不影响结论"
    )


def test_the_very_same_is_not_shown_again_until_a_decider_says_why(approved_again, item, clerk, decider):
    case = approved_again
    with pytest.raises(
        Refused, match=r"的异议部分成立，这次要公示的内容和那次一样。.*由审定人写明为什么不变"
    ):
        steps.open_period(case, by=clerk, at=DURING)
    with pytest.raises(Refused, match="由审定人写明"):
        steps.keep(case, reason="不影响结论", by=clerk, at=DURING)
    for wrong in (" ", "找 13800001111"):
        with pytest.raises(Refused):
            steps.keep(case, reason=wrong, by=decider, at=DURING)
    steps.keep(case, reason="所指的一家不在这次变更里", by=decider, at=DURING)
    steps.open_period(engine.load(case.pk), by=clerk, at=DURING)
    again = case.publicity_items.order_by("-period__opened_at").first()
    said = {"reason": "所指的一家不在这次变更里", "period": item.period.number, "verdict": "部分成立"}
    assert again.shown["kept"] == said
    event = case.events.get(verb="publicity.keep")
    assert (event.summary, event.actor) == ("异议部分成立后内容不变：所指的一家不在这次变更里", decider)
    with pytest.raises(Refused, match="现在不用说明"):
        steps.keep(engine.load(case.pk), reason="再说一次", by=decider, at=DURING)


def test_a_batch_is_not_shown_either_with_one_that_is_the_very_same(approved_again, clerk):
    batch = batches.create(approved_again.procedure, [approved_again], by=clerk, at=DURING)
    with pytest.raises(Refused, match="还不能公示") as refused:
        steps.open_batch(batch, by=clerk, at=DURING)
    assert "内容和那次一样" in refused.value.problems[0].message


def test_decider_says_why_on_the_case_page_and_the_public_reads_it(
    client, approved_again, clerk, decider, stopped_clock
):
    stopped_clock(DURING)
    case = approved_again
    url = reverse("admin:cases_case_change", args=[case.pk])
    client.force_login(clerk)
    assert "内容不变，写明理由" not in client.get(url).content.decode()
    client.force_login(decider)
    assert "内容不变，写明理由" in client.get(url).content.decode()
    client.post(url, {"action": "keep", "reason": "所指的一家不在这次变更里", **guard(engine.load(case.pk))})
    period = steps.open_period(engine.load(case.pk), by=clerk, at=DURING)
    page = client.get(reverse("period", args=[period.pk])).content.decode()
    assert "经审定内容不变" in page
    assert "所指的一家不在这次变更里" in page
