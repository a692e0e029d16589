"""Every rule that counts as enforced is proven: change a row that carries it out, and a rehearsal that says so fails."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from cities.rulebooks.errors import RulebookErrors
from portal.rehearsals.play import play_all
from portal.rehearsals.proofs import shipped
from portal.rehearsals.reading import Rehearsal
from tests.portal.rehearsals.mutations import carriers, changed, is_carried_out
from tests.rulebooks import content_of as content_of_file
from tests.rulebooks import write

RULEBOOKS = Path(__file__).parents[3] / "fixtures/rulebooks"
pytestmark = pytest.mark.django_db


@cache
def content_of(programme: str) -> Any:
    return content_of_file(RULEBOOKS / f"{programme}.yaml")


@cache
def claims() -> list[tuple[str, str]]:
    """Each rule that a rehearsal says it proves, with its programme."""
    return sorted({(one.programme, rule) for one in shipped() for rule in one.proves})


def proofs(programme: str, rule: str) -> list[Rehearsal]:
    return [one for one in shipped() if one.programme == programme and rule in one.proves]


@pytest.mark.parametrize(("programme", "rule"), claims(), ids=lambda value: value)
def test_rehearsal_fails_when_the_row_that_it_proves_is_changed(programme, rule, calendar, tmp_path):
    content = content_of(programme)
    rows, proving = carriers(content, rule), proofs(programme, rule)
    assert rows, f"no row of {programme} carries {rule}"
    noticed = [is_noticed(content, section, way, proving, tmp_path) for section, way in rows]
    # What waits for its kind can only be counted, which proves one of its rows.
    carried_out = all(is_carried_out(content, way) for _, way in rows)
    told = [way for (_, way), is_so in zip(rows, noticed, strict=True) if not is_so]
    assert all(noticed) if carried_out else any(noticed), f"{rule}: no rehearsal notices a change of {told}"


def is_noticed(content: Any, section: str, way: list[Any], rehearsals: list[Rehearsal], folder: Path) -> bool:
    return any(fails(copy, rehearsals, folder) for _values, copy in changed(content, section, way))


def fails(copy: Any, rehearsals: list[Rehearsal], folder: Path) -> bool:
    """Whether one of them fails on the changed rulebook; a change that the loader refuses shows nothing."""
    path = write(folder, copy)
    try:
        return any(
            not played.passed for played in play_all(replace(one, rulebook=path) for one in rehearsals)
        )
    except RulebookErrors:
        return False


def test_rehearsals_all_pass_on_the_rulebooks_as_they_are(calendar):
    failed = [played.rehearsal.name for played in play_all(shipped()) if not played.passed]
    assert failed == []


def test_rules_that_rehearsals_prove_stand_in_their_rulebooks():
    for programme, rule in claims():
        assert rule in {row["key"] for row in content_of(programme)["rules"]}, rule
