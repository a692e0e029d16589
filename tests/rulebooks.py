"""The demonstration rulebook with rows changed, to see the behaviour change with them."""

import pickle
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from cities.models import Programme, Rulebook
from cities.rulebooks.errors import Problems
from cities.rulebooks.load import load
from cities.rulebooks.source import Node, read
from tests.conftest import NOW, RULEBOOK
from tests.remembered import once


def content_of(path: Path) -> Any:
    """A rulebook file as the loader reads it: `no` is a word, 4.6 an article's number."""
    return pickle.loads(_read(path))  # noqa: S301  (our own, of this process)


@cache
def _read(path: Path) -> bytes:
    problems = Problems(path.name)
    root = read(path, problems)
    assert root is not None, problems.errors
    return pickle.dumps(_plain(root))


def _plain(node: Node) -> Any:
    if isinstance(node.value, dict):
        return {key: _plain(entry) for key, entry in node.value.items()}
    return [_plain(item) for item in node.value] if isinstance(node.value, list) else node.value


def write(folder: Path, content: Any, name: str = "changed.yaml") -> Path:
    path = folder / name
    dumper = yaml.CSafeDumper if yaml.__with_libyaml__ else yaml.SafeDumper
    path.write_text(yaml.dump(content, Dumper=dumper, allow_unicode=True, sort_keys=False))
    return path


def load_changed(folder: Path, change: Any) -> Programme:
    """Load the rulebook as `change(content)` leaves it; meant for an empty database."""
    content = content_of(RULEBOOK)
    change(content)
    rulebook = once(lambda: _load(write(folder, content)), "load_changed", pickle.dumps(content))
    return Programme.objects.select_related("city").get(rulebooks=rulebook)


def load_next(folder: Path, change: Any = None, *, correction: str = "", **head: Any) -> Rulebook:
    """Load the next version of the rulebook that is there, as `change(content)` leaves it; in force today unless the head
    says otherwise. A correction is a file of the version it corrects."""
    content = content_of(RULEBOOK)
    if not correction:
        content["rulebook"] |= {"version": 2, "effective_from": NOW.date().isoformat()}
    content["rulebook"] |= head
    if change:
        change(content)
    next_one = once(
        lambda: _load(write(folder, content, "next.yaml"), correction),
        "load_next",
        pickle.dumps(content),
        correction,
    )
    return Rulebook.objects.select_related("programme__city").get(pk=next_one)


def load_other(name: str) -> Programme:
    """Load another programme's rulebook as its file has it; meant for an empty database."""
    rulebook = once(lambda: _load(RULEBOOK.with_name(f"{name}.yaml")), "load_other", name)
    return Programme.objects.select_related("city").get(rulebooks=rulebook)


def _load(path: Path, correction: str = "") -> int:
    [loaded] = load([path], at=NOW, correction=correction)
    return loaded.rulebook.pk


def stage(content: dict[str, Any], key: str, procedure: str = "partner_change") -> dict[str, Any]:
    rows = next(row for row in content["procedures"] if row["key"] == procedure)["stages"]
    return next(row for row in rows if row["key"] == key)


def limit(content: dict[str, Any], measure: str) -> dict[str, Any]:
    return next(
        row
        for row in content["limits"]
        if row["measure"] == measure and row.get("procedure_key", "") != "unit_change"
    )
