"""What the steps ask and lock, on the database of a city: the longest stories of each rulebook, from filing to publication, order and
removal."""

from itertools import groupby

import pytest

from portal.rehearsals.play import on_rulebook, play
from portal.rehearsals.proofs import shipped
from portal.rehearsals.reading import Rehearsal

LONGEST = 3

pytestmark = [pytest.mark.services, pytest.mark.django_db]


def stories() -> list[Rehearsal]:
    by_rulebook = groupby(sorted(shipped(), key=rulebook_of), key=rulebook_of)
    return [one for _, some in by_rulebook for one in sorted(some, key=lambda one: -len(one.story))[:LONGEST]]


def rulebook_of(rehearsal: Rehearsal) -> str:
    return str(rehearsal.rulebook)


@pytest.mark.parametrize("story", stories(), ids=lambda story: story.name)
def test_story_ends_as_it_does_on_sqlite(story: Rehearsal, calendar: None) -> None:
    with on_rulebook([story]):
        assert play(story) == []
