"""The five regulations, all loaded."""

from pathlib import Path

import pytest

from cities.models import Rulebook
from tests.conftest import put_rulebooks

FILES = sorted((Path(__file__).parents[2] / "fixtures/rulebooks").glob("*.yaml"))


@pytest.fixture
def five(calendar: None) -> list[Rulebook]:
    put_rulebooks(*FILES)
    return list(Rulebook.objects.select_related("programme__city"))
