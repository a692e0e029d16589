from dataclasses import replace

import pytest

from providers import chain
from providers.models import ListEdition
from tests.providers.codes import code
from tests.providers.conftest import moment
from tests.providers.test_registry import REPLACE, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def editions(unit):
    """Edition 1, handed in, and edition 2, which a change made."""
    publish(unit, REPLACE)
    return unit.programme


def test_chain_of_a_list_holds(editions):
    assert chain.broken(editions) == []


@pytest.mark.parametrize(
    ("number", "altered", "broken"),
    [
        (2, {"changes": []}, [2]),
        (2, {"kind": "erratum"}, [2]),
        (2, {"published_at": moment("2026-04-01T09:31")}, [2]),
        (1, {"digest": "0" * 64}, [2]),
        (2, {"number": 3}, [3]),
    ],
)
def test_edition_that_was_altered_is_named(editions, number, altered, broken):
    ListEdition.objects.filter(number=number).update(**altered)

    assert chain.broken(editions) == broken


def back():
    return [replace(REPLACE, partner_code=code(102), leaving_code=code(104))]


def test_list_without_any_edition(programme):
    assert chain.broken(programme) == []


def test_correction_of_an_earlier_edition_breaks_all_that_follow_it_but_not_a_list_handed_in(editions, unit):
    publish(unit, *back(), at=moment("2026-05-01T09:30"))
    ListEdition.objects.filter(number=2).update(digest="0" * 64)

    assert chain.broken(editions) == [2, 3]
