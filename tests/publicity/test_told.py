"""What pages and the desk say of an objection and of what it holds: the row's own desk, and days that run on."""

import pytest
from django.urls import reverse

from cases import deadlines, engine
from cases.deadlines import telling
from publicity import gate, queries, steps
from publicity.asked import of
from publicity.forms import ConcludeForm, ObjectionForm
from publicity.models import Objection
from publicity.stage import sends_back_to
from records import faces
from tests.conftest import at
from tests.publicity.conftest import typed, what

DURING = at("2026-09-30 10:00")


def conclude(objection, conclusion, by):
    steps.accept(objection, by=by, at=DURING)
    steps.note(objection, words="查过了", by=by, at=DURING)
    steps.conclude(objection, conclusion=conclusion, words="查过了", by=by, at=DURING)


@pytest.mark.parametrize(("conclusion", "said"), [("upheld_in_part", "部分成立"), ("upheld", "成立")])
def test_sustained_objection_is_told_as_it_ended_and_where_the_row_sends_it(item, clerk, conclusion, said):
    desk = sends_back_to(item.period.stage)
    stage = item.period.stage.outcomes.get(role="upheld").next_stage
    type(stage).objects.filter(pk=stage.pk).update(label="会商")
    assert (desk, sends_back_to(item.period.stage)) == ("审定", "会商")
    objection = steps.lodge(item, at=DURING, **what())
    form = ConcludeForm(objection=objection)
    assert [label for _, label in form.fields["conclusion"].choices] == [
        "不成立，继续办理",
        "部分成立，退回会商",
        "成立，退回会商",
    ]
    conclude(objection, conclusion, clerk)
    (face,) = queries.faces([item.period], DURING)
    assert face.items[0].label == f"异议{said}，退回会商"


def test_objection_holds_what_follows_and_not_the_days(item, clerk):
    objection = steps.lodge(item, at=DURING, **what())
    deadline = deadlines.open_of(engine.load(item.case_id))
    assert faces.due(deadline, DURING).label == "发布暂缓"
    (line,) = telling.lines(deadline)
    assert line.words == "公示期不变，2026年10月3日 24:00 截止；自 2026年9月30日 起暂缓发布"
    assert line.basis == item.period.stage.article.number
    conclude(objection, "dismissed", clerk)
    line = telling.lines(deadlines.open_of(engine.load(item.case_id)))[0]
    assert line.words == "公示期不变，2026年10月3日 24:00 截止；自 2026年9月30日 起不再暂缓发布"


@pytest.mark.parametrize(("count", "choices"), [(1, ["1"]), (2, ["", "1", "2"])])
def test_item_is_chosen_by_whoever_objects_where_there_are_several(item, count, choices):
    items = [(str(number), f"单位 {number}") for number in range(1, count + 1)]
    form = ObjectionForm({}, items=items, asked=of(item.period.stage), at=DURING)
    assert [key for key, _ in form.fields["item"].choices] == choices
    assert "item" in form.errors


def test_form_filled_by_a_browser_is_taken_once_the_sum_is_answered(client, item, stopped_clock):
    stopped_clock(DURING)
    said = typed(item, homepage="http://filled.example")
    address = reverse("object", args=[item.period_id])
    asked = client.post(address, said)
    assert (asked.status_code, Objection.objects.count()) == (422, 0)
    assert "filled.example" not in asked.text
    token = gate.new_sum()
    answer = sum(gate._numbers(token) or (0, 0))
    taken = client.post(address, {**said, "sum": token, "answer": str(answer)})
    assert (taken.status_code, Objection.objects.count()) == (302, 1)
