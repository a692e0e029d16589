"""What docs/attacks.md says is kept, is kept."""

import re
from pathlib import Path

from django.conf import settings

TESTS = Path(settings.BASE_DIR) / "tests"


def test_every_attack_names_tests_that_there_are_and_every_file_of_attacks_is_named():
    told = (Path(settings.BASE_DIR) / "docs/attacks.md").read_text()
    rows = [
        line for line in told.splitlines() if line.startswith("| ") and not line.startswith(("| by", "| ---"))
    ]
    cells = [row.rstrip("| ").rpartition("|")[2] for row in rows]
    named = [re.findall(r"`([\w/]+(?:\.py)?)`", cell) for cell in cells]
    assert [row for row, found in zip(rows, named, strict=True) if not found] == []
    missing = {
        one
        for found in named
        for one in found
        if not (TESTS / one).exists() and not list(TESTS.glob(f"*/*/{one}"))
    }
    assert missing == set()
    own = {f"attacks/{one.name}" for one in (TESTS / "attacks").glob("test_*.py")} - {
        "attacks/test_listed.py"
    }
    assert own - {one for found in named for one in found} == set()
