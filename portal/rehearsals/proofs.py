"""What the rehearsals of this installation prove, and of which rules: those that stand as the rehearsed file has them."""

from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from cities.models import Rulebook
from cities.rulebooks import content
from cities.rulebooks.content import Content
from cities.rulebooks.draft import read_draft
from portal.rehearsals.reading import Rehearsal, read_all

# How we read a row and where it stands in the order change nothing that is carried out.
BESIDE = ("interpretations", "order")


def shipped() -> list[Rehearsal]:
    """Every rehearsal that comes with the rulebooks."""
    return read_all([Path(settings.BASE_DIR) / "fixtures/rehearsals"])


def proven(rulebook: Rulebook) -> set[str]:
    """The ids of its rules that a rehearsal says it proves; that it does is for the tests to show. A rule whose rows were
    corrected or edited since is proven by none: nobody has rehearsed it so."""
    claimed = _claimed().get(rulebook.programme.slug, {})
    found: set[str] = set()
    for path, rules in claimed.items():
        rehearsed = _content(path)
        if rulebook.digest == rehearsed.digest:
            found |= rules
            continue
        shown = content.of_rulebook(rulebook)
        found |= {rule for rule in rules if _carriers(shown, rule) == _carriers(rehearsed, rule)}
    return found


@cache
def _claimed() -> dict[str, dict[Path, set[str]]]:
    """By programme, then by the file that was rehearsed."""
    found: dict[str, dict[Path, set[str]]] = {}
    for one in shipped():
        found.setdefault(one.programme, {}).setdefault(one.rulebook, set()).update(one.proves)
    return found


@cache
def _content(path: Path) -> Content:
    draft, problems = read_draft(path)
    assert draft is not None, problems.errors
    return content.of_draft(draft)


def _carriers(said: Content, rule: str) -> dict[tuple[str, str], Any]:
    """What the rows that carry a rule say, and how their days are counted. The head's days are a version's own life."""
    rows = {
        (section, place): values
        for section, some in said.rows.items()
        for place, values in some.items()
        if rule in values.get("rules", ())
    }
    counting = said.rows.get("counting_rules", {})
    ways = {
        ("counting_rules", key): counting[key]
        for values in rows.values()
        if (key := values.get("counting")) in counting
    }
    return {
        where: {name: value for name, value in values.items() if name not in BESIDE}
        for where, values in {**rows, **ways}.items()
    }
