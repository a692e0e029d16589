"""What these tests share."""

from pathlib import Path

import pytest

from cities.rulebooks.load import RulebookErrors, load
from tests.conftest import at

AT = at("2026-09-01 09:00")

LATER = at("2026-09-02 09:00")


def refusal(*paths: Path) -> list[tuple[int, str, str]]:
    with pytest.raises(RulebookErrors) as refused:
        load(list(paths), at=AT)
    return [(error.line, error.key, error.reason) for error in refused.value.errors]
