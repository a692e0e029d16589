"""The comparison of the programmes: what the real rulebooks say, each in its own words, and nothing borrowed."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.cities.comparison.table import AT, FIVE, Cells, cells
from tests.conftest import put_rulebooks

FOLDER = Path(__file__).parents[3] / "fixtures/rulebooks"


@pytest.fixture(autouse=True)
def now(stopped_clock: Any) -> None:
    stopped_clock(AT)


@pytest.fixture
def five() -> None:
    put_rulebooks(*(FOLDER / f"{slug}.yaml" for slug in FIVE))


@pytest.fixture
def shown(five: None, client: Client) -> Cells:
    return cells(client)
