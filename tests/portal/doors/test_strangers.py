"""Who has no part in a thing is told the same whether it is there or not: the same page, after the same number of queries."""

from typing import Any

import pytest

from tests.portal.doors.asking import Visitor
from tests.portal.doors.made_up import MADE_UP, made_up, malformed
from tests.portal.doors.reading import AREAS, NOTHING, Row, distinct, doors_of
from tests.portal.doors.walk import Door

pytestmark = pytest.mark.django_db

METHODS = ("GET", "POST")


@pytest.mark.parametrize("area", AREAS)
def test_neighbour_gets_the_same_404_as_for_what_is_not_there(world: Any, area: str):
    """Asked for by all of them; posted to by those whom the door at home lets in."""
    visitors = {role: Visitor(user) for role, user in world.neighbours.items() if role in distinct()}
    wrong: list[str] = []
    for door, row in _of_something(area):
        for method, line in row.lines.items():
            asking = [role for role in visitors if method == "GET" or role in line.let_in]
            for role in asking if line.others == NOTHING else ():
                told = _compare(world, door, row, method, visitors[role])
                wrong += [f"{method} {door.name} as the other {role}: {told}"] if told else []
    assert not wrong, "\n".join(wrong)


def _compare(world: Any, door: Door, row: Row, method: str, visitor: Visitor) -> str:
    nowhere = world.address(door, row.about, made_up(door, world.own(door, row.about)))
    somewhere = world.address(door, row.about)
    nothing, there = visitor.ask(method, nowhere), visitor.ask(method, somewhere)
    if there.word != NOTHING or nothing.word != NOTHING:
        return f"{there.word} where it is, {nothing.word} where it is not"
    if there.queries != nothing.queries:
        return f"{there.queries} queries where it is, {nothing.queries} where it is not"
    # The page may repeat the address that was asked for, and nothing else of it.
    one, other = there.body.replace(somewhere.encode(), b""), nothing.body.replace(nowhere.encode(), b"")
    return "" if one == other else "another page"


@pytest.mark.parametrize("area", AREAS)
def test_what_is_not_there_is_404_for_whoever_would_be_let_in(world: Any, area: str):
    visitors = {role: Visitor(user) for role, user in world.people.items()}
    wrong: list[str] = []
    for door, row in _of_something(area):
        url = world.address(door, row.about, made_up(door, world.own(door, row.about)))
        for method, line in row.lines.items():
            for role in line.let_in if len(line.let_in) < len(distinct()) else ["anonymous", "clerk"]:
                word = visitors[role].ask(method, url).word
                expected = line.at_made_up(role)
                is_as_expected = word == expected or (method, word, expected) == ("POST", "leads", "yes")
                wrong += [] if is_as_expected else [f"{method} {door.name} ({url}) as {role}: {word}"]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("area", AREAS)
def test_what_can_be_no_key_leads_nowhere(world: Any, area: str):
    """Each key of an address in turn, by somebody who is let in."""
    visitors = {role: Visitor(user) for role, user in world.people.items()}
    wrong: list[str] = []
    for door, row in _of_something(area):
        method = "GET" if row.lines["GET"].let_in else "POST"
        line = row.lines[method]
        for role in line.let_in[:1] if line.made_up == NOTHING else ():
            for keys in malformed(door, world.own(door, row.about)):
                url = world.address(door, row.about, keys)
                answer = visitors[role].ask(method, url)
                wrong += [] if answer.word == NOTHING else [f"{method} {url} as {role}: {answer.status}"]
    assert not wrong, "\n".join(wrong)


def _of_something(area: str) -> list[tuple[Door, Row]]:
    return [(door, row) for door, row in doors_of(area) if row.is_of_something]


def test_every_word_for_a_key_has_something_made_up():
    kinds = {kind for area in AREAS for door, _ in doors_of(area) for kind in door.keys.values()}
    assert kinds == set(MADE_UP)
