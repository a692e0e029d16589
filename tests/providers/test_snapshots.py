import json
from typing import Any

import pytest

from providers.operations import ListOperation
from providers.snapshots import after, differences, empty, tally

BEFORE: Any = {
    "industries": [{"key": "textile", "name": "纺织服装"}, {"key": "food", "name": "食品饮料"}],
    "partners": [
        {"industry": "textile", "industry_name": "纺织服装", "code": "B", "name": "乙公司"},
        {"industry": "food", "industry_name": "食品饮料", "code": "A", "name": "甲公司"},
    ],
    "items": [{"code": "P-2", "name": "排产", "price": "10", "summary": ""}],
}


def test_no_operations_leave_the_list_as_it_was():
    assert after(BEFORE, []) == BEFORE
    assert differences(BEFORE, BEFORE) == []


def test_before_is_left_untouched():
    frozen = json.dumps(BEFORE)
    after(
        BEFORE,
        [ListOperation("end_item", item_code="P-2"), ListOperation("end_partner", "food", leaving_code="A")],
    )
    assert json.dumps(BEFORE) == frozen


def test_operations_work_on_what_the_ones_before_left():
    operations = [
        ListOperation("add_item", item_code="P-1", item_name="质检"),
        ListOperation("edit_item", item_code="P-1", item_name="质检二代", item_price="5"),
        ListOperation("end_partner", "food", leaving_code="A"),
        ListOperation("add_partner", "food", partner_code="A", partner_name="甲公司"),
    ]
    result = after(BEFORE, operations)

    assert result["items"] == [
        {"code": "P-1", "name": "质检二代", "price": "5", "summary": ""},
        {"code": "P-2", "name": "排产", "price": "10", "summary": ""},
    ]
    assert result["partners"] == BEFORE["partners"]


def test_differences_follow_the_order_of_the_industries():
    operations = [
        ListOperation("replace_partner", "food", partner_code="C", partner_name="丙公司", leaving_code="A"),
        ListOperation("add_partner", "textile", partner_code="A", partner_name="甲公司"),
        ListOperation("edit_item", item_code="P-2", item_name="排产", item_price="8"),
    ]
    rows: Any = differences(BEFORE, after(BEFORE, operations))

    assert [(row["subject"], row.get("industry_name"), row["mark"], row["code"]) for row in rows] == [
        ("partner", "纺织服装", "add", "A"),
        ("partner", "食品饮料", "end", "A"),
        ("partner", "食品饮料", "add", "C"),
        ("item", None, "edit", "P-2"),
    ]
    assert rows[0]["before"] is None
    assert rows[1]["after"] is None
    assert rows[3]["before"]["price"] == "10"
    assert rows[3]["after"]["price"] == "8"
    assert tally(rows, "") == "合作伙伴 ＋2 －1，目录 ～1"


def test_tally_of_nothing_says_so():
    assert tally([], "") == "名单无变动"


def test_snapshot_and_operation_survive_json():
    operation = ListOperation("add_partner", industry="food", partner_code="C", partner_name="丙公司")
    assert ListOperation.from_json(json.loads(json.dumps(operation.to_json()))) == operation
    assert json.loads(json.dumps(after(BEFORE, [operation]))) == after(BEFORE, [operation])
    assert after(empty(), []) == empty()


def test_unknown_action_is_refused():
    with pytest.raises(ValueError, match="rename"):
        ListOperation("rename")
