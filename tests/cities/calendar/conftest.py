import pytest

from cities.calendar import (
    Calendar,
)
from tests.conftest import put_calendar


@pytest.fixture(autouse=True)
def loaded(db):
    put_calendar()


@pytest.fixture
def calendar(loaded):
    """Read once; no example changes it."""
    return Calendar(range(2019, 2027))
