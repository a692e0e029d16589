"""What these tests share."""

from tests.conftest import PARTNERS

FRESH = {
    "industry": "smart-terminals",
    "partner_code": PARTNERS["fresh"][0],
    "partner_name": PARTNERS["fresh"][1],
}


def operations(case):
    return list(
        case.partner_change.operations.values_list("action", "partner_code", "leaving_code", "item_code")
    )
