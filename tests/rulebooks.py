"""The demonstration rulebook with rows changed, to see the behaviour change with them."""

from pathlib import Path
from typing import Any

import yaml

from cities.models import Programme
from cities.rulebooks.load import load
from tests.conftest import NOW, RULEBOOK


def load_changed(folder: Path, change: Any) -> Programme:
    """Load the rulebook as `change(content)` leaves it; meant for an empty database."""
    content = yaml.safe_load(RULEBOOK.read_text())
    change(content)
    path = folder / "changed.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False))
    load([path], at=NOW)
    return Programme.objects.select_related("city").get(slug=content["programme"]["slug"])


def stage(content: dict[str, Any], key: str, procedure: str = "partner_change") -> dict[str, Any]:
    rows = next(row for row in content["procedures"] if row["key"] == procedure)["stages"]
    return next(row for row in rows if row["key"] == key)


def limit(content: dict[str, Any], measure: str) -> dict[str, Any]:
    return next(
        row
        for row in content["limits"]
        if row["measure"] == measure and row.get("procedure_key", "") != "unit_change"
    )
