"""Three invented programmes with odd numbers: each a file of rows, run by the engine as it is."""

import re
from functools import cache
from pathlib import Path

import pytest

from cities.rulebooks import coverage
from cities.rulebooks.coverage import Status
from cities.rulebooks.load import load
from portal.rehearsals.play import play_all
from portal.rehearsals.reading import read_all
from tests.conftest import NOW
from tests.rulebooks import content_of

ROOT = Path(__file__).parents[2]
PROGRAMMES = Path(__file__).parents[1] / "programmes"
FILES = sorted(PROGRAMMES.glob("*.yaml"))


@pytest.mark.django_db
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_invented_programme_runs_as_its_rows_say(path, calendar):
    rehearsals = read_all([PROGRAMMES / "rehearsals" / path.name])
    failed = {
        played.rehearsal.name: played.differences for played in play_all(rehearsals) if not played.passed
    }
    assert failed == {}


@pytest.mark.django_db
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_rule_of_an_invented_programme_is_enforced_and_proven(path, calendar):
    """But who may be listed at all: they have no procedure that asks it, and say so."""
    proven = {rule for one in read_all([PROGRAMMES / "rehearsals" / path.name]) for rule in one.proves}
    [result] = load([path], at=NOW)
    found = {one.rule.key: (one.status, one.awaits) for one in coverage.trace(result.rulebook, proven)}
    unasked = {key for key, (status, _) in found.items() if status == Status.DECLARATORY}
    assert {found[key] for key in unasked} == {(Status.DECLARATORY, ())}
    assert {key for key, (status, _) in found.items() if status == Status.ENFORCED} == proven
    assert found.keys() == proven | unasked


@cache
def heads() -> list[tuple[str, dict[str, str], dict[str, str]]]:
    """The file, the city and the programme of each rulebook of this installation."""
    files = sorted((ROOT / "fixtures/rulebooks").glob("*.yaml"))
    contents = [content_of(path) for path in files]
    return [(path.name, one["city"], one["programme"]) for path, one in zip(files, contents, strict=True)]


def names() -> set[str]:
    """What its cities and programmes are called: slugs, names with and without 市, terms for who is listed."""
    found = set()
    for _, city, programme in heads():
        found |= {city["slug"], city["name"], city["name"].removesuffix("市")}
        found |= {programme["slug"], programme["name"], programme["registrant_term"]}
    return found


@cache
def pattern() -> re.Pattern[str]:
    """A slug or name anywhere in a word, however it is written; a prefix of numbers where no letter stands beside it."""
    prefixes = "|".join(programme["number_prefix"] for _, _, programme in heads())
    words = "|".join(re.escape(word).replace(r"\-", "[-_]?") for word in names())
    return re.compile(rf"(?i:{words})|(?<![A-Za-z])(?:{prefixes})(?![A-Za-z])")


def sources() -> list[Path]:
    left_out = {"tests", ".venv", "var", "node_modules"}
    return [path for path in ROOT.rglob("*.py") if not left_out & set(path.relative_to(ROOT).parts)]


def test_no_source_file_names_a_city_or_a_programme():
    assert len(names()) > 15
    paths = sources()
    assert len(paths) > 100
    named = {
        str(path.relative_to(ROOT)): found.group()
        for path in paths
        if (found := pattern().search(path.read_text(encoding="utf-8")))
    }
    assert named == {}


SPELLINGS = [
    *("is_dongguan", "DONGGUAN", "class Dongguan:", 'startswith("dongguan-")', "dongguan_lead_units"),
    *("东莞", "广州市", '"DG-15-b"', "DG2026001", "牵引单位"),
]


@pytest.mark.parametrize("written", SPELLINGS)
def test_search_for_names_finds_one_however_it_is_written(written):
    assert pattern().search(written)


def test_no_source_or_template_calls_every_office_by_the_word_of_one():
    words = {programme["office_term"] for _, _, programme in heads() if "office_term" in programme} | {"专班"}
    assert len(words) > 3
    paths = [path for path in sources() if "migrations" not in path.parts]
    paths += (ROOT / "templates").rglob("*.html")
    named = {
        f"{path.relative_to(ROOT)}: {word}"
        for path in paths
        for word in words
        if word in path.read_text(encoding="utf-8")
    }
    assert named == set()
