"""The five regulations, all loaded."""

from pathlib import Path

import pytest

from cities.models import Rulebook
from cities.rulebooks.load import load
from tests.conftest import NOW
from tests.remembered import Remembered

FILES = sorted((Path(__file__).parents[2] / "fixtures/rulebooks").glob("*.yaml"))
put_all_five = Remembered(lambda: load(FILES, at=NOW))


@pytest.fixture
def five(calendar: None) -> list[Rulebook]:
    put_all_five()
    return list(Rulebook.objects.select_related("programme__city"))
