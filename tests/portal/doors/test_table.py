"""The table speaks of every door there is, and of none that is not."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from tests.portal.doors.reading import lines, row_of, rows
from tests.portal.doors.structure import faults
from tests.portal.doors.walk import doors

# Actions that a list of the admin offers on the rows that are ticked, by model and name: who may. There are none.
ACTIONS: dict[tuple[str, str], set[str]] = {}
# What anybody may have a browser send, from wherever: it does nothing but to the page that the browser shows next.
FROM_ANYWHERE = {"large_type", "verify", "verify_code"}
NEW = """
{name} ({route}) has no row in tests/portal/doors/table.py. Give it one in DOORS, such as

{name:44} sees cases           405 staff            {about}
"""


def test_every_door_has_a_row():
    told = [
        NEW.format(name=door.name, route=door.route, about=(door.keys and "case, period, ...") or "-")
        for door in doors()
        if row_of(door) is None
    ]
    assert not told, "".join(told)


def test_every_row_speaks_of_a_door_and_every_line_of_a_row():
    spoken_of = {row.name for door in doors() if (row := row_of(door))}
    assert [row.name for row in rows() if row.name not in spoken_of] == []
    used = {line.name for row in rows() for line in row.lines.values()}
    assert sorted(lines().keys() - used) == []


def test_what_has_a_key_is_about_something():
    keyed = [(door, row) for door in doors() if door.keys and (row := row_of(door))]
    assert [door.name for door, row in keyed if row.about == "-"] == []


def test_no_door_is_open_to_forms_of_other_sites():
    assert {door.name for door in doors() if getattr(door.callback, "csrf_exempt", False)} == FROM_ANYWHERE


@pytest.mark.django_db
def test_every_action_of_the_lists_is_in_the_table(world: Any):
    offered: dict[tuple[str, str], set[str]] = {}
    for role, user in world.people.items():
        request = RequestFactory().get("/")
        request.user = user or AnonymousUser()
        for model, shown in admin.site._registry.items():
            for action in shown.get_actions(request):
                offered.setdefault((model._meta.label, action), set()).add(role)
    assert offered == ACTIONS


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("<main><h1>甲</h1><h2>乙</h2><label for='a'>丙</label><input id='a'></main>", []),
        ("<h1>甲</h1>", ["0 times main"]),
        ("<main><h1>甲</h1><h3>乙</h3></main>", ["h3 below h1"]),
        ("<main><h1>甲</h1><input name='a'></main>", ["no label for a"]),
        ("<main><h1>甲</h1><label>丙<input name='a'></label></main>", []),
        ("<main aria-labelledby='a'><h1>甲</h1></main>", ["nothing is called a"]),
        ("<main id='a'><h1 id='a'>甲</h1></main>", ["id a 2 times"]),
        ("<main><h1 tabindex='2'>甲</h1></main>", ["h1 out of the order of the keyboard"]),
        ("<main><h1>甲</h1><nav></nav></main>", ["a nav without a name"]),
    ],
)
def test_structure_of_a_page_is_read(body: str, told: list[str]):
    assert list(faults(f"<!doctype html>{body}".encode())) == told
