"""What a text leaves open is asked and answered in every row that says so."""

from pathlib import Path
from typing import Any

import pytest

from tests.cities.conftest import FILES
from tests.rulebooks import content_of


def interpretations(node: Any) -> list[Any]:
    """Those of a part of a file and of all that stands in it."""
    if isinstance(node, list):
        return [one for part in node for one in interpretations(part)]
    if not isinstance(node, dict):
        return []
    below = [interpretations(part) for key, part in node.items() if key != "interpretations"]
    return [*node.get("interpretations", []), *(one for part in below for one in part)]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_interpretation_asks_a_question_and_has_a_reading(file: Path) -> None:
    found = interpretations(content_of(file))
    assert found
    assert [one for one in found if not one["question"].endswith("？")] == []
    assert [one for one in found if not one["reading"].endswith("。")] == []
