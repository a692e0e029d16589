"""Every rule that counts as enforced is proven: change a row that carries it out, and a rehearsal that says so fails."""

import os
import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from cities.rulebooks.errors import RulebookErrors
from portal.rehearsals.play import on_rulebook, play, play_all
from portal.rehearsals.proofs import shipped
from portal.rehearsals.reading import Rehearsal, read_all
from tests.portal.rehearsals.mutations import HEAD_OF, Way, carriers, changed, is_carried_out
from tests.rulebooks import content_of, write

# `make proofs` asks after every change of every row, which takes minutes; else only as many are changed as prove each rule.
EVERY_CHANGE = bool(os.environ.get("EVERY_CHANGE"))
INVENTED = Path(__file__).parents[2] / "programmes/rehearsals"
pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Carried:
    """A row, and those of the rules it carries that rehearsals prove."""

    rulebook: Path
    section: str
    way: Way
    rules: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.rulebook.stem}.{'.'.join(map(str, self.way))}"


@cache
def rehearsed() -> list[Rehearsal]:
    return [*shipped(), *read_all([INVENTED])]


@cache
def claims() -> list[tuple[Path, str]]:
    """Each rule that a rehearsal says it proves, with its rulebook."""
    return sorted({(one.rulebook.resolve(), rule) for one in rehearsed() for rule in one.proves})


@cache
def rows_carried_out() -> list[Carried]:
    found: dict[tuple[Path, str, Way], list[str]] = {}
    for rulebook, rule in claims():
        content = content_of(rulebook)
        for section, way in carriers(content, rule):
            if is_carried_out(content, way):
                found.setdefault((rulebook, section, way), []).append(rule)
    return [Carried(*row, tuple(rules)) for row, rules in found.items()]


def rows_asked() -> list[Carried]:
    """Together they carry every rule: those that carry most of them first."""
    rows = rows_carried_out()
    if EVERY_CHANGE:
        return rows
    found: dict[tuple[Path, str], Carried] = {}
    for row in sorted(rows, key=lambda one: -len(one.rules)):
        if fresh := {(row.rulebook, rule) for rule in row.rules} - found.keys():
            found.update(dict.fromkeys(fresh, row))
    return [row for row in rows if row in found.values()]


def awaiting() -> list[tuple[Path, str]]:
    """The claims of which no row is carried out yet."""
    return [
        (rulebook, rule)
        for rulebook, rule in claims()
        if not any(
            is_carried_out(content_of(rulebook), way) for _, way in carriers(content_of(rulebook), rule)
        )
    ]


@pytest.mark.parametrize("row", rows_asked(), ids=str)
def test_change_of_a_row_fails_a_rehearsal_and_each_of_its_rules_has_one_that_fails(row, calendar, tmp_path):
    unnoticed, unproven = [], set(row.rules)
    for change, minding in noticed(row, tmp_path):
        unproven -= minding
        if not minding:
            unnoticed.append(change)
    assert unnoticed == [], f"no rehearsal of {row.rules} notices these"
    assert unproven == set(), "no change of the row is noticed by a rehearsal that proves these"


def noticed(row: Carried, folder: Path) -> list[tuple[Any, set[str]]]:
    """The changes of the row that the loader takes, with rules a rehearsal of which fails then: all of those that nothing
    has proven yet, and one at the least, if there is any."""
    found: list[tuple[Any, set[str]]] = []
    proven: set[str] = set()
    for change, copy, rules in changes_of(row):
        if proven.issuperset(row.rules) and not EVERY_CHANGE:
            break
        minding = minded(copy, row.rulebook, rules, proven, folder)
        if minding is not None:
            found.append((change, minding))
            proven |= minding
    return found


def changes_of(row: Carried) -> list[tuple[Any, Any, set[str]]]:
    """Each once, with the changed file and the rules that it is a change of."""
    found: dict[str, tuple[Any, Any, set[str]]] = {}
    for rule in row.rules:
        for change, copy in changed(content_of(row.rulebook), row.section, row.way, rule):
            found.setdefault(str(change), (change, copy, set()))[2].add(rule)
    return list(found.values())


def minded(copy: Any, rulebook: Path, rules: set[str], proven: set[str], folder: Path) -> set[str] | None:
    """The rules of which a rehearsal fails on the changed rulebook; None if the loader refuses it, which shows nothing. Whoever
    says the same once more of what is proven is not asked."""
    path, failing = write(folder, copy), set[str]()
    proving = [
        (replace(one, rulebook=path), rules.intersection(one.proves))
        for one in rehearsed()
        if one.rulebook.resolve() == rulebook and rules.intersection(one.proves)
    ]
    try:
        with on_rulebook([one for one, _ in proving]):
            for one, its in sorted(proving, key=lambda pair: len(pair[0].story)):
                if (not failing or its - failing - proven) and play(one):
                    failing |= its
    except RulebookErrors:
        return None
    return failing


@pytest.mark.parametrize(("rulebook", "rule"), awaiting(), ids=lambda value: getattr(value, "stem", value))
def test_rule_that_waits_for_its_kind_is_at_least_counted(rulebook, rule, calendar, tmp_path):
    """What cannot be carried out yet can be counted and looked at, which proves one of its rows."""
    content = content_of(rulebook)
    rows = carriers(content, rule)
    assert rows, f"no row of {rulebook.name} carries {rule}"
    assert any(
        minded(copy, rulebook, {rule}, set(), tmp_path)
        for section, way in rows
        for _change, copy in changed(content, section, way, rule)
    )


def test_every_rule_that_a_head_carries_says_by_which_of_its_columns():
    heads = {path: content_of(path)["rulebook"] for path, _ in claims()}
    assert {rule for head in heads.values() for rule in head.get("rules", [])} == HEAD_OF.keys()


def test_rows_that_are_asked_carry_every_rule_that_is_carried_out():
    carried, asked = (
        {(row.rulebook, rule) for row in rows for rule in row.rules}
        for rows in (rows_carried_out(), rows_asked())
    )
    assert asked == carried


def test_every_proven_rule_has_a_row_that_can_be_changed():
    assert [rule for rulebook, rule in claims() if not carriers(content_of(rulebook), rule)] == []


def test_rehearsals_all_pass_on_the_rulebooks_as_they_are(calendar):
    failed = [played.rehearsal.name for played in play_all(shipped()) if not played.passed]
    assert failed == []


def test_rules_that_rehearsals_prove_stand_in_their_rulebooks():
    for rulebook, rule in claims():
        assert rule in {row["key"] for row in content_of(rulebook)["rules"]}, rule


NAMED = re.compile(r"article-([0-9.a-z-]+?)(?:-corrections|-orders)?")


@pytest.mark.parametrize(
    "path",
    sorted({one.file for one in rehearsed() if one.file.parent != INVENTED}),
    ids=lambda path: path.name,
)
def test_file_of_rehearsals_is_named_after_the_article_that_it_rehearses(path):
    """As the ids of its rules write it: `article-4.6.3` is of GZ-4-6-3-a. Of what it proves, something stands there."""
    named = NAMED.fullmatch(path.stem)
    assert named, f"{path.name} is named after no article"
    rehearsals = [one for one in rehearsed() if one.file == path]
    article = named[1].replace(".", "-")
    rules = {row["key"].partition("-")[2] for row in content_of(rehearsals[0].rulebook)["rules"]}
    assert any(is_of(rule, article) for rule in rules), f"no rule of article {article}"
    proven = {rule.partition("-")[2] for one in rehearsals for rule in one.proves}
    assert not proven or any(is_of(rule, article) for rule in proven), proven


def is_of(rule: str, article: str) -> bool:
    return rule == article or rule.startswith(f"{article}-")
