"""Everybody at every door of their own city or organisation."""

from typing import Any

import pytest
from django.apps import apps

from tests.portal.doors.asking import Answer, Visitor
from tests.portal.doors.reading import AREAS, LET_IN, Row, doors_of, row_of
from tests.portal.doors.structure import faults
from tests.portal.doors.walk import Door, doors

pytestmark = pytest.mark.django_db

# What is kept of a look: that somebody opened it, and that a letter has been read.
OF_A_LOOK = {"records_event", "cases_material", "records_letterdelivery"}
# Who reads everything changes nothing; whether the own desk is written to by mail, and what was typed, is everybody's own.
OF_AN_AUDITOR = {"records_event"}
OWN = {
    "admin:records_letter_mine": {"accounts_user", "records_event"},
    "kept_form": {"accounts_keptform"},
}
EVERYTHING = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_each_role_gets_what_the_table_says_and_changes_nothing_it_may_not(
    world: Any, method: str, area: str
):
    visitors = {role: Visitor(user) for role, user in world.people.items()}
    wrong = []
    for door, row in doors_of(area):
        url = world.address(door, row.about)
        for role in row.lines[method].asked:
            answer = visitors[role].ask(method, url)
            told = _wrong(door, row, method, role, answer)
            wrong += [f"{method} {door.name} ({url}) as {role}: {told}"] if told else []
            # What a page is made of is asked once of each.
            unfit = faults(answer.body) if role in row.lines[method].let_in[:1] else ()
            wrong += [f"{method} {door.name} ({url}): {told}" for told in unfit]
    assert not wrong, "\n".join(wrong)


def _wrong(door: Door, row: Row, method: str, role: str, answer: Answer) -> str:
    expected = row.lines[method].at_home(role)
    given = "yes" if (method, expected, answer.word) == ("POST", "yes", "leads") else answer.word
    if given != expected:
        return f"{given} instead of {expected}"
    allowed = _may_write(door, method, role) if expected in LET_IN else set()
    return f"wrote {sorted(answer.written - allowed)}" if answer.written - allowed else ""


def _may_write(door: Door, method: str, role: str) -> set[str]:
    """Of who is let in: everything, but for a look and for the auditor."""
    if method == "GET":
        return OF_A_LOOK
    return OWN.get(door.name, OF_AN_AUDITOR) if role == "auditor" else EVERYTHING


def test_who_is_shut_out_is_nobody(world: Any):
    """An account that was shut, whatever it held and though its session goes on."""
    shut_out, wrong = Visitor(world.inactive), []
    for area in AREAS:
        for door, row in doors_of(area):
            line = row.lines["GET"]
            if line.at_home("anonymous") in ("login", "."):
                answer = shut_out.ask("GET", world.address(door, row.about))
                if answer.word != line.at_home("anonymous"):
                    wrong.append(f"{door.name}: {answer.word}")
    assert wrong == []


@pytest.mark.parametrize(
    ("who", "role"),
    [("people", "editor"), ("people", "auditor"), ("people", "clerk"), ("neighbours", "editor")],
)
def test_rows_of_every_kind_are_as_the_one_that_was_asked_for(world: Any, who: str, role: str):
    visitor, wrong = Visitor(getattr(world, who)[role]), []
    for door in doors():
        row = row_of(door)
        if row and door.name in ("admin:<rule row>_change", "admin:<rule row>_add"):
            line = row.lines["GET"]
            expected = line.at_home(role) if who == "people" else line.elsewhere(role)
            answer = visitor.ask("GET", world.address(door, row.about))
            wrong += [f"{door.route}: {answer.word}"] if answer.word != expected else []
    assert wrong == []
