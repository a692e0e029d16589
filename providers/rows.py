"""How rows of the registry are written, each kind at once and with its history; for `providers.registry` alone."""

from collections.abc import Iterable
from typing import Any

from simple_history.utils import bulk_create_with_history

BATCH = 500


def create(model: Any, rows: Iterable[Any]) -> list[Any]:
    listed = list(rows)
    return bulk_create_with_history(listed, model, batch_size=BATCH) if listed else []
