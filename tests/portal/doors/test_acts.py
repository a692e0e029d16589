"""The buttons of the desk's pages, posted by whoever may not press them."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from cases import deadlines, desk, people
from cases.admin.batch import ACTS as OF_BATCHES
from cases.admin.case import guard
from cases.batches import since
from cases.models import Case
from cases.people import DESK_PERMISSION
from publicity.admin.handling import ACTS as OF_OBJECTIONS
from publicity.admin.objections import LOOK
from tests.conftest import NOW
from tests.portal.doors.asking import Visitor
from tests.portal.doors.reading import acts, distinct, row_of
from tests.portal.doors.walk import doors

pytestmark = pytest.mark.django_db


def test_every_button_is_in_the_table():
    known = {("admin:cases_case_change", "action", action.key) for _, action in desk._actions}
    known |= {("admin:cases_batch_change", "do", key) for key in OF_BATCHES}
    known |= {("admin:publicity_objection_change", "act", key) for key in (*OF_OBJECTIONS, LOOK)}
    assert known == set(acts())


# Of a case's buttons those that one of the world's cases is at the point for; of the others it is made believe.
REACHED = {"decide", "assign", "take_down", "serve", "note_afterwards", "hold", "extend", "correct", "revoke"}


def test_who_may_not_press_a_button_changes_nothing_by_posting_it(world: Any):
    """Where it can be pressed: who may is let do it."""
    here = {role: Visitor(user) for role, user in world.people.items() if role in distinct()}
    there = {role: Visitor(user) for role, user in world.neighbours.items()}
    wrong, pressed = [], set()
    for (page, name, value), who in acts().items():
        url, typed = placed(world, page, value)
        for visitor in [*(here[role] for role in here if role not in who), *(there[role] for role in who)]:
            answer = visitor.ask("POST", url, typed | {name: value})
            wrong += [f"{page} {value} as {visitor}: {sorted(answer.written)}"] if answer.written else []
        if any(here[role].ask("POST", url, typed | {name: value}).written for role in who if role in here):
            pressed.add(value)
    assert not wrong, "\n".join(wrong)
    assert pressed >= REACHED | {"remove", "look"}, pressed


def test_button_is_offered_to_those_in_the_table_and_to_nobody_else(world: Any, monkeypatch: Any):
    """Also where no case of the world is at its point."""
    case = Case.objects.get(pk=world.things["case"]["pk"])
    others = {f"the other {role}": user for role, user in world.neighbours.items()}
    wrong = []
    for _, action in desk._actions:
        if hasattr(action, "permission"):  # the others ask who stands at the desk: they are reached above
            monkeypatch.setattr(type(action), "fits", lambda self, case: True)
            offered = {
                role
                for role, user in (world.people | others).items()
                if action.available(case, user or AnonymousUser())
            }
            if offered != set(acts()["admin:cases_case_change", "action", action.key]):
                wrong.append(f"{action.key}: {sorted(offered)}")
        else:
            assert action.key in REACHED
    assert wrong == []


def placed(world: Any, page: str, value: str) -> tuple[str, dict[str, Any]]:
    """The address where it can be pressed, if there is any in this world, and what its form asks."""
    door = next(door for door in doors() if door.name == page)
    row = row_of(door)
    assert row
    if page != "admin:cases_case_change":
        return world.address(door, row.about), filled_in(world)
    case = next((one for one in Case.objects.order_by("pk") if fits(one, value, world)), None)
    if case is None:
        return world.address(door, row.about), filled_in(world)
    return door.address({"pk": case.pk}), filled_in(world, case)


def fits(case: Case, key: str, world: Any) -> bool:
    users = (world.people["clerk"], world.people["decider"])
    return any(action.key == key for user in users for action in desk.actions(case, user))


def test_who_may_not_verify_a_seal_changes_nothing_by_posting_it(world: Any):
    page = next(door for door in doors() if door.name == "admin:cases_case_change")
    url, seal = world.address(page, "case"), {"seal": world.things["case"]["material"]}
    everybody = world.people | {f"the other {role}": user for role, user in world.neighbours.items()}
    pressed = {role for role, user in everybody.items() if Visitor(user).ask("POST", url, seal).written}
    assert pressed == {"clerk"}


def filled_in(world: Any, case: Case | None = None) -> dict[str, Any]:
    """What the forms ask, so that nothing but who it is stands in the way."""
    case = case or Case.objects.get(pk=world.things["case"]["pk"])
    deadline = deadlines.open_of(case)
    return {
        **guard(case),
        "seen": deadline.stamp if deadline else "",
        "how": "handed",
        "served_on": NOW.date(),
        "received_on": NOW.date(),
        "afterwards": "没有在办的项目",
        "owner": worker(case, world).pk,
        "opinion": "同意",
        "reason": "有理由",
        "words": "已核实",
        "purpose": "audit",
        "title": "另一批",
        "outcome": "return",
        "named_day": NOW.date() + timedelta(days=7),
        "number": 5,
        "day": NOW.date() + timedelta(days=7),
        "chosen": f"{case.pk} {since(case)}",
        "candidate": case.pk,
        "desk": guard(case)["stage"],
    }


def worker(case: Case, world: Any) -> Any:
    """Whichever desk it is at: which of the world's cases is asked, nobody has chosen."""
    at_desk = people.workers(case).first() if case.waiting_for in DESK_PERMISSION else None
    return at_desk or world.people["clerk"]
