"""Each door opened once, by the first of those whom it lets in, on PostgreSQL: on SQLite everybody comes to each."""

from typing import Any

import pytest

from tests.portal.doors.asking import Visitor
from tests.portal.doors.reading import AREAS, LET_IN, doors_of

pytestmark = [pytest.mark.django_db, pytest.mark.services]


def test_each_door_opens_to_whom_it_is_for(world: Any):
    visitors = {role: Visitor(user) for role, user in world.people.items()}
    wrong = []
    for door, row in (pair for area in AREAS for pair in doors_of(area)):
        for method, line in row.lines.items():
            for role in line.let_in[:1]:
                word = visitors[role].ask(method, world.address(door, row.about)).word
                wrong += [] if word in LET_IN else [f"{method} {door.name} as {role}: {word}"]
    assert not wrong, "\n".join(wrong)
