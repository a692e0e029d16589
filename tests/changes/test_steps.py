import pytest

from cases import engine
from cases.errors import Refused
from changes import steps
from changes.models import Operation
from tests.conftest import NOW, PARTNERS, add, at

pytestmark = pytest.mark.django_db

LATER = at("2026-09-18 09:00")


def test_saving_keeps_an_incomplete_draft(draft):
    steps.save(draft, reason="", explanation="急用", truthful=False, at=LATER)
    change = engine.load(draft.pk).partner_change
    assert (change.reason, change.explanation, change.truthful, change.saved_at) == ("", "急用", False, LATER)


def test_operations_keep_their_order(draft, registration):
    for partner in ("other", "fresh"):
        action, facts = add(partner, registration)
        steps.add_operation(draft, action, at=LATER, **facts)
    names = draft.partner_change.operations.values_list("order", "partner_name")
    assert list(names) == [(0, PARTNERS["other"][1]), (1, PARTNERS["fresh"][1])]
    assert engine.load(draft.pk).partner_change.saved_at == LATER


def test_operation_is_held_against_the_list_as_it_would_then_stand(draft, registration):
    action, facts = add("fresh", registration)
    steps.add_operation(draft, action, at=NOW, **facts)
    with pytest.raises(Refused, match="已经是智能移动终端的合作伙伴，不能再新增"):
        steps.add_operation(draft, action, at=NOW, **facts)
    assert draft.partner_change.operations.count() == 1


def test_partner_added_in_this_change_can_leave_again(draft, registration):
    action, facts = add("fresh", registration)
    steps.add_operation(draft, action, at=NOW, **facts)
    leaving = {"leaving_code": facts["partner_code"], "leaving_name": facts["partner_name"]}
    steps.add_operation(draft, Operation.Action.END_PARTNER, at=NOW, industry=facts["industry"], **leaving)
    assert draft.partner_change.operations.count() == 2


def test_removing_touches_the_draft(draft, registration):
    action, facts = add("fresh", registration)
    operation = steps.add_operation(draft, action, at=NOW, **facts)
    steps.remove_operation(operation, at=LATER)
    change = engine.load(draft.pk).partner_change
    assert (change.operations.count(), change.saved_at) == (0, LATER)


def test_nothing_changes_once_it_is_filed(submitted_case, registration):
    operation = submitted_case.partner_change.operations.get()
    action, facts = add("other", registration)
    writes = [
        lambda: steps.save(submitted_case, reason="别的", explanation="", truthful=True, at=LATER),
        lambda: steps.add_operation(submitted_case, action, at=LATER, **facts),
        lambda: steps.remove_operation(operation, at=LATER),
    ]
    for write in writes:
        with pytest.raises(Refused, match="已经提交，不能再改"):
            write()
    change = engine.load(submitted_case.pk).partner_change
    assert (change.reason, change.saved_at, change.operations.count()) == ("补充能力", NOW, 1)
