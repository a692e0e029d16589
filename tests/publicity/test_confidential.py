"""Whoever objected must not be told to others by words that somebody types elsewhere."""

import pytest

from cases import engine, grounds
from cases import steps as case_steps
from cases.errors import Refused
from cases.sweep import sweep
from publicity import steps
from records.models import Event, Letter
from tests.conftest import at
from tests.publicity.conftest import settle, what

DURING, OVER = at("2026-09-29 09:00"), at("2026-10-04 00:00")
WORDS = f"{what()['name']}反映，经电话 {what()['contact']} 核实"


@pytest.fixture
def objected(item):
    return steps.lodge(item, at=DURING, **what())


def take_down(item, clerk, decider):
    steps.take_down(item.period, by=clerk, at=DURING, reason=WORDS)


def conclude(item, clerk, decider):
    settle(item.objections.get(), upheld=True, conclusion=WORDS, by=clerk, at=DURING)


def send_back(item, clerk, decider):
    settle(item.objections.get(), upheld=False, conclusion="查无此事", by=clerk, at=DURING)
    steps.take_down(item.period, by=clerk, at=DURING, reason="附件有误")
    steps.send_back(item.case, by=clerk, at=DURING, reason=WORDS)


def decide(item, clerk, decider):
    settle(item.objections.get(), upheld=True, conclusion="查实", by=clerk, at=DURING)
    case_steps.decide(engine.load(item.case_id), "approve", by=decider, at=DURING, opinion=WORDS)


@pytest.mark.parametrize("act", [take_down, conclude, send_back, decide], ids=lambda act: act.__name__)
def test_words_that_tell_who_objected_are_refused_wherever_they_are_typed(
    objected, item, clerk, decider, act
):
    with pytest.raises(Refused, match="提出人保密"):
        act(item, clerk, decider)
    written = f"{[*Event.objects.values()]}{[*Letter.objects.values()]}"
    assert what()["name"] not in written


def test_ground_that_an_objection_left_is_not_set_aside_in_words_that_tell(item, clerk):
    sweep(OVER)
    objection = steps.lodge(item, at=OVER, by=clerk, received_on=at("2026-10-03 09:00").date(), **what())
    settle(objection, upheld=True, conclusion="查实", by=clerk, at=OVER)
    ground = grounds.GroundFound.objects.get()
    with pytest.raises(Refused, match="提出人保密"):
        grounds.set_aside(ground, reason=WORDS, by=clerk, at=OVER)
