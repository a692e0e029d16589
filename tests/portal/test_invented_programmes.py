"""Three invented programmes with odd numbers: each a file of rows, run by the engine as it is."""

import re
from pathlib import Path

import pytest
import yaml

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
def test_invented_programme_runs_as_its_rows_say(path):
    rehearsals = read_all([PROGRAMMES / "rehearsals" / path.name])
    failed = {
        played.rehearsal.name: played.differences for played in play_all(rehearsals) if not played.passed
    }
    assert failed == {}


@pytest.mark.django_db
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_rule_of_an_invented_programme_is_enforced_and_proven(path, calendar):
    """But who may be listed at all, which waits for entering."""
    proven = {rule for one in read_all([PROGRAMMES / "rehearsals" / path.name]) for rule in one.proves}
    [result] = load([path], at=NOW)
    found = {one.rule.key: (one.status, one.awaits) for one in coverage.trace(result.rulebook, proven)}
    awaiting = {key for key, (status, _) in found.items() if status == Status.AWAITING}
    assert {found[key] for key in awaiting} == {(Status.AWAITING, ("entry",))}
    assert {key for key, (status, _) in found.items() if status == Status.ENFORCED} == proven
    assert found.keys() == proven | awaiting


def names() -> dict[str, str]:
    """What a city or programme of this installation is called: its names, slugs and number prefix, by file."""
    found = {}
    for path in sorted((ROOT / "fixtures/rulebooks").glob("*.yaml")):
        content = content_of(path)
        city, programme = content["city"], content["programme"]
        for word in (
            city["slug"],
            city["name"],
            programme["slug"],
            programme["name"],
            programme["number_prefix"],
        ):
            found[word] = path.name
    return found


def sources() -> list[Path]:
    left_out = {"tests", ".venv", "var", "node_modules"}
    return [path for path in ROOT.rglob("*.py") if not left_out & set(path.relative_to(ROOT).parts)]


def test_no_source_file_names_a_city_or_a_programme():
    """A word of letters counts as a whole word; Chinese wherever it stands."""
    known = names()
    assert len(known) > 15
    latin = "|".join(re.escape(word) for word in known if word.isascii())
    chinese = "|".join(re.escape(word) for word in known if not word.isascii())
    pattern = re.compile(rf"(?<![\w-])(?:{latin})(?![\w-])|{chinese}")
    paths = sources()
    assert len(paths) > 100
    named = {
        f"{path.relative_to(ROOT)}:{number}": match.group()
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if (match := pattern.search(line))
    }
    assert named == {}


def test_no_source_or_template_calls_every_office_by_the_word_of_one():
    heads = [content_of(path)["programme"] for path in (ROOT / "fixtures/rulebooks").glob("*.yaml")]
    words = {head["office_term"] for head in heads if "office_term" in head} | {"专班"}
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


def test_search_for_names_would_find_one():
    content = yaml.safe_load((ROOT / "fixtures/demo/dongguan-lead-units.yaml").read_text())
    assert content["programme"] in names()
