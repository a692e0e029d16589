from typing import Any

import pytest

from tests.cities.rules_page.page import AT


@pytest.fixture(autouse=True)
def now(stopped_clock: Any) -> None:
    stopped_clock(AT)
