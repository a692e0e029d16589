"""What these tests share."""

from typing import Any

from tests.conftest import NOW, at
from tests.rulebooks import stage

TODAY = NOW.date()

LATER = at("2026-09-28 10:00")


def days(span: int | None, counting: str = "calendar_next", key: str = "publicity") -> Any:
    return lambda content: stage(content, key).update(span=span, counting=counting)
