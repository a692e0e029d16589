"""Column by column: each value that code reads in a limit of an open procedure is felt by a rehearsal, numbers by one."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from cities import built
from cities.calendar.loading import seed
from cities.models import CalendarYear, Limit, Procedure, Rulebook
from cities.queries import limits_of
from cities.rulebooks.load import load
from portal.rehearsals.play import play
from portal.rehearsals.proofs import shipped
from portal.rehearsals.reading import Rehearsal
from records import clock
from tests.cities.rows import DG
from tests.portal.rehearsals import columns

pytestmark = pytest.mark.django_db


def rehearsals(programme: str) -> list[Rehearsal]:
    return [one for one in shipped() if one.programme == programme]


def loaded(programme: str) -> Rulebook:
    """As `play_all` loads it; every change is taken back by itself, so that it is loaded once."""
    some = rehearsals(programme)
    before = min(one.given["published"] for one in some) - timedelta(days=1)
    with clock.stopped_at(before):
        if not CalendarYear.objects.exists():
            seed(before)
        load([some[0].rulebook], at=before)
    return Rulebook.objects.get(programme__slug=programme)


def unnoticed(
    rows: Any, changes_of: Callable[[Any], Iterator[columns.Change]], some: list[Rehearsal]
) -> list[str]:
    """The changes that no rehearsal minds: those that prove a rule of the row first."""
    found = []
    for row in rows:
        in_order = sorted(some, key=lambda one: not set(one.proves) & set(row.rules))
        found += [
            f"{row.section}.{row.key} {change}"
            for change in changes_of(row)
            if not is_felt(row, change, in_order)
        ]
    return found


def is_felt(row: Any, change: columns.Change, some: list[Rehearsal]) -> bool:
    """A row in force is frozen; a test reaches past that."""
    with transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(**change)
        is_so = any(play(one) for one in some)
        transaction.set_rollback(True)
    return is_so


def open_procedures(book: Rulebook) -> list[Procedure]:
    return [one for one in Procedure.objects.filter(rulebook=book) if built.is_built(one.kind)]


@pytest.mark.parametrize(
    "key",
    [
        "changes_per_year",
        "months_between_changes",
        "partners_at_most",
        "lead_units_per_partner",
        "lead_unit_as_partner",
    ],
)
def test_every_column_of_a_limit_is_felt(key):
    book = loaded(DG)
    asked = {
        limit.key
        for one in open_procedures(book)
        for limit in limits_of(one, one.rulebook.published_at).values()
    }
    assert key in asked
    rows = Limit.objects.filter(rulebook=book, key=key)
    proving = [one for one in rehearsals(DG) if set(one.proves) & set(rows.get().rules)]
    assert unnoticed(rows, columns.of_limit, proving) == []
