from typing import Any

import pytest

from tests.portal.doors.world import World, build


@pytest.fixture
def world(programme: Any, registration: Any, second: Any, stopped_clock: Any) -> World:
    return build(programme, registration, second)
