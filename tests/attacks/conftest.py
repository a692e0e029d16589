"""What attackers have in common: something behind every door, and browsers that believe nobody."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.portal.doors.world import World, build


@pytest.fixture
def world(programme: Any, registration: Any, second: Any, stopped_clock: Any) -> World:
    return build(programme, registration, second)


@pytest.fixture
def as_(world: World) -> Callable[[str], Client]:
    """A browser of somebody of the table's roles, here; `other_clerk` is a neighbour's."""

    def browser(who: str) -> Client:
        client = Client(raise_request_exception=False)
        neighbour = who.removeprefix("other_")
        user = world.people[who] if neighbour == who else world.neighbours[neighbour]
        if user is not None:
            client.force_login(user)
        return client

    return browser
