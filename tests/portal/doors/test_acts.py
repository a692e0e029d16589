"""The buttons of the desk's pages, posted by whoever may not press them."""

from typing import Any

import pytest

from cases import desk
from cases.admin.batch import ACTS as OF_BATCHES
from cases.admin.case import guard
from cases.batches import since
from cases.models import Case
from publicity.admin.handling import ACTS as OF_OBJECTIONS
from publicity.admin.objections import LOOK
from tests.portal.doors.asking import Visitor
from tests.portal.doors.reading import acts, distinct, row_of
from tests.portal.doors.walk import doors

pytestmark = pytest.mark.django_db


def test_every_button_is_in_the_table():
    known = {("admin:cases_case_change", "action", action.key) for _, action in desk._actions}
    known |= {("admin:cases_batch_change", "do", key) for key in OF_BATCHES}
    known |= {("admin:publicity_objection_change", "act", key) for key in (*OF_OBJECTIONS, LOOK)}
    assert known == set(acts())


def test_who_may_not_press_a_button_changes_nothing_by_posting_it(world: Any):
    here = {role: Visitor(user) for role, user in world.people.items() if role in distinct()}
    there = {role: Visitor(user) for role, user in world.neighbours.items()}
    pages = {door.name: world.address(door, row.about) for door in doors() if (row := row_of(door))}
    typed, wrong = filled_in(world), []
    for (page, name, value), who in acts().items():
        for visitor in [*(here[role] for role in here if role not in who), *(there[role] for role in who)]:
            answer = visitor.ask("POST", pages[page], typed | {name: value})
            wrong += [f"{page} {value} as {visitor}: {sorted(answer.written)}"] if answer.written else []
    assert not wrong, "\n".join(wrong)
    assert here["clerk"].ask("POST", pages["admin:cases_batch_change"], typed | {"do": "remove"}).written


def test_who_may_not_verify_a_seal_changes_nothing_by_posting_it(world: Any):
    page = next(door for door in doors() if door.name == "admin:cases_case_change")
    url, seal = world.address(page, "case"), {"seal": world.things["case"]["material"]}
    everybody = world.people | {f"the other {role}": user for role, user in world.neighbours.items()}
    pressed = {role for role, user in everybody.items() if Visitor(user).ask("POST", url, seal).written}
    assert pressed == {"clerk"}


def filled_in(world: Any) -> dict[str, Any]:
    """What the forms ask, so that nothing but who it is stands in the way."""
    case = Case.objects.get(pk=world.things["case"]["pk"])
    return {
        **guard(case),
        "opinion": "同意",
        "reason": "有理由",
        "words": "已核实",
        "purpose": "audit",
        "title": "另一批",
        "outcome": "support",
        "chosen": f"{case.pk} {since(case)}",
        "candidate": case.pk,
        "desk": guard(case)["stage"],
    }
